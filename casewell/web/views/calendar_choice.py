"""What the calendar is asked to show: a day or a week, where, and of whom.

The address says it, whole where it says `view`; else what was shown last, kept in a cookie.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse

from casewell.accounts.practice import WEEKDAYS
from casewell.accounts.roles import Permission
from casewell.availability.hours import hours_at, with_hours
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from casewell.accounts.models import Account, Business, Practitioner
    from casewell.availability.hours import Hours
    from casewell.web.requests import PracticeRequest

DAY, WEEK = "day", "week"
A_WEEK = timedelta(days=7)
KEPT = "calendar"
KEPT_FOR = timedelta(days=365)


@dataclass(frozen=True)
class Wish:
    """Keys as they were asked for, trusted in nothing."""

    view: str
    businesses: list[str]
    of_the_day: list[str]
    of_the_week: list[str]

    @classmethod
    def of(cls, request: PracticeRequest) -> Wish:
        kept, asked = QueryDict(request.COOKIES.get(KEPT, "")), request.GET
        whole = "view" in asked
        view = WEEK if (asked if whole else kept).get("view") == WEEK else DAY
        named = {name: kept.getlist(name) for name in (DAY, WEEK)}
        if whole:
            named[view] = asked.getlist("practitioner")
        return cls(
            view=view,
            businesses=asked.getlist("business") or kept.getlist("business"),
            of_the_day=named[DAY],
            of_the_week=named[WEEK],
        )

    def practitioners(self, view: str) -> list[str]:
        return self.of_the_week if view == WEEK else self.of_the_day


@dataclass(frozen=True)
class Choice:
    """`businesses` share a time zone; `shown` are the practitioners asked for.

    Of a day, none means all of them; a week is one person's, unless others are asked for.
    """

    view: str
    day: date
    account: Account
    offered: list[Business]
    businesses: list[Business]
    staff: dict[int, Practitioner]
    hours: dict[int, list[Hours]]  # of each of them, at those businesses where they work
    shown: list[int]
    wish: Wish
    sees_money: bool = False

    @property
    def business(self) -> Business:
        return self.businesses[0]

    @property
    def key(self) -> tuple[object, ...]:
        """What makes one choice another, among those of a practice in which nothing changes."""
        places = [business.pk for business in self.businesses]
        named = [self._named(view) for view in (DAY, WEEK)]
        return (self.view, self.days, places, named, self.sees_money)

    @cached_property
    def days(self) -> list[date]:
        if self.view == DAY:
            return [self.day]
        first = self.day - timedelta(days=(self.day.weekday() - self.account.week_start) % 7)
        return [first + timedelta(days=away) for away in range(7)]

    @property
    def title(self) -> str:
        if self.view == DAY:
            return formats().weekday(self.day)
        return formats().span(self.days[0], self.days[-1])

    def moved(self, steps: int) -> date:
        """The day that many days or weeks from here."""
        return self.day + timedelta(days=steps * len(self.days))

    @property
    def is_closed(self) -> bool:
        """Whether a single day is shown, on which nothing is open and nobody is there."""
        if self.view != DAY:
            return False
        there = (one for hours in self.hours.values() for one in hours)
        doors = any(opening(b, self.day) for b in self.businesses)
        return not doors and not any(one.clock_spans(self.day) for one in there)

    @cached_property
    def place_names(self) -> dict[int, str]:
        return {business.pk: str(business) for business in self.businesses}

    @property
    def zone_name(self) -> str:
        """As in “Sydney time”; empty where all the practice goes by the same clocks."""
        zones = {self.account.time_zone, *(business.time_zone for business in self.offered)}
        return zone_in_words(self.business) if len(zones) > 1 else ""

    def query(self, view: str = "", practitioners: Sequence[object] | None = None) -> str:
        """The address's query for the same choice, perhaps in another view or of other people."""
        view = view or self.view
        named = self._named(view) if practitioners is None else practitioners
        keys = [("view", view), *(("business", business.pk) for business in self.businesses)]
        return urlencode([*keys, *(("practitioner", key) for key in named)])

    def _named(self, view: str) -> Sequence[object]:
        return self.shown if view == self.view else self.wish.practitioners(view)

    def url(self, name: str, day: date | None = None, view: str = "") -> str:
        return f"{reverse(name, args=[self.account.slug, day or self.day])}?{self.query(view)}"

    def alone(self, practitioner: int) -> str:
        """The address of the same time with that practitioner alone."""
        here = reverse("calendar-day", args=[self.account.slug, self.day])
        return f"{here}?{self.query(practitioners=[practitioner])}"

    def keep(self, response: HttpResponse) -> None:
        """Have it shown again where the address says nothing."""
        keys: list[tuple[str, object]] = [("view", self.view)]
        keys += [("business", business.pk) for business in self.businesses]
        keys += [(view, key) for view in (DAY, WEEK) for key in self._named(view)]
        _keep(response, self.account, urlencode(keys))


