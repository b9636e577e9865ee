"""A programme: a funder's rules as data, in versions, each practice's own copy."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from casewell.accounts.models import Account, LimitAction
from casewell.audit.models import recorded
from casewell.cases.periods import PeriodKind
from casewell.tenancy.fields import AccountField
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from casewell.audit.actors import Actor

SHIPPED = Path(__file__).resolve().parents[1] / "funding_programmes.json"


class ReferralType(models.TextChoices):
    """Whose referral; the values are those of the API's contract."""

    MEDICARE = "medicare", "Medicare"
    DVA = "dva", "DVA"
    WORKERS_COMPENSATION = "workers_compensation", "Workers compensation"
    NDIS = "ndis", "NDIS"
    INSURER = "insurer", "Insurer"
    OTHER = "other", "Other"


class ProgrammeQuerySet(TenantQuerySet["Programme"]):
    def current(self) -> Self:
        """Those that new cases can be made under: no former versions, none archived."""
        return self.filter(archived_at=None).order_by("name", "id")


ProgrammeManager = TenantManager.from_queryset(ProgrammeQuerySet)


class Programme(TenantModel):
    """A named set of rules with its source. A case keeps the version that it was made under."""

    class Anchor(models.TextChoices):
        ISSUE_DATE = "issue_date", "Issue date"
        FIRST_SESSION = "first_session", "First visit"
        PLAN_DATE = "plan_date", "Plan or last review"
        INJURY_DATE = "injury_date", "Injury date"

    class Cap(models.TextChoices):
        CALENDAR_YEAR = PeriodKind.CALENDAR_YEAR, "Calendar year"
        PLAN_YEAR = PeriodKind.PLAN_YEAR, "12 months from the plan"
        FUNDING_PERIOD = PeriodKind.FUNDING_PERIOD, "Funding period"

    account = AccountField(related_name="programmes")
    code = models.CharField(max_length=100)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=255)
    country_code = models.CharField(max_length=2, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    referral_type = models.CharField(max_length=20, choices=ReferralType, blank=True)
    sessions_per_case = models.PositiveSmallIntegerField(null=True, blank=True)
    sessions_by_discipline = models.JSONField(default=dict, blank=True)
    cap_period = models.CharField("cap counts over", max_length=20, choices=Cap, blank=True)
    cap_months = models.PositiveSmallIntegerField("months of a funding period", default=3)
    cap_sessions = models.PositiveSmallIntegerField("sessions a period", null=True, blank=True)
    cap_sessions_first_nations = models.PositiveSmallIntegerField(
        "sessions a period, First Nations patients", null=True, blank=True
    )
    cap_by_discipline = models.JSONField(default=dict, blank=True)
    cap_action = models.CharField(
        "over the cap", max_length=5, choices=LimitAction, default=LimitAction.WARN
    )
    clock_anchor = models.CharField("clock starts at", max_length=15, choices=Anchor, blank=True)
    clock_months = models.PositiveSmallIntegerField(null=True, blank=True)
    clock_days = models.PositiveSmallIntegerField(null=True, blank=True)
    include_cancelled_attendees = models.BooleanField("cancelled appointments count", default=False)
    include_dna_attendees = models.BooleanField("did-not-arrives count", default=False)
    limit_action = models.CharField("when full", max_length=5, choices=LimitAction, blank=True)
    duties = models.JSONField(default=list, blank=True)
    letter_must_contain = models.JSONField(default=list, blank=True)
    notes = models.TextField(blank=True)
    unconfirmed = models.JSONField(default=list, blank=True)
    source = models.TextField(blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ProgrammeManager] = ProgrammeManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "code", "version"], name="programme_version_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def starts_at_visit(self) -> bool:
        """Whether a clock runs out, and the first visit starts it."""
        runs = self.clock_months is not None or self.clock_days is not None
        return runs and self.clock_anchor == self.Anchor.FIRST_SESSION

    def revise(self, *, by: Actor) -> Programme:
        """Store what was changed as a new version; cases of the former one keep theirs."""
        former = type(self).objects.select_for_update(no_key=True).get(pk=self.pk)
        with recorded(former, "superseded", by=by):
            former.archived_at = timezone.now()
            former.save(update_fields=["archived_at", "updated_at"])
        versions = type(self).objects.filter(code=self.code)
        latest = versions.aggregate(latest=models.Max("version"))["latest"]
        values = {f.name: getattr(self, f.name) for f in self._meta.local_fields}
        for name in ("id", "created_at", "updated_at", "archived_at"):
            values.pop(name)
        newer = type(self)(**(values | {"version": latest + 1}))
        with recorded(newer, "created", by=by):
            newer.save(force_insert=True)
        return newer

    @classmethod
    def hold(cls, account: Account) -> None:
        """Have nobody else add programmes to the practice until the transaction ends.

        Raises TransactionManagementError outside of one.
        """
        # NO KEY: bookings and the like, which refer to the practice, go on.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)

    @classmethod
    def adopt(cls, account: Account, code: str, *, by: Actor) -> Programme:
        """The practice's current copy of a shipped programme, made where there is none yet.

        Of two who adopt it at once, the second gets what the first made. Inside a transaction, as
        practices' pages and jobs are. Raises KeyError for a code that is not shipped.
        """
        cls.hold(account)
        own = cls.objects.current().filter(code=code).first()
        if own is not None:
            return own
        copy = cls.draft(account, code)
        copy.version = cls.objects.filter(code=code).count() + 1
        with recorded(copy, "created", by=by):
            copy.save(force_insert=True)
        return copy

    @classmethod
    def draft(cls, account: Account, code: str) -> Programme:
        """A shipped programme as the practice's copy would be, not stored. Raises KeyError."""
        return cls(account=account, **_columns(shipped_programmes()[code]))

    def sessions_for(self, discipline: str) -> int | None:
        """Sessions of a case of that discipline; None where the programme sets none."""
        own: dict[str, int] = self.sessions_by_discipline
        return own.get(discipline.strip().lower(), self.sessions_per_case)


