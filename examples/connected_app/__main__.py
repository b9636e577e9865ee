"""Start the app: `./run`, or `python -m connected_app` from the folder above."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from .server import Server
from .settings import Settings
from .store import PASSWORD, PEOPLE
from .web import create_app

HERE = Path(__file__).resolve().parent


def main() -> None:
    asked = _parser().parse_args()
    if bool(asked.certificate) != bool(asked.key):
        sys.exit("--certificate and --key belong together: PEM files for https.")
    certificate = (asked.certificate, asked.key) if asked.certificate else None
    settings = Settings(
        folder=asked.data,
        hosts=tuple(name.lower() for name in asked.host_name) or (f"localhost:{asked.port}",),
        scheme="https" if certificate else "http",
        casewell=asked.casewell.rstrip("/"),
        api=asked.api.rstrip("/"),
        api_key=asked.api_key,
        jwks=asked.jwks,
        signed_only=asked.signed_only,
    )
    server = Server(asked.listen, asked.port, create_app(settings), certificate)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _say(settings)
    server.serve_forever()


def _say(settings: Settings) -> None:
    for host in settings.hosts:
        print(f"Stride is at {settings.scheme}://{host}")
        print(f"  its address to register in Casewell: {settings.launch_address(host)}")
    for email, name in PEOPLE:
        print(f"  sign in as {email} ({name}), password {PASSWORD}")
    print(f"  Casewell is at {settings.casewell}", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("run", description="Stride, an app connected to Casewell.")
    add = parser.add_argument
    add("--port", type=int, default=5050)
    add("--listen", default="127.0.0.1", help="the network address to listen at")
    add(
        "--host-name",
        action="append",
        default=[],
        help="a name people use, with its port unless 80 or 443; repeatable (localhost:PORT)",
    )
    said = os.environ.get
    casewell = said("CASEWELL", "http://localhost:8000")
    add("--casewell", default=casewell, help="the installation's address ($CASEWELL)")
    key = said("CASEWELL_API_KEY", "")  # not on the command line, which other users can see
    add("--api-key", default=key, help="a key of Casewell's API ($CASEWELL_API_KEY)")
    api = said("CASEWELL_API", "")
    add("--api", default=api, help="the API's address ($CASEWELL_API, else CASEWELL/v1)")
    add("--jwks", default="", help="the public keys (CASEWELL/.well-known/jwks.json)")
    add("--signed-only", action="store_true", help="refuse launches without a token")
    add("--certificate", type=Path, help="serve https with this PEM file")
    add("--key", type=Path, help="the certificate's private key")
    add("--data", type=Path, default=HERE / "data", help="where its SQLite file lies")
    return parser


if __name__ == "__main__":
    main()
