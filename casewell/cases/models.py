"""The patient case: a named series of one patient's treatments, which guards its own limit."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from casewell.accounts.models import LimitAction
from casewell.audit.models import recorded
from casewell.cases.search import SearchedCaseQuerySet
from casewell.cases.usage import Status, Usage, status_of, uses_a_session
from casewell.contacts.models import Contact
from casewell.lib.errors import RuleViolation
from casewell.lib.formats import formats
from casewell.lib.words import words_of
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel
from casewell.tenancy.search import SearchWord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from casewell.audit.actors import Actor


class CaseClosed(RuleViolation):
    """Nothing more can join a case that is closed or archived."""

    code = "case_closed"


class CaseFull(RuleViolation):
    """All sessions of the case are allocated, and it blocks at its limit."""

    code = "case_full"


class WrongPatient(RuleViolation):
    """An attendee can only be in a case of the same patient."""

    code = "wrong_patient"


class PatientCaseQuerySet(SearchedCaseQuerySet["PatientCase"]):
    def live(self) -> Self:
        return self.filter(archived_at=None)

    def unclosed(self) -> Self:
        """Neither closed nor archived; perhaps expired or full."""
        return self.live().filter(closed_at=None)

    def unexpired_on(self, day: date) -> Self:
        return self.filter(Q(expiry_date=None) | Q(expiry_date__gte=day))

    def with_usage(self, now: datetime | None = None) -> Self:
        """Annotate `sessions_counted` and, of these, `sessions_used`: started by `now`."""
        counts = uses_a_session("attendees__", "")
        started = counts & Q(attendees__booking__starts_at__lte=now or timezone.now())
        return self.annotate(
            sessions_counted=self._count_of(counts), sessions_used=self._count_of(started)
        )

    def full(self) -> Self:
        return self.with_usage().filter(sessions_counted__gte=F("max_sessions"))

    def _count_of(self, condition: Q) -> Subquery:
        # A subquery of its own for each case, so that a page of a list counts that page alone.
        one = self.model.objects.filter(pk=OuterRef("pk")).values("pk")
        return Subquery(one.annotate(n=Count("attendees", filter=condition)).values("n"))


PatientCaseManager = TenantManager.from_queryset(PatientCaseQuerySet)


class PatientCase(TenantModel):
    """A referral, an injury, a cycle, a pack of classes: with its limit, dates and papers."""

    class ReferralType(models.TextChoices):
        MEDICARE = "medicare", "Medicare"
        DVA = "dva", "DVA"
        WORKERS_COMPENSATION = "workers_compensation", "Workers compensation"
        NDIS = "ndis", "NDIS"
        INSURER = "insurer", "Insurer"
        OTHER = "other", "Other"

    class ReferralPeriod(models.TextChoices):
        STANDARD = "standard", "Standard"
        MONTHS = "months", "Number of months"
        INDEFINITE = "indefinite", "Indefinite"

    account = AccountField(related_name="patient_cases")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="cases")
    name = models.CharField(max_length=255)
    max_sessions = models.PositiveIntegerField(
        "maximum sessions",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )
    max_invoiceable_amount = models.DecimalField(
        "maximum invoiceable amount",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0.01)],
    )
    limit_action = models.CharField("when full", max_length=5, choices=LimitAction, blank=True)
    include_cancelled_attendees = models.BooleanField("cancelled appointments count", default=False)
    include_dna_attendees = models.BooleanField("did-not-arrives count", default=False)
    issue_date = models.DateField(null=True, blank=True)
    expiry_date = models.DateField(null=True, blank=True)
    referral = models.BooleanField("there is a referral", default=False)
    referral_type = models.CharField(max_length=20, choices=ReferralType, blank=True)
    contact = TenantForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referred_cases",
        verbose_name="referrer",
    )
    referral_period = models.CharField(max_length=10, choices=ReferralPeriod, blank=True)
    referral_period_months = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    plan_date = models.DateField("plan or last review date", null=True, blank=True)
    condition = models.CharField(max_length=255, blank=True)
    notes = models.TextField(blank=True)
    payer = TenantForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="paid_cases"
    )
    claim_number = models.CharField("claim or authorisation number", max_length=100, blank=True)
    injury_date = models.DateField(null=True, blank=True)
    employer = models.CharField(max_length=255, blank=True)
    case_manager = models.CharField(max_length=255, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closed_reason = models.CharField(max_length=255, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PatientCaseManager] = PatientCaseManager()  # type: ignore[type-arg]

    # Only on cases of `with_usage()`.
    sessions_counted: int
    sessions_used: int

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "patient", "id"], name="cases_of_patient"),
            models.Index(fields=["account", "contact", "id"], name="cases_of_referrer"),
            models.Index(fields=["account", "payer", "id"], name="cases_of_payer"),
            models.Index(fields=["account", "expiry_date", "id"], name="cases_by_expiry"),
        ]
        constraints: ClassVar = [
            # What an attendee's composite key refers to: no case of another patient.
            models.UniqueConstraint(fields=["account", "id", "patient"], name="case_of_patient"),
            models.CheckConstraint(
                condition=Q(max_sessions=None) | Q(max_sessions__gte=1), name="limit_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def search_words(self) -> set[str]:
        """All by which this case is found, beside its patient."""
        return words_of(self.name, self.claim_number)

    @property
    def usage(self) -> Usage:
        """What the count says, from `with_usage()` or by one query."""
        if not hasattr(self, "sessions_counted"):
            counted = type(self).objects.with_usage().get(pk=self.pk)
            self.sessions_counted = counted.sessions_counted
            self.sessions_used = counted.sessions_used
        return Usage(self.sessions_counted, self.sessions_used, self.max_sessions)

    def status_on(self, today: date) -> Status:
        """The one word for this case on that date of the practice."""
        return status_of(
            archived=self.archived_at is not None,
            closed=self.closed_at is not None,
            expiry_date=self.expiry_date,
            usage=self.usage,
            today=today,
        )

    def reason_on(self, today: date) -> str:
        """Why the status is what it is, as a short sentence without a full stop."""
        left = self.usage.left
        reasons = {
            Status.ARCHIVED: f"archived on {_date(self.archived_at)}",
            Status.CLOSED: " ".join(
                part for part in (f"closed on {_date(self.closed_at)}", self.closed_reason) if part
            ),
            Status.EXPIRED: f"expired on {_date(self.expiry_date)}",
            Status.FULL: f"all {self.max_sessions} sessions are allocated",
            Status.OPEN: "no limit" if left is None else f"{left} left",
        }
        return reasons[self.status_on(today)]

    def fits_on(self, day: date) -> bool:
        """Whether a visit on that date may join: open, unexpired then, room left."""
        return self.status_on(day) is Status.OPEN

    @property
    def blocks_when_full(self) -> bool:
        """The case's own word or, where it has none, the practice's."""
        return (self.limit_action or self.account.case_limit_action) == LimitAction.BLOCK

    def held(self) -> PatientCase:
        """This case, read anew and locked to the end of the transaction."""
        # NO KEY: the foreign keys of attendees may still be checked against the row.
        rows = type(self).objects.select_related("account")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=self.pk)

    @contextmanager
    def admitting(self) -> Iterator[PatientCase]:
        """Hold this case while attendees come to count in it; undo them if it overfills.

        The row stays locked to the end, so two receptionists cannot both take the last session.
        Leaving an overused case as it is, or emptier, is no offence. Raises CaseFull after the
        block.
        """
        with transaction.atomic():
            case = self.held()
            before = case.usage.counted
            yield case
            after = self._counted_anew()
            if after > before and after > (case.max_sessions or after) and case.blocks_when_full:
                raise CaseFull(
                    f"All {case.max_sessions} sessions of “{case.name}” are allocated. "
                    "Choose another case, or book without one."
                )

    def _counted_anew(self) -> int:
        return type(self).objects.with_usage().get(pk=self.pk).sessions_counted

    def refuse_unless_open_to(self, patient: Patient) -> None:
        """Raise CaseClosed or WrongPatient where a visit of `patient` cannot join at all."""
        if self.patient_id != patient.pk:
            raise WrongPatient(f"“{self.name}” is a case of another patient.")
        if self.archived_at or self.closed_at:
            word = "archived" if self.archived_at else "closed"
            raise CaseClosed(f"“{self.name}” is {word}. Choose another case, or none.")

    def close(self, reason: str = "", *, by: Actor) -> None:
        """Say that no more visits will join."""
        with recorded(self, "closed", by=by):
            self.closed_at = timezone.now()
            self.closed_by = by.member.user if by.member else None
            self.closed_reason = reason
            self.save(update_fields=["closed_at", "closed_by", "closed_reason", "updated_at"])

    def reopen(self, *, by: Actor) -> None:
        """Undo `close`."""
        with recorded(self, "reopened", by=by):
            self.closed_at, self.closed_by, self.closed_reason = None, None, ""
            self.save(update_fields=["closed_at", "closed_by", "closed_reason", "updated_at"])

    def archive(self, *, by: Actor) -> None:
        """Take this case out of lists and choices; its attendees stay linked."""
        self._set_archived_at(timezone.now(), "archived", by)

    def restore(self, *, by: Actor) -> None:
        """Undo `archive`."""
        self._set_archived_at(None, "restored", by)

    def _set_archived_at(self, moment: datetime | None, verb: str, by: Actor) -> None:
        with recorded(self, verb, by=by):
            self.archived_at = moment
            self.save(update_fields=["archived_at", "updated_at"])


class CaseWord(SearchWord):
    """A word by which a case is found."""

    account = AccountField(related_name="case_words")
    record = TenantForeignKey(PatientCase, models.CASCADE, related_name="words")

    class Meta(SearchWord.Meta):
        abstract = False
        indexes: ClassVar = SearchWord.indexes("case")


def the_one_that_fits(cases: Iterable[PatientCase], day: date) -> PatientCase | None:
    """The case to preselect for a visit on `day`: the only one that fits, else None."""
    fitting = [case for case in cases if case.fits_on(day)]
    return fitting[0] if len(fitting) == 1 else None


def _date(moment: date | None) -> str:
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return formats().day(local) if local else ""
