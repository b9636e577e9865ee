"""When the demo practice is loaded: never beside a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell import demo
from casewell.accounts.models import Account, User
from casewell.config.installation import Refused
from casewell.config.schema import measure_tables
from casewell.lib.terminal import say

if TYPE_CHECKING:
    from casewell.config.installation import Installation

SIGN_INS = ("admin@demo.example", "reception@demo.example", "physio@demo.example")


def load_demo() -> None:
    """Load the demo practices, all or nothing. Raises Refused where there are accounts."""
    if Account.objects.exists():
        raise Refused("There are accounts in this database, so the demo stays out of it.")
    say("Loading the demo practice …")
    demo.load()
    measure_tables()


def load_demo_at_first_start(found: Installation, wanted: bool | None) -> None:
    """Load it where it is `wanted` (--demo, --no-demo), or unasked at an embedded first start."""
    started = found.data / "started"
    first = found.is_embedded and not started.exists()
    if (first if wanted is None else wanted) and not Account.objects.exists():
        load_demo()
    started.touch()


def demo_is_there() -> bool:
    """Whether its users can sign in."""
    return User.objects.filter(email__in=SIGN_INS, is_active=True).count() == len(SIGN_INS)
