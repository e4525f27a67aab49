"""The e-mails of one test, read from the files that the file backend keeps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

LINK = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str
    html: str
    message: EmailMessage

    @property
    def links(self) -> list[str]:
        """Addresses in the text, in order."""
        return [link.rstrip(".,)") for link in LINK.findall(self.text)]

    def link(self, part: str) -> str:
        """The path of the one link that holds `part`, for the test client."""
        found = {link for link in self.links if part in link}
        assert len(found) == 1, f"{part!r} in {self.links}"
        return "/" + found.pop().split("/", 3)[3]


class Mailbox:
    """Iterating works the outbox first, so a test sees what a client would have received by now."""

    def __init__(self, folder: Path, run_worker: Callable[[], int]) -> None:
        self.folder, self.run_worker = folder, run_worker

    def __iter__(self) -> Iterator[Mail]:
        self.run_worker()
        files = sorted(self.folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        return iter([_read(path) for path in files])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in self if address in mail.to]

    def last(self, to: str = "") -> Mail:
        found = self.to(to)
        assert found, f"no e-mail to {to or 'anybody'}"
        return found[-1]


def _read(path: Path) -> Mail:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None, f"{path.name} has no text part"
    assert html is not None, f"{path.name} has no HTML part"
    return Mail(message["To"], message["Subject"], text.get_content(), html.get_content(), message)
