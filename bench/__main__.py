"""`python3 dev.py bench`: the production server under load, next to the yardstick, in the same run."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench import desks, judging, plans
from bench.running import filled, measure
from bench.telling import table, verdicts

RESULTS = Path(__file__).resolve().parent.parent / "bench-results"


def main() -> int:
    options = _options()
    if options.desks:
        with filled("postgresql", max(options.products)) as config:
            desks.tell(desks.measure_desks(config, products=max(options.products)))
        return 0
    if options.plans:
        with filled("postgresql", min(options.products)) as config:
            desks.tell(plans.measure_plans(config, products=min(options.products)))
        return 0
    if options.judging:
        judging.tell(*judging.measure_judging())
        return 0
    runs = []
    for dialect in options.dialect:
        for products in options.products:
            print(f"\n{dialect}, {products:,} products", flush=True)
            runs.append(
                measure(dialect, products=products, seconds=options.seconds, rounds=options.rounds, only=options.only)
            )
            print(table(runs[-1]), flush=True)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_text(json.dumps(runs, indent=1))
    print("\n" + "\n".join(verdicts(runs)))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--products", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--dialect", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--seconds", type=float, default=3.0, help="for one act in one round (3)")
    parser.add_argument("--rounds", type=int, default=3, help="shop and yardstick take turns so often (3)")
    parser.add_argument("--only", nargs="+", help="list product search add purchase")
    parser.add_argument(
        "--desks",
        action="store_true",
        help="instead: every desk and account page with 200,000 orders, 100,000 credits, 1,000,000 rows of each ledger",
    )
    parser.add_argument("--plans", action="store_true", help="instead: files, builder and queue with 50,000 plans")
    parser.add_argument("--judging", action="store_true", help="instead: 1,472 products judged for 50 clients")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