def keep_business(request: PracticeRequest, response: HttpResponse, business: Business) -> None:
    """Have that business shown wherever an address names none."""
    kept = QueryDict(request.COOKIES.get(KEPT, ""), mutable=True)
    kept["business"] = str(business.pk)
    _keep(response, request.account, kept.urlencode())


def _keep(response: HttpResponse, account: Account, words: str) -> None:
    response.set_cookie(
        KEPT,
        words,
        max_age=KEPT_FOR,
        path=f"/{account.slug}/",
        httponly=True,
        samesite="Lax",
    )


def chosen(request: PracticeRequest, on: date | None) -> Choice | None:
    """What to show, the business's own today without a day; None without a business.

    Raises Http404 for an address with a business that is not there.
    """
    wish, offered = Wish.of(request), list(request.account.businesses.live().order_by("id"))
    if not offered:
        return None
    businesses = _together(offered, wish, strictly="business" in request.GET)
    day = on or businesses[0].today()
    staff, hours = _staff(request, businesses, day)
    return Choice(
        view=wish.view,
        day=day,
        account=request.account,
        offered=offered,
        businesses=businesses,
        staff=staff,
        hours=hours,
        shown=_shown(request, wish, staff),
        wish=wish,
        sees_money=request.member.may(Permission.SEE_INVOICES),
    )


def _together(offered: list[Business], wish: Wish, *, strictly: bool) -> list[Business]:
    """Those asked for that go by the clocks of the first of them."""
    known = {str(business.pk): business for business in offered}
    if strictly and not set(wish.businesses) <= set(known):
        raise Http404
    asked = [business for business in offered if str(business.pk) in wish.businesses]
    first = known.get(next(iter(wish.businesses), ""), (asked or offered)[0])
    return [b for b in asked or [first] if b.time_zone == first.time_zone]


def _staff(
    request: PracticeRequest, businesses: list[Business], day: date
) -> tuple[dict[int, Practitioner], dict[int, list[Hours]]]:
    """Who works at one of them, and at which of them when, around that day."""
    links = request.account.practitioner_businesses.filter(
        business__in=businesses, practitioner__active=True
    )
    known = {business.pk: business for business in businesses}
    staff: dict[int, Practitioner] = {}
    hours: dict[int, list[Hours]] = {}
    in_order = ("practitioner__last_name", "practitioner__first_name", "practitioner_id", "id")
    for link in with_hours(links, day - A_WEEK, day + A_WEEK).order_by(*in_order):
        link.business = known[link.business_id]
        staff[link.practitioner_id] = link.practitioner
        hours.setdefault(link.practitioner_id, []).append(hours_at(link))
    return staff, hours


def _shown(request: PracticeRequest, wish: Wish, staff: dict[int, Practitioner]) -> list[int]:
    asked = [key for key in staff if str(key) in wish.practitioners(wish.view)]
    if wish.view == DAY:
        return asked if len(asked) < len(staff) else []
    own = [key for key, who in staff.items() if who.user_id == request.user.pk]
    return asked or (own or list(staff))[:1]


def opening(business: Business, day: date) -> list[list[str]]:
    """The times at which that business is open on that day."""
    spans: list[list[str]] = business.opening_hours.get(WEEKDAYS[day.weekday()], [])
    return spans


def zone_in_words(business: Business) -> str:
    """The place that gives a time zone its name, as in “Sydney time”."""
    return f"{business.time_zone.rpartition('/')[2].replace('_', ' ')} time"
