"""Where the pictures are taken: the demo on a certain Tuesday at noon, served by this process.

`python -m tests.screens.stage DATABASE PORT` loads the demo and serves until it is ended.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import time_machine

TUESDAY = date(2027, 3, 2)
NOON = datetime(2027, 3, 2, 1, 0, tzinfo=UTC)  # in Sydney


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *words: object) -> None:
        """Say nothing."""


def main(port: int) -> None:
    """Load the demo while the clock runs, then serve it with the clock at a stand."""
    import django

    django.setup()
    from casewell import demo
    from casewell.config.static_files import collect_static_files
    from tests.screens.crowded import load_crowded
    from tests.screens.crowded_money import load_crowded_money

    collect_static_files()
    from casewell.config.wsgi import application  # looks the static files up when imported

    with time_machine.travel(NOON, tick=True):
        demo.load(TUESDAY)
        load_crowded(TUESDAY)
        load_crowded_money()
        make_operator()
    with (
        time_machine.travel(NOON, tick=False),
        make_server(
            "127.0.0.1", port, application, server_class=ThreadingServer, handler_class=Quiet
        ) as server,
    ):
        server.serve_forever()


def make_operator() -> None:
    """Who looks after the installation, with an app that waits to be looked at."""
    from casewell.accounts.models import User
    from casewell.connections.models import ANYBODY, ApprovedApp
    from casewell.lib.demo_password import DEMO_PASSWORD

    name = {"first_name": "Olga", "last_name": "Perez"}
    User.objects.create_user("operator@demo.example", DEMO_PASSWORD, **name, is_operator=True)
    ApprovedApp.propose(
        ["*.rays.example.com/open", "app.rays.example.com/open?src=casewell"],
        by=ANYBODY,
        name="Rays",
        vendor="Rays Pty Ltd",
        contact="hello@rays.example",
        is_signed=True,
        note="Shows a patient's images beside the report.",
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casewell.config.settings")
    main(int(sys.argv[1]))
