"""One line of JSON per request and per event worth knowing; route patterns instead of paths, never a person's words."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from secrets import token_hex
from time import perf_counter
from typing import Any

from flask import Flask, Response, g, has_request_context, request

logger = logging.getLogger("shop")
_write = json.JSONEncoder(ensure_ascii=False, default=str).encode


class JsonLines(logging.Formatter):
    """Control characters in a value cannot begin a second line: JSON escapes them."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if has_request_context():
            line["request"] = g.get("request_id")
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = self.formatException(record.exc_info)
        return _write(line)


def note(event: str, **facts: Any) -> None:
    """Log one event with plain facts: ids and kinds, never names, addresses, answers or tokens."""
    logger.info(event, extra={"facts": facts})


def attach(app: Flask) -> None:
    """JSON lines to standard error; a request id on every request and answer."""
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    app.logger.handlers = logger.handlers
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = token_hex(8)
    g.began = perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "-")
    route = request.url_rule.rule if request.url_rule else "(no route)"
    if not route.startswith("/assets/"):
        milliseconds = round((perf_counter() - g.get("began", perf_counter())) * 1000, 1)
        facts = {"method": request.method, "route": route, "status": response.status_code, "ms": milliseconds}
        logger.info("request", extra={"facts": facts})
    return response
