"""A patient joins a class, or several that are to come at once; where one is full, they wait."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from casewell.appointments.class_forms import JoinForm
from casewell.appointments.models import Booking
from casewell.appointments.models.candidate import wait_for
from casewell.appointments.models.joining import join
from casewell.appointments.models.places import AlreadyInBooking, BookingFull, ClassIsOff
from casewell.appointments.ways_on import Door
from casewell.cases.look_ahead import in_short, look_ahead
from casewell.lib.errors import RuleViolation
from casewell.lib.formats import formats
from casewell.web.full_case import Stuck, pass_door
from casewell.web.requests import key_in
from casewell.web.views.new_booking import Panel

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from casewell.appointments.models import BookingQuerySet
    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient
    from casewell.web.requests import PracticeRequest

SHOWN = 30  # coming classes


@dataclass(frozen=True)
class Coming:
    """A class to come, whether it is ticked, and what it would pass in the case."""

    booking: Any
    ticked: bool
    ahead: str = ""

    @property
    def is_full(self) -> bool:
        return bool(self.booking.taken >= self.booking.max_attendees)


class Joining(Panel):
    """The forms of a patient who joins `booking`, and the other classes that they may join."""

    def __init__(self, request: PracticeRequest, booking: Booking) -> None:
        self.booking: Any = booking
        super().__init__(request)

    def _form(self, sent: QueryDict | None) -> JoinForm:
        is_full = self.booking.taken >= self.booking.max_attendees
        return JoinForm(sent, initial={"wait": is_full} | self.request.GET.dict())

    def _fill_in(self) -> None:
        """The class is what it is."""

    def value(self, name: str) -> str:
        return super().value(name) if name in self.form.fields else ""

    def sketch(self) -> Booking:
        one: Booking = self.booking
        return one

    @cached_property
    def is_inside(self) -> bool:
        """Whether the chosen patient is in the class already, and joins further ones alone."""
        patient = self.patient()
        inside = self.booking.attendees.filter(archived_at=None, patient=patient)
        return patient is not None and bool(inside.exists())

    @cached_property
    def ticked(self) -> set[int]:
        """The ids of the other classes that are wanted."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        return {key_in(key) for key in sent.getlist("also")}

    def context(self) -> dict[str, Any]:
        found = super().context()
        choices = found["cases"]
        case = next((one.case for one in choices.choices if one.chosen), None) if choices else None
        coming, line = self._coming(found["patient"], case)
        return found | {
            "booking": self.booking,
            "coming": coming,
            "ahead_in_short": line,
            "is_inside": self.is_inside,
            "is_full": self.booking.taken >= self.booking.max_attendees,
        }

    def _coming(
        self, patient: Patient | None, case: PatientCase | None
    ) -> tuple[list[Coming], str]:
        """The coming classes of the type, with what the wanted ones would pass in the case."""
        kind = self.booking.appointment_type_id
        rows = classes_with_places(self.request).filter(appointment_type=kind)
        coming = rows.live().filter(starts_at__gt=timezone.now()).exclude(pk=self.booking.pk)
        if patient:
            inside = patient.attendees.filter(booking=OuterRef("pk"), archived_at=None)
            coming = coming.exclude(Exists(inside))
        found = list(
            coming.select_related("business", "practitioner").order_by("starts_at")[:SHOWN]
        )
        wanted = [one for one in (self.booking, *found) if self._is_wanted(one)]
        wanted.sort(key=lambda one: one.local_start.date())
        days = [one.local_start.date() for one in wanted]
        prospects = look_ahead(case, days) if case else []
        words = {
            one.pk: " ".join(prospect.warnings)
            for one, prospect in zip(wanted, prospects, strict=False)
        }
        lines = [Coming(one, one.pk in self.ticked, words.get(one.pk, "")) for one in found]
        return lines, in_short(prospects) if len(prospects) > 1 else ""

    def _is_wanted(self, one: Any) -> bool:
        """Whether it would use up a session now: who waits uses up none."""
        has_place = one.taken < one.max_attendees
        here = one.pk == self.booking.pk and not self.is_inside
        return has_place and (here or one.pk in self.ticked)

    def book(self) -> int:
        """Make the patient and the case, and let them join; the class's id. Raises Stuck or
        RuleViolation.
        """
        patient = self.patient()
        if self.patient_form.is_bound:
            patient = self.patient_form.save(by=self.request.actor)
        if patient is None:
            raise RuleViolation("Choose a patient.")
        classes = self._held()
        if not classes:
            raise RuleViolation("Tick the classes that they are to join.")
        case, said = self._case_for(patient), list[str]()

        def enter(into: PatientCase | None) -> None:
            said[:] = [self._join(one, patient, into) for one in classes]

        if case is None:
            enter(None)
        elif self.case_form.is_bound:
            enter(case)
            self.letters.keep_in(case)
        else:
            with_place = sum(one.taken < one.max_attendees for one in classes)
            door = Door(
                case=case,
                enter=enter,
                start=classes[0].local_start,
                count=with_place or 1,
                without="Join without a case",
                without_means=f"It counts in no case; “{case}” stays as it is.",
            )
            pass_door(self.request, door)
        for sentence in said:
            messages.success(self.request, sentence)
        return int(self.booking.pk)

    def _held(self) -> list[Any]:
        """The classes that are wanted, each locked in order of their ids, by time."""
        here = set() if self.is_inside else {self.booking.pk}
        rows = classes_of(self.request).live().filter(pk__in=here | self.ticked)
        list(rows.order_by("id").select_for_update(no_key=True).values_list("pk"))
        counted = classes_with_places(self.request).filter(pk__in=rows.values("pk"))
        found = list(counted.select_related("account", "business").order_by("starts_at", "id"))
        if here - {one.pk for one in found}:
            raise ClassIsOff("The class is cancelled or archived: put it on again first.")
        return found

    def _join(self, one: Any, patient: Patient, case: PatientCase | None) -> str:
        """What became of it, in words. Raises RuleViolation, which names the class."""
        when = f"{formats().weekday(one.local_start)}, {formats().clock(one.local_start)}"
        try:
            if self.form.cleaned_data["wait"] and one.taken >= one.max_attendees:
                wait_for(one, patient, case, by=self.request.actor)
                return f"{patient} waits for a place on {when}."
            join(one, patient, case, by=self.request.actor)
        except (AlreadyInBooking, BookingFull, ClassIsOff) as refusal:
            raise type(refusal)(f"{when}: {refusal}") from refusal
        return f"{patient} is in the class of {when}."


def classes_of(request: PracticeRequest) -> BookingQuerySet:
    rows: BookingQuerySet = request.account.bookings.filter(kind=Booking.Kind.GROUP)
    return rows


def classes_with_places(request: PracticeRequest) -> BookingQuerySet:
    """Classes that know how many places are `taken`."""
    live = Q(attendees__cancelled_at=None, attendees__archived_at=None)
    inside = Count("attendees", filter=live & Q(attendees__isnull=False))
    return classes_of(request).annotate(taken=inside)


def joining(request: PracticeRequest, pk: int) -> HttpResponse:
    """The panel; POST lets the patient join."""
    related = ("account", "business", "practitioner", "appointment_type")
    one = get_object_or_404(classes_with_places(request).select_related(*related), pk=pk)
    panel = Joining(request, one)
    if request.method == "POST" and panel.is_valid():
        try:
            key = panel.book()
        except Stuck as stuck:
            panel.full_case = stuck.dialogue
        except RuleViolation as refusal:
            panel.refusal = str(refusal)
        else:
            return redirect("booking", request.account.slug, key)
    status = 422 if request.method == "POST" else 200
    return render(request, "bookings/join.html", panel.context(), status=status)
