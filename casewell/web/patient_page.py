"""What a patient's page shows at one look: the cases of now, the rest folded, and the visits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, JSONObject
from django.utils.dateparse import parse_datetime

from casewell.appointments.models import Attendee
from casewell.cases.usage import Status
from casewell.patients.models import MedicalAlert
from casewell.records.models import Merge
from casewell.web.requests import key_in
from casewell.web.visit_invoices import with_invoices

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from casewell.appointments.models.attendee_queryset import AttendeeQuerySet
    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient

OPEN_SHOWN = 6
SPENT_SHOWN = 2  # full or expired, and not closed: somebody has to see to them
# How many past visits are shown at first, then on demand; from there on in pages.
STEPS = (20, 100, 500)
LATELY = timedelta(days=1)
COMING_SHOWN, COMING_MOST = 10, 200


@dataclass(frozen=True)
class CaseList:
    """A patient's cases: those of now, and those that are folded away."""

    now: list[PatientCase]
    rest: list[PatientCase]
    today: date

    def __len__(self) -> int:
        return len(self.now) + len(self.rest)

    @property
    def rest_in_words(self) -> str:
        """What is folded: “3 expired, 1 closed”."""
        counts = Counter(case.status_on(self.today) for case in self.rest)
        return ", ".join(f"{counts[s]} {s}" for s in reversed(Status) if counts[s])


def case_list(cases: Iterable[PatientCase], today: date) -> CaseList:
    """Open cases first, latest first; then what is spent but not closed; the rest is folded."""
    by_status: dict[Status, list[PatientCase]] = {status: [] for status in Status}
    for case in cases:
        by_status[case.status_on(today)].append(case)
    still_open = by_status[Status.OPEN]
    spent = sorted(
        by_status[Status.FULL] + by_status[Status.EXPIRED],
        key=lambda case: (case.expires_on is None, case.expires_on, case.pk),
        reverse=True,
    )
    return CaseList(
        now=still_open[:OPEN_SHOWN] + spent[:SPENT_SHOWN],
        rest=still_open[OPEN_SHOWN:]
        + spent[SPENT_SHOWN:]
        + by_status[Status.CLOSED]
        + by_status[Status.ARCHIVED],
        today=today,
    )


def alerts_now() -> ArraySubquery:
    """A patient's medical alerts, `{"id", "name"}` each, in the patient's own statement."""
    rows = MedicalAlert.objects.filter(patient=OuterRef("pk"), archived_at=None).order_by("id")
    return ArraySubquery(rows.values(one=JSONObject(id="pk", name="name")))


def merged_lately(now: datetime) -> Subquery:
    """The last merge into a patient that stands since yesterday, in the patient's own statement:
    its `id`, who was `called` so, and `at` which moment.
    """
    rows = Merge.objects.standing().filter(kept=OuterRef("pk"), made_at__gt=now - LATELY)
    called = Concat(F("gone__first_name"), Value(" "), F("gone__last_name"))
    return Subquery(
        rows.order_by("-id").values(one=JSONObject(id="pk", called=called, at="made_at"))[:1]
    )


def merge_of(patient: Any) -> dict[str, Any] | None:
    """What `merged_lately` found; None where nobody was, or nobody asked."""
    found: dict[str, Any] | None = getattr(patient, "merged", None)
    return found | {"at": parse_datetime(found["at"])} if found else None


def visits_of(patient: Patient, *, with_money: bool = False) -> AttendeeQuerySet:
    """A patient's visits with their places in their cases, and what a list says beside the case;
    `with_money` with their invoices.
    """
    rows = patient.attendees.filter(archived_at=None).with_position()
    rows = with_invoices(rows) if with_money else rows
    return rows.select_related(
        "booking__business", "booking__practitioner", "booking__appointment_type"
    )


def put_into_cases(visits: Iterable[Attendee], cases: Iterable[PatientCase]) -> None:
    """Give each visit its case out of the patient's `cases`, which are known already."""
    by_key = {case.pk: case for case in cases}
    for visit in visits:
        visit.case = by_key[visit.case_id] if visit.case_id else None


def counts_at(now: datetime) -> Subquery:
    """How many visits a patient has `coming`, and `past`, in the patient's own statement."""
    later = Q(booking__starts_at__gt=now)
    rows = Attendee.objects.filter(patient=OuterRef("pk"), archived_at=None).order_by()
    both = JSONObject(coming=Count("id", filter=later), past=Count("id", filter=~later))
    return Subquery(rows.values("patient").annotate(both=both).values("both"))


def counts_of(patient: Any) -> dict[str, int]:
    """What `counts_at` found; none where there are no visits."""
    return patient.visit_counts or {"coming": 0, "past": 0}


def steps_from(asked: str) -> tuple[int, int | None]:
    """How many past visits to show, and how many after that; None where pages go on.

    >>> steps_from(""), steps_from("100"), steps_from("500"), steps_from("7")
    ((20, 100), (100, 500), (500, None), (20, 100))
    """
    at = STEPS.index(key_in(asked)) if key_in(asked) in STEPS else 0
    return STEPS[at], STEPS[at + 1] if at + 1 < len(STEPS) else None


def coming_from(asked: str) -> int:
    """How many coming visits to show.

    >>> coming_from(""), coming_from("all")
    (10, 200)
    """
    return COMING_MOST if asked == "all" else COMING_SHOWN
