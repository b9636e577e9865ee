"""A receiver of webhooks: it keeps what it is sent, and answers as it is told."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from standardwebhooks import Webhook

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Call:
    """A call as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> dict[str, Any]:
        """What it says, where the library finds it to be signed with the secret."""
        said: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return said


class Receiver(ThreadingHTTPServer):
    """`answers` are used up in their order, the last one for good; a number of seconds waits."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: list[int | float | bytes] = [200]
        self.location = ""
        self.let_go = threading.Event()
        super().__init__(("127.0.0.1", 0), Conversation)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_address[1]}/hook?from=casewell"

    def handle_error(self, *_: Any) -> None:
        """Callers hang up when they have heard enough."""


class Conversation(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): text for name, text in self.headers.items()}
        self.server.calls.append(Call(self.path, headers, body))
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, bytes):
            self._drip(answer)
        elif isinstance(answer, float):
            self.server.let_go.wait(answer)
            self._answer(200)
        else:
            self._answer(answer)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def _drip(self, answer: bytes) -> None:
        """Send bytes that are no whole answer, again and again."""
        for _ in range(1000):
            self.wfile.write(answer)
            self.wfile.flush()
            time.sleep(0.005 if len(answer) < 1000 else 0)
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on this machine, until the block ends."""
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.let_go.set()
            server.shutdown()
