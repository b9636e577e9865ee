"""Other software that the demo's practice opens from its patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from casewell.connections.models import ApprovedApp, Decider

if TYPE_CHECKING:
    from casewell.accounts.models import Account

BY = Decider(name="the demo")
# A name that nobody can register; Stride is the app of examples/connected_app.
PATTERN = "https://*.stride.example.com/patients"
ON_THIS_MACHINE = "http://localhost:5050/patients"  # where that app runs


def connect_apps(account: Account) -> None:
    """Approve one app, wait for another's approval, and give the practice a button."""
    local = settings.APP_ALLOWANCES.localhost
    stride = ApprovedApp.propose(
        [PATTERN, *([ON_THIS_MACHINE] if local else [])],
        by=BY,
        name="Stride",
        vendor="Stride Exercises Pty Ltd",
        contact="integrations@stride.example.com",
        is_signed=True,
        note="Exercise programmes. The app of examples/connected_app.",
    )
    stride.approve(by=BY, why="An example")
    ApprovedApp.propose(
        ["https://scans.example.com/open"],
        by=BY,
        name="Clearview Imaging",
        vendor="Clearview Imaging",
        contact="it@clearview.example.com",
    )
    account.connected_apps.create(
        name="Stride exercises",
        url=ON_THIS_MACHINE if local else "https://hillside.stride.example.com/patients",
    )
