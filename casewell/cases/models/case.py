"""The patient case: a named series of one patient's treatments, which guards its own limit."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q

from casewell.accounts.models import LimitAction
from casewell.cases.models.amounts import AmountLimited
from casewell.cases.models.caps import passed_caps
from casewell.cases.models.case_queryset import COUNTED, PatientCaseManager
from casewell.cases.models.closing import Closable
from casewell.cases.models.errors import CapReached, CaseClosed, CaseExpired, CaseFull, WrongPatient
from casewell.cases.models.fullness import tell_full
from casewell.cases.models.programme import Programme
from casewell.cases.models.referral import ReferralParticulars
from casewell.cases.reasons import reason_for
from casewell.cases.terms import local_date
from casewell.cases.usage import Status, Usage, status_of, uses_a_session
from casewell.lib.words import words_of
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.indexes import ARCHIVED, by_time
from casewell.tenancy.locking import one_held
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date


class PatientCase(ReferralParticulars, AmountLimited, Closable):
    """A referral, an injury, a cycle, a pack of classes: with its limit, dates and papers."""

    account = AccountField(related_name="patient_cases")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="cases")
    name = models.CharField(max_length=255)
    programme = TenantForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    discipline = models.CharField(max_length=100, blank=True)
    predecessor = TenantForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        together=("patient",),
    )
    max_sessions = models.PositiveIntegerField(
        "maximum sessions",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )
    sessions_elsewhere = models.PositiveSmallIntegerField(
        "sessions used elsewhere", default=0, validators=[MaxValueValidator(200)]
    )
    elsewhere_source = models.CharField("who said so", max_length=255, blank=True)
    elsewhere_checked_on = models.DateField("checked on", null=True, blank=True)
    limit_action = models.CharField("when full", max_length=5, choices=LimitAction, blank=True)
    include_cancelled_attendees = models.BooleanField("cancelled appointments count", default=False)
    include_dna_attendees = models.BooleanField("did-not-arrives count", default=False)
    issue_date = models.DateField(null=True, blank=True)
    expiry_date = models.DateField(null=True, blank=True)

    objects: ClassVar[PatientCaseManager] = PatientCaseManager()  # type: ignore[type-arg]

    # Only on cases of `with_usage()`; `usage`, `limit` and `expires_on` are always there.
    sessions_counted: int
    sessions_used: int
    session_limit: int | None
    first_visit_on: date | None
    ends_on: date | None

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "patient", "id"], name="cases_of_patient"),
            models.Index(fields=["account", "contact", "id"], name="cases_of_referrer"),
            models.Index(fields=["account", "payer", "id"], name="cases_of_payer"),
            models.Index(fields=["account", "expiry_date", "id"], name="cases_by_expiry"),
            models.Index(fields=["account", "programme", "patient"], name="cases_of_programme"),
            models.Index(fields=["account", "predecessor", "id"], name="successors_of_case"),
            *by_time(
                "cases", "created_at", "updated_at", "issue_date", seldom=("closed_at", *ARCHIVED)
            ),
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
        self._count()
        return Usage(
            self.sessions_counted, self.sessions_used, self.session_limit, self.sessions_elsewhere
        )

    @property
    def expires_on(self) -> date | None:
        """The last day, from approvals, from what was typed, or from the programme's clock."""
        if not hasattr(self, "ends_on"):
            self._count()
        return self.ends_on

    @property
    def limit(self) -> int | None:
        """The sessions that it has, from approvals or as typed; None without a limit."""
        if not hasattr(self, "session_limit"):
            self._count()
        return self.session_limit

    @property
    def awaits_first_visit(self) -> bool:
        """Whether the first visit will start its clock, and there is none yet (C30)."""
        programme = self.programme
        return self.expires_on is None and programme is not None and programme.starts_at_visit

    @property
    def is_end_given(self) -> bool:
        """Whether the last day was written down, and no clock decides it."""
        return (
            bool(self.expiry_date)
            or self.approvals.filter(archived_at=None, until__isnull=False).exists()
        )

    def _count(self) -> None:
        if hasattr(self, "sessions_counted"):
            return
        counted = type(self).objects.with_usage().get(pk=self.pk)
        for name in COUNTED:
            setattr(self, name, getattr(counted, name))

    def status_on(self, today: date) -> Status:
        """The one word for this case on that date of the practice."""
        return status_of(
            archived=self.archived_at is not None,
            closed=self.closed_at is not None,
            expiry_date=self.expires_on,
            usage=self.usage,
            today=today,
        )

    def reason_on(self, today: date) -> str:
        """Why the status is what it is, as a short sentence without a full stop."""
        return reason_for(self, self.status_on(today))

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
        rows = type(self).objects.select_for_update(of=("self",), no_key=True)
        if self.programme and self.programme.cap_action == LimitAction.BLOCK:
            # A cap is shared by all of these: whoever adds to one holds them all, in one order.
            sharing = rows.filter(patient=self.patient_id, programme__code=self.programme.code)
            list(sharing.order_by("id").values_list("pk"))
        return one_held(rows.select_related("account", "programme", "patient"), self.pk)

    @contextmanager
    def admitting(self) -> Iterator[PatientCase]:
        """Hold this case while attendees come to count in it; undo them if it overfills.

        The row stays locked to the end, so two receptionists cannot both take the last session.
        Leaving an overused case as it is, or emptier, is no offence. Raises CaseFull, CapReached
        or CaseExpired after the block.
        """
        with transaction.atomic():
            case = self.held()
            before, caps, late = case.usage, passed_caps(case), case._blocked_as_late()
            yield case
            after = type(self).objects.with_usage().get(pk=self.pk).usage
            if after.counted > before.counted and after.is_overused and case.blocks_when_full:
                raise CaseFull(
                    f"All {after.limit} sessions of “{case.name}” are allocated. "
                    "Choose another case, or book without one."
                )
            for period, counted in passed_caps(case).items():
                if counted > caps.get(period, 0):
                    raise CapReached(
                        f"{case.programme} grants no more sessions in {period.name}. "
                        "Book without the case, or in another period."
                    )
            if case._blocked_as_late() > late:
                raise CaseExpired(
                    f"“{case.name}” is expired by then. Choose another case, or book without one."
                )
            if after.is_full and not before.is_full:
                tell_full(case)

    @property
    def blocks_by_date(self) -> bool:
        """Whether a visit that is only moved may be refused: at a cap, or past the expiry."""
        capped = self.programme is not None and self.programme.cap_action == LimitAction.BLOCK
        return capped or self.account.case_expiry_action == LimitAction.BLOCK

    def _blocked_as_late(self) -> int:
        """How many visits count after the last day, where the practice blocks there."""
        if self.account.case_expiry_action != LimitAction.BLOCK:
            return 0
        late = Q(local_day__gt=F("ends_on"))
        visits = type(self).objects.with_terms().filter(uses_a_session("attendees__", ""))
        days = visits.annotate(local_day=local_date("attendees__booking__"))
        return days.filter(late, pk=self.pk, attendees__isnull=False).count()

    def refuse_unless_open_to(self, patient: Patient) -> None:
        """Raise CaseClosed or WrongPatient where a visit of `patient` cannot join at all."""
        self.refuse_another_patient(patient.pk)
        if self.archived_at or self.closed_at:
            word = "archived" if self.archived_at else "closed"
            raise CaseClosed(f"“{self.name}” is {word}. Choose another case, or none.")

    def refuse_another_patient(self, patient_id: int) -> None:
        """Raise WrongPatient where this is not a case of that patient."""
        if self.patient_id != patient_id:
            raise WrongPatient(f"“{self.name}” is a case of another patient.")


def the_one_that_fits(cases: Iterable[PatientCase], day: date) -> PatientCase | None:
    """The case to preselect for a visit on `day`: the only one that fits, else None."""
    fitting = [case for case in cases if case.fits_on(day)]
    return fitting[0] if len(fitting) == 1 else None
