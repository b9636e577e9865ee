"""What Today is asked to show: which day, where, and of whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from casewell.lib.zones import day_span
from casewell.web.views.calendar_choice import Wish, zone_in_words

if TYPE_CHECKING:
    from datetime import date, datetime

    from casewell.accounts.models import Account, Business, Practitioner
    from casewell.appointments.models.attendee_queryset import AttendeeQuerySet
    from casewell.web.requests import PracticeRequest


@dataclass(frozen=True)
class Desk:
    """Which day, where and of whom; `on` is None on the page that goes on to the next day."""

    account: Account
    offered: list[Business]
    business: Business
    on: date | None
    staff: list[Practitioner]
    wished: list[str]
    now: datetime

    @property
    def day(self) -> date:
        today: date = self.now.astimezone(self.business.zone).date()
        return self.on or today

    @property
    def is_now(self) -> bool:
        return self.day == self.now.astimezone(self.business.zone).date()

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(self.business.zone)

    @property
    def shown(self) -> list[Practitioner]:
        """Those chosen, empty for all."""
        named = [who for who in self.staff if str(who.pk) in self.wished]
        return named if len(named) < len(self.staff) else []

    @property
    def zone_name(self) -> str:
        zones = {self.account.time_zone, *(business.time_zone for business in self.offered)}
        return zone_in_words(self.business) if len(zones) > 1 else ""

    def url(self, name: str, on: date | None) -> str:
        """The address of a page of this choice on a day; without one it is today's."""
        keys = [self.account.slug, on] if on else [self.account.slug]
        asked = [("business", self.business.pk), *(("practitioner", p.pk) for p in self.shown)]
        return f"{reverse(name if on else name.replace('-day', ''), args=keys)}?{urlencode(asked)}"

    def visits(self) -> AttendeeQuerySet:
        """Those of the day, the cancelled ones too."""
        start, end = day_span(self.day, self.business.zone)
        held = self.account.attendees.filter(
            archived_at=None,
            booking__archived_at=None,
            booking__business=self.business,
            booking__starts_at__gte=start,
            booking__starts_at__lt=end,
        )
        return held.filter(booking__practitioner__in=self.shown) if self.shown else held


def desk_of(request: PracticeRequest, on: date | None) -> Desk | None:
    """None without a business. Raises Http404 for an address with one that is not there."""
    offered = list(request.account.businesses.live().order_by("id"))
    wished = Wish.of(request).businesses
    found = [business for business in offered if str(business.pk) in wished]
    if "business" in request.GET and not found:
        raise Http404
    if not offered:
        return None
    business = (found or offered)[0]
    return Desk(
        account=request.account,
        offered=offered,
        business=business,
        on=on,
        staff=list(request.account.practitioners.working_at(business)),
        wished=request.GET.getlist("practitioner"),
        now=timezone.now(),
    )
