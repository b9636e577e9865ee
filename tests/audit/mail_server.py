"""A mail server that keeps what it is sent, and refuses whom it is told to."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    """`refusals` is the answer to a recipient; `received` the messages in their order."""

    daemon_threads = True

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}
        super().__init__(("127.0.0.1", 0), Conversation)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as `smtplib` speaks."""

    server: MailServer

    def handle(self) -> None:
        self.say("220 ready")
        for line in self.rfile:
            word = line.decode().strip().upper()
            if word.startswith("RCPT"):
                whom = line.decode().partition("<")[2].partition(">")[0]
                self.say(self.server.refusals.get(whom, "250 fine"))
            elif word == "DATA":
                self.say("354 go on")
                self.take()
                self.say("250 kept")
            else:
                self.say("221 bye" if word == "QUIT" else "250 fine")

    def take(self) -> None:
        lines: list[bytes] = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line)
        parsed: Any = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.received.append(parsed)

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server on this machine, until the block ends."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
