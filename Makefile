.PHONY: run test slow e2e lint bench reset
run test e2e lint bench reset:
	python3 dev.py $@
slow:
	python3 dev.py test --slow
