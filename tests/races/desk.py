"""Receptionists' clients, signed in over HTTP, and the crowd that acts at one moment."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Self, TypeVar

import httpx

from casewell.lib.demo_password import DEMO_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

AnswerT = TypeVar("AnswerT")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Desk:
    """A client of the demo's receptionist, or of somebody else and elsewhere, signed in."""

    def __init__(
        self,
        address: str,
        user: str = "reception@demo.example",
        password: str = DEMO_PASSWORD,
        slug: str = "demo",
    ) -> None:
        self.slug = slug
        self.http = httpx.Client(base_url=address, timeout=60)
        form = {"login": user, "password": password}
        try:
            answer = self.send("/sign-in/", form, shown_at="/sign-in/")
            assert answer.status_code == 302, answer.text[:3000]
            self.token = self.token_of(f"/{slug}/patients/new")
        except BaseException:
            self.http.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def token_of(self, page: str) -> str:
        found = TOKEN.search(self.http.get(page).text)
        assert found is not None
        return found[1]

    def send(self, url: str, form: dict[str, str], shown_at: str = "") -> httpx.Response:
        token = self.token_of(shown_at) if shown_at else self.token
        return self.http.post(url, data=form | {"csrfmiddlewaretoken": token})

    def made(self, url: str, form: dict[str, str]) -> str:
        """The id of what a form made."""
        answer = self.send(url, form)
        assert answer.status_code == 302, answer.text[:3000]
        return answer.headers["Location"].rsplit("/", 1)[1]


def choices_of(desk: Desk, kind: str = "") -> dict[str, str]:
    """The first practitioner and business that the panel offers, and the first type, or that of
    the name `kind`.
    """
    page = desk.http.get(f"/{desk.slug}/bookings/new").text
    found = {}
    for name in ("practitioner", "business", "appointment_type"):
        select = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
        assert select is not None
        named = kind if name == "appointment_type" else ""
        found[name] = re.findall(rf'value="(\d+)"[^>]*>\s*{named}', select[0])[0]
    return found


def at_once(desk: Desk, clients: int, act: Callable[[httpx.Client, int], AnswerT]) -> list[AnswerT]:
    """What `clients`, each with a connection of its own, are answered at the same moment."""
    barrier = Barrier(clients)

    def one(number: int) -> AnswerT:
        with httpx.Client(
            base_url=desk.http.base_url, cookies=desk.http.cookies, timeout=60
        ) as http:
            http.get("/health")  # the connection is there before the start
            barrier.wait()
            return act(http, number)

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, range(clients)))
