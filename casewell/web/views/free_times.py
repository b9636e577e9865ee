"""The panel's free times: where a visit fits next, day by day, with one practitioner or anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse

from casewell.appointments.free_times import FreeTime, free_times, gaps_in, offering
from casewell.lib.days import is_plausible
from casewell.web.booking_proposal import whole_minutes
from casewell.web.requests import key_in, moment_in

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.accounts.models import Business, Practitioner
    from casewell.web.requests import PracticeRequest

AHEAD = timedelta(days=55)
SHOWN = 5  # days with free times at once
A_DAY = timedelta(days=1)
ASKED = ("patient", "appointment_type", "practitioner", "business", "minutes", "with")


@dataclass(frozen=True)
class FreeDay:
    """The free times of one day, with the addresses that book them."""

    day: date
    times: list[tuple[FreeTime, str]]


class Search:
    """What is asked: how long, where, with whom, from which day on."""

    def __init__(self, request: PracticeRequest) -> None:
        self.request, self.asked = request, request.GET
        self.business = self._business()
        kinds = request.account.appointment_types.live()
        self.kind = kinds.filter(pk=key_in(self.asked.get("appointment_type"))).first()
        usual = self.kind.duration_in_minutes if self.kind else ""
        self.minutes = whole_minutes(self.asked.get("minutes") or usual)
        self.anybody = self.asked.get("with") == "anybody"

    def _business(self) -> Business | None:
        rows = self.request.account.businesses.live()
        found: Business | None = rows.filter(pk=key_in(self.asked.get("business"))).first()
        return found

    @property
    def first(self) -> date:
        """The day from which it looks: none that is over."""
        today: date = self.business.today() if self.business else self.request.account.today()
        asked = self.asked.get("from") or self.asked.get("date", "")
        wanted = moment_in(f"{asked}T00:00")
        return max(today, wanted.date()) if wanted and is_plausible(wanted.date()) else today

    def found(self) -> list[FreeTime]:
        """The free times of eight weeks; one statement."""
        places = self.request.account.practitioner_businesses.filter(
            business=self.business, practitioner__active=True
        )
        if not self.anybody:
            places = places.filter(practitioner=key_in(self.asked.get("practitioner")))
        elif self.kind:
            places = offering(places, self.kind)
        in_order = places.order_by("practitioner__last_name", "practitioner__first_name", "id")
        gaps = gaps_in(in_order, self.first, self.first + AHEAD)
        return free_times(gaps, timedelta(minutes=self.minutes))

    def days(self) -> list[FreeDay]:
        """Those days that have free times, the first few and one more."""
        by_day = groupby(self.found(), key=lambda one: one.starts_at.date())
        days = []
        for day, times in by_day:
            days.append(FreeDay(day, [(one, self._book(one)) for one in times]))
            if len(days) > SHOWN:
                break
        return days

    def _book(self, one: FreeTime) -> str:
        """The panel with that time, for who has no scripts."""
        known = {name: self.asked.get(name, "") for name in ("patient", "appointment_type")}
        said = known | {
            "start": f"{one.starts_at:%Y-%m-%dT%H:%M}",
            "fold": one.starts_at.fold or "",
            "practitioner": one.practitioners[0].pk,
            "business": self.business.pk if self.business else "",
            "minutes": self.minutes,
        }
        here = reverse("booking-new", args=[self.request.account.slug])
        return f"{here}?{urlencode({n: v for n, v in said.items() if v})}"

    def url(self, **changed: Any) -> str:
        """The same search otherwise."""
        kept = {name: self.asked[name] for name in ASKED if self.asked.get(name)}
        said = kept | {"from": self.first.isoformat()} | changed
        here = reverse("free-times", args=[self.request.account.slug])
        return f"{here}?{urlencode(said)}"


def free(request: PracticeRequest) -> HttpResponse:
    """A few days with free times, from the day that is asked for on."""
    search = Search(request)
    days = search.days() if search.business else []
    context: dict[str, Any] = {
        "search": search,
        "days": days[:SHOWN],
        "who": _who(search),
        "one_url": search.url(**{"with": "one"}),
        "anybody_url": search.url(**{"with": "anybody"}),
        "earlier_url": _earlier(search),
        "later_url": search.url(**{"from": days[SHOWN].day}) if len(days) > SHOWN else "",
        "until": search.first + AHEAD,
    }
    return render(request, "bookings/free_times.html", context)


def _who(search: Search) -> Practitioner | None:
    rows = search.request.account.practitioners.active()
    found: Practitioner | None = rows.filter(pk=key_in(search.asked.get("practitioner"))).first()
    return found


def _earlier(search: Search) -> str:
    today = search.business.today() if search.business else search.first
    before = max(today, search.first - SHOWN * A_DAY)
    return search.url(**{"from": before}) if search.first > today else ""
