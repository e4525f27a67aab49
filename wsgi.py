"""The shop as a WSGI application, for `flask --app wsgi`; `python -m wsgi` serves it."""

import gc

gc.disable()  # what a starting shop makes stays for good: looking through it for rubbish took a fifth of the start

from shop import create_app  # noqa: E402

app = create_app()
gc.enable()

if __name__ == "__main__":
    from shop.serving import serve

    serve(app)
