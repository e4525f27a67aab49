"""A visitor over a raw socket: keeps its connection and its cookies, and costs next to nothing itself."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    body: bytes

    @property
    def token(self) -> str:
        """What the first form of the page would send along."""
        found = TOKEN.search(self.body)
        if found is None:
            raise RuntimeError("a page that should hold a form has no csrf_token")
        return found[1].decode()


class Connection:
    """One visitor; `kept` is a place for whoever drives it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.start_anew()
        self._connect()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_broken: object) -> None:
        self.socket.close()

    def start_anew(self) -> None:
        """Become somebody the shop has never seen."""
        self.cookies: dict[str, str] = {}
        self.kept: dict[str, str] = {}
        self.adds = 0

    def _connect(self) -> None:
        self.socket = socket.create_connection(self.address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"")

    def post(self, path: str, form: dict[str, str], **headers: str) -> Answer:
        return self._ask("POST", path, urlencode(form).encode(), **headers)

    def _ask(self, method: str, path: str, body: bytes, **headers: str) -> Answer:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.address[0]}:{self.address[1]}"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        answer = self._read()
        self.cookies |= answer.cookies
        return answer

    def _read(self) -> Answer:
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, _, rest = self.buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        cookies: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                key, _, held = value.partition(";")[0].partition("=")
                cookies[key] = held
            headers[name.lower()] = value
        length = int(headers.get("content-length", 0))
        self.buffer = rest
        while len(self.buffer) < length:
            self._more()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        if headers.get("connection") == "close":
            self.socket.close()
            self._connect()
        return Answer(int(first.split(" ", 2)[1]), headers, cookies, body)

    def _more(self) -> None:
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed the connection")
        self.buffer += part
