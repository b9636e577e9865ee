"""A small server for one machine, with or without TLS. Behind real traffic, use a real one."""

from __future__ import annotations

import ssl
import sys
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

SECONDS = 30


class Line(WSGIRequestHandler):
    """One line a request, without its query: that names patients and carries tokens."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        path = getattr(self, "path", "-").partition("?")[0]
        headers = getattr(self, "headers", None)
        referrer = headers.get("Referer", "-") if headers else "-"
        line = f"{self.command or '-'} {path} {code} from {referrer}"
        print(line.translate(self._control_char_table), file=sys.stderr, flush=True)


class Server(ThreadedWSGIServer):
    """Each connection's handshake in its own thread, so that an idle one holds up nobody."""

    def __init__(self, host: str, port: int, app: Flask, certificate: tuple[Path, Path] | None):
        super().__init__(host, port, app, Line)
        if certificate:
            self.ssl_context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.ssl_context.load_cert_chain(*certificate)

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(SECONDS)
        if self.ssl_context is None:
            super().finish_request(request, client_address)
            return
        try:
            with self.ssl_context.wrap_socket(request, server_side=True) as secure:
                super().finish_request(secure, client_address)
        except OSError:
            return  # the browser went away, or does not trust the certificate
