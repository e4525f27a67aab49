"""Letters leave over TLS wherever the server speaks it, and a password never travels in the clear."""

from __future__ import annotations

import smtplib
import socketserver
import ssl
import threading
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from shop.core import mail
from tests.support.certificates import certificate


class Server(socketserver.ThreadingTCPServer):
    """Speaks as much of SMTP as one letter needs, and remembers what was said to it."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, *, offers: tuple[str, ...], folder) -> None:
        self.offers, self.folder, self.heard = offers, folder, []
        super().__init__(("127.0.0.1", 0), Talk)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_who) -> None:
        pass


class Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            word = line.split()[0].upper()
            self.server.heard.append(word)
            if word == "EHLO":
                lines = ["localhost", *self.server.offers]
                for text in lines[:-1]:
                    self.say(f"250-{text}")
                self.say(f"250 {lines[-1]}")
            elif word == "STARTTLS":
                self.say("220 go on")
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate(self.server.folder))
                self.connection = context.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
            elif word == "DATA":
                self.say("354 go on")
                while self.rfile.readline().strip() != b".":
                    pass
                self.say("250 kept")
            else:
                self.say("235 fine" if word == "AUTH" else "221 bye" if word == "QUIT" else "250 fine")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def server(tmp_path):
    made = []

    def start(*offers):
        made.append(Server(offers=offers, folder=tmp_path))
        return made[-1]

    yield start
    for one in made:
        one.shutdown()
        one.server_close()


def post(server, *, host="127.0.0.1", who="") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "Hello"
    message.set_content("Hello.")
    mail._post(message, urlsplit(f"smtp://{who}{host}:{server.server_address[1]}"))


def test_a_server_on_this_machine_without_tls_takes_the_letter(server):
    plain = server("8BITMIME")
    post(plain)
    assert plain.heard[:3] == ["EHLO", "MAIL", "RCPT"]
    assert "DATA" in plain.heard


def test_a_server_that_offers_tls_is_asked_for_it_and_must_prove_its_name(server):
    offering = server("STARTTLS", "AUTH PLAIN")
    with pytest.raises(ssl.SSLCertVerificationError):
        post(offering, host="localhost", who="user:secret@")
    assert offering.heard == ["EHLO", "STARTTLS"]


def test_a_password_stays_here_where_the_server_offers_no_tls(server, monkeypatch):
    stripped = server("AUTH PLAIN")
    reached = smtplib.SMTP.connect
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda self, host, port, *rest: reached(self, "127.0.0.1", port, *rest))
    with pytest.raises(smtplib.SMTPNotSupportedError, match="no STARTTLS"):
        post(stripped, host="relay.example.com", who="user:secret@")
    assert "AUTH" not in stripped.heard
    assert "MAIL" not in stripped.heard