@cache
def shipped_programmes() -> dict[str, dict[str, Any]]:
    """The rules that come with Casewell, by code, as in `funding_programmes.json`."""
    found = json.loads(SHIPPED.read_text(encoding="utf-8"))["programmes"]
    return {programme["code"]: programme for programme in found}


def _columns(shipped: dict[str, Any]) -> dict[str, Any]:
    """A shipped programme as a row; what no source settled stays empty."""
    cap, clock = shipped.get("period_cap") or {}, shipped.get("clock") or {}
    since = shipped.get("valid_from")
    return {
        "code": shipped["code"],
        "name": shipped["name"],
        "country_code": shipped["country"] or "",
        "valid_from": date.fromisoformat(since) if since else None,
        "referral_type": shipped["referral_type"] or "",
        "sessions_per_case": shipped["sessions_per_case"],
        "sessions_by_discipline": shipped.get("sessions_by_discipline", {}),
        "cap_period": cap.get("period", ""),
        "cap_months": cap.get("default_months", 3),
        "cap_sessions": cap.get("sessions"),
        "cap_sessions_first_nations": cap.get("sessions_first_nations"),
        "cap_by_discipline": cap.get("sessions_by_discipline", {}),
        "clock_anchor": clock.get("anchor", ""),
        "clock_months": clock.get("months"),
        "clock_days": clock.get("days"),
        "include_cancelled_attendees": bool(shipped.get("count_cancelled")),
        "include_dna_attendees": bool(shipped.get("count_did_not_arrive")),
        "duties": shipped.get("duties", []),
        "letter_must_contain": shipped.get("letter_must_contain", []),
        "notes": shipped.get("notes", ""),
        "unconfirmed": shipped.get("unconfirmed", []),
        "source": shipped["source"],
    }
