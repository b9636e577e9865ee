"""The operator's pages: nobody else finds them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from casewell.accounts.roles import Role
from casewell.web.routes import OPERATOR
from tests.web.walls import NEVER, permission_of, routes
from tests.world import signed_in

if TYPE_CHECKING:
    from tests.world import Practice

OPERATORS = sorted(route for route, entry in routes() if permission_of(entry) == OPERATOR)


def filled(route: str) -> str:
    return "/" + re.sub(r"<int:\w+>", str(NEVER), route)


@pytest.mark.parametrize("route", OPERATORS)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_the_operators_pages_are_to_everybody_else_as_if_there_were_none(
    northside: Practice, route: str, method: str
) -> None:
    for role in Role:
        northside.account.admit(northside.member.user, role=role)
        answer = getattr(signed_in(northside.member), method)(filled(route))
        assert answer.status_code == 404, f"{role} {route}"
    nobody = getattr(Client(), method)(filled(route))
    assert nobody.status_code == 302
    assert nobody.headers["Location"].startswith("/sign-in/")
