"""Signing in and staying so: who is let in, what is said, when a session ends, and the way back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.test import Client
from django.utils import timezone

from casewell.accounts.models import User
from tests.web.pages import SLUG
from tests.world import PASSWORD, signed_in

if TYPE_CHECKING:
    from tests.world import Practice


def test_a_form_that_was_sent_after_the_session_leads_back_to_its_page(
    northside: Practice,
) -> None:
    page = f"{SLUG}/patients/{northside.ada.pk}"
    senders = [f"http://testserver{page}?page=2", "https://elsewhere.example/x"]

    ways = [
        Client().post(f"{page}/alerts", {"name": "Latex"}, headers={"referer": sender})
        for sender in senders
    ]

    assert [answer.headers["Location"] for answer in ways] == [
        f"/sign-in/?next={page}%3Fpage%3D2",
        f"/sign-in/?next={page}/alerts",
    ]


def test_a_session_ends_when_it_is_not_used_and_a_poll_is_no_use(
    northside: Practice, desk: Client
) -> None:
    url = f"/northside/calendar/2026-03-03/bookings?business={northside.business.pk}"
    session = desk.session
    session["started"] = session["seen"] = int(timezone.now().timestamp()) - 50 * 60
    session.save()

    desk.get(url)
    assert desk.session["seen"] == session["seen"]
    desk.get("/northside/")
    assert desk.session["seen"] > session["seen"]

    session["seen"] -= 20 * 60
    session.save()
    assert desk.get("/northside/").headers["Location"].startswith("/sign-in/")


def test_a_disabled_user_and_a_former_member_are_let_in_nowhere(northside: Practice) -> None:
    client = signed_in(northside.member)
    northside.member.active = False
    northside.member.save()
    assert client.get("/northside/").status_code == 404

    User.objects.filter(pk=northside.member.user_id).update(is_active=False)
    assert client.get("/northside/").status_code == 302


def test_the_demos_password_is_refused_from_afar(northside: Practice) -> None:
    user = northside.member.user
    user.set_password("casewell-demo")
    user.save()
    form = {"login": user.email, "password": "casewell-demo"}

    far = Client(REMOTE_ADDR="203.0.113.9").post("/sign-in/", form)
    near = Client(SERVER_NAME="localhost").post("/sign-in/", form)

    assert b"on the machine itself only" in far.content
    assert near.status_code == 302


def test_sign_in_says_the_same_of_an_unknown_user_and_a_wrong_password(
    northside: Practice,
) -> None:
    wrong = {"login": northside.member.user.email, "password": PASSWORD + "!"}
    unknown = {"login": "nobody@northside.example", "password": PASSWORD}

    answers = [Client(SERVER_NAME="localhost").post("/sign-in/", form) for form in (wrong, unknown)]

    said = [re.search(rb'role="alert".*?</div>', a.content, re.DOTALL) for a in answers]
    assert said[0] is not None
    assert said[1] is not None
    assert said[0][0] == said[1][0]
