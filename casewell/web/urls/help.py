"""Addresses of the help, each guide its own."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.guides import GUIDES
from casewell.web.routes import page
from casewell.web.views import help as helps

HELP = [
    page("help", helps.home, may=May.SEE_CALENDAR, name="help"),
    *(
        page(
            f"help/{guide.name}",
            helps.page_of_guide(guide),
            may=May.SEE_CALENDAR,
            name=f"help-{guide.name}",
        )
        for guide in GUIDES
    ),
]
