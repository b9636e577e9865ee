"""Questions about many cases: what is used, what is left, until when."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.aggregates import JSONBAgg
from django.db import models
from django.db.models import Case, Count, F, Max, Min, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from casewell.cases.search import SearchedCaseQuerySet
from casewell.cases.terms import ClockEnd, JSONBBuildArray, local_date
from casewell.cases.usage import Status, uses_a_session
from casewell.tenancy.models import TenantManager

if TYPE_CHECKING:
    from datetime import date, datetime

    from casewell.cases.models.case import PatientCase  # noqa: F401 - named in an annotation

NOTHING = Decimal("0.00")
APPROVED = Q(approvals__archived_at=None)
# What `with_usage()` annotates.
COUNTED = ("sessions_counted", "sessions_used", "session_limit", "first_visit_on", "ends_on")


class PatientCaseQuerySet(SearchedCaseQuerySet["PatientCase"]):
    def live(self) -> Self:
        return self.filter(archived_at=None)

    def unclosed(self) -> Self:
        """Neither closed nor archived; perhaps expired or full."""
        return self.live().filter(closed_at=None)

    def unexpired_on(self, day: date) -> Self:
        return self.with_terms().filter(Q(ends_on=None) | Q(ends_on__gte=day))

    def expired_on(self, day: date) -> Self:
        return self.with_terms().filter(ends_on__lt=day)

    def with_terms(self) -> Self:
        """Annotate `session_limit`, `first_visit_on` and `ends_on` (the expiry); None where open.

        Approvals decide where there are any, then what was typed, then the programme's clock.
        """
        visits = uses_a_session("attendees__", "")
        first = self._one("first", Min(local_date("attendees__booking__"), filter=visits))
        return self.annotate(first_visit_on=first)._with_ends()

    def _with_ends(self) -> Self:
        """Annotate `ends_on`, where `first_visit_on` is known, and `session_limit`."""
        return self.with_approvals().annotate(ends_on=Coalesce(F("given_end"), self._clock_end()))

    def with_approvals(self) -> Self:
        """Annotate `session_limit` and `given_end`: what was approved, else what was typed."""
        granted = self._one("granted", Sum("approvals__sessions", filter=APPROVED))
        until = self._one("until", Max("approvals__until", filter=APPROVED))
        # Most cases have none, which one hash of those that have some tells.
        approvals = self.model._meta.get_field("approvals").related_model.objects  # type: ignore[union-attr]
        some = Q(pk__in=approvals.filter(archived_at=None).values("case"))
        number: models.IntegerField[int, int] = models.IntegerField()
        day: models.DateField[date, date] = models.DateField()
        limit = Case(When(some, then=granted), default=None, output_field=number)
        last = Case(When(some, then=until), default=None, output_field=day)
        return self.annotate(
            session_limit=Coalesce(limit, F("max_sessions"), output_field=number),
            given_end=Coalesce(last, F("expiry_date"), output_field=day),
        )

    def with_usage(self, now: datetime | None = None) -> Self:
        """`with_terms`, and `sessions_counted` and, of these, `sessions_used`: started by `now`."""
        counts = uses_a_session("attendees__", "")
        started = counts & Q(attendees__starts_at__lte=now or timezone.now())
        return self.with_terms().annotate(
            sessions_counted=self._one("n", Count("attendees", filter=counts)),
            sessions_used=self._one("n", Count("attendees", filter=started)),
        )

    def with_amounts(self) -> Self:
        """Annotate `amount_limit`, approved or typed, None where open, and `amount_used`: what
        standing invoices of its visits come to; a credit takes away.
        """
        granted = self._one("granted_amount", Sum("approvals__amount", filter=APPROVED))
        standing = Q(attendees__invoices__voided_at=None)
        invoiced = Sum("attendees__invoices__total_amount", filter=standing)
        amount: models.DecimalField[Decimal, Decimal] = models.DecimalField(
            max_digits=14, decimal_places=2
        )
        return self.annotate(
            amount_limit=Coalesce(granted, F("max_invoiceable_amount"), output_field=amount),
            amount_used=Coalesce(self._one("invoiced", invoiced), NOTHING, output_field=amount),
        )

    def with_last_visit(self) -> Self:
        """Annotate `last_visit_at` and `last_visit_on`: of the latest that counts, even to come."""
        visits = uses_a_session("attendees__", "")
        last = Max("attendees__starts_at", filter=visits)
        day = Max(local_date("attendees__booking__"), filter=visits)
        return self.annotate(
            last_visit_at=self._one("at", last), last_visit_on=self._one("day", day)
        )

    def with_status(self, today: Any, now: Any = None) -> Self:
        """`with_usage`, and `status`: `usage.status_of` in SQL, on that date of the practice."""
        allocated = F("sessions_counted") + F("sessions_elsewhere")
        facts = [
            (Status.ARCHIVED, Q(archived_at__isnull=False)),
            (Status.CLOSED, Q(closed_at__isnull=False)),
            (Status.EXPIRED, Q(ends_on__lt=today)),
            (Status.FULL, Q(session_limit__lte=allocated)),
        ]
        words = [When(holds, then=Value(status.value)) for status, holds in facts]
        kind: models.CharField[str, str] = models.CharField()
        status = Case(*words, default=Value(Status.OPEN.value), output_field=kind)
        return self.with_usage(now).annotate(status=status)

    def with_visits_counted(self) -> Self:
        """One row for each visit that counts, joined as `attendees`."""
        return self.filter(uses_a_session("attendees__", ""), attendees__isnull=False)

    def with_cap_visits(self) -> Self:
        """Annotate `cap_visits`: all that counts of the patient under the same programme, each as
        `[day, discipline of its case]`; None where the programme has no cap. For `cap_uses`.
        """
        sharing = self.model.objects.filter(
            patient=OuterRef("patient"), programme__code=OuterRef("programme__code")
        )
        visits = sharing.with_visits_counted().order_by().values("patient")
        pair = JSONBBuildArray(local_date("attendees__booking__"), "discipline")
        each = Subquery(visits.annotate(each=JSONBAgg(pair)).values("each"))
        has_cap = Q(programme__isnull=False) & ~Q(programme__cap_period="")
        kind: models.JSONField[Any, Any] = models.JSONField()
        return self.annotate(
            cap_visits=Case(When(has_cap, then=each), default=None, output_field=kind)
        )

    def full(self) -> Self:
        return self.with_usage().filter(
            session_limit__lte=F("sessions_counted") + F("sessions_elsewhere")
        )

    def _one(self, name: str, aggregate: Any) -> Subquery:
        # A subquery of its own for each case, so that a page of a list counts that page alone.
        one = self.model.objects.filter(pk=OuterRef("pk")).values("pk")
        return Subquery(one.annotate(**{name: aggregate}).values(name))

    def _clock_end(self) -> Case:
        """The programme's clock as SQL; `periods.clock_end` is the same in Python."""
        anchors = ("issue_date", "plan_date", "injury_date")
        starts: list[Any] = [When(programme__clock_anchor=a, then=F(a)) for a in anchors]
        starts.append(When(programme__clock_anchor="first_session", then=F("first_visit_on")))
        runs = Q(programme__clock_months__isnull=False) | Q(programme__clock_days__isnull=False)
        months, days = (Coalesce(F(f"programme__clock_{unit}"), 0) for unit in ("months", "days"))
        end = ClockEnd(Case(*starts, default=None, output_field=models.DateField()), months, days)
        return Case(When(runs, then=end), default=None, output_field=models.DateField())


PatientCaseManager = TenantManager.from_queryset(PatientCaseQuerySet)
