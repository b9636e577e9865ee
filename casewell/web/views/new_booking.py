"""Booking: a new appointment, with a new patient or a new case made on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from casewell.accounts.roles import Permission
from casewell.appointments.forms import BookingForm, TimeForm
from casewell.appointments.models import Booking
from casewell.cases.models import PatientCase
from casewell.cases.quick_form import QuickCaseForm
from casewell.lib.errors import RuleViolation
from casewell.lib.fields import ChoiceOfFew
from casewell.patients.forms import QuickPatientForm
from casewell.patients.models import Patient
from casewell.web.booking_proposal import Around, given_in, whole_minutes
from casewell.web.case_choices import NEW, NONE, choices_for
from casewell.web.clashes import unseen
from casewell.web.forms import prepared
from casewell.web.full_case import FullCase, Stuck, pass_door
from casewell.web.letters import Letters
from casewell.web.patient_card import PatientCard, alert_names, card_of
from casewell.web.recalled import note_recall, recall_asked
from casewell.web.repeat_dates import LOOK, Repeats, Wanted
from casewell.web.requests import key_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms import ModelChoiceField
    from django.http import HttpResponse, QueryDict

    from casewell.accounts.models import Practitioner
    from casewell.appointments.models import Clash
    from casewell.web.case_choices import CaseChoices
    from casewell.web.repeat_dates import Dates
    from casewell.web.requests import PracticeRequest


class Panel:
    """The forms of one new appointment and what they show: cases to choose from, clashes."""

    def __init__(self, request: PracticeRequest) -> None:
        self.request = request
        sent = request.POST if request.method == "POST" else None
        self._refuse_what_one_may_not_make()
        self.form = prepared(self._form(sent), request)
        known = cast("ModelChoiceField[Patient]", self.form.fields["patient"])
        known.queryset = Patient.objects.live().annotate(alert_names=alert_names("pk"))
        self._fill_in()
        wants_patient = bool(sent and sent.get("new_patient") == "yes")
        self.patient_form = QuickPatientForm(
            sent if wants_patient else None,
            instance=Patient(account=request.account),
            prefix="patient_new",
        )
        self.case_form = prepared(self._case_form(), request)
        self.letters = Letters(request)
        self.repeats = Repeats(request)
        self.dates: Dates | None = None
        self.refusal = ""
        self.full_case: FullCase | None = None

    def _form(self, sent: QueryDict | None) -> Any:
        return BookingForm(sent, initial=given_in(self.request))

    def _refuse_what_one_may_not_make(self) -> None:
        """Who may book may not for that reason make patients and cases."""
        sent, member = self.request.POST, self.request.member
        makes = {
            Permission.EDIT_PATIENTS: sent.get("new_patient") == "yes",
            Permission.EDIT_CASES: sent.get("case") == NEW or bool(self.request.FILES),
        }
        for permission, asked in makes.items():
            if asked and not member.may(permission):
                raise PermissionDenied(permission.label)

    def _case_form(self) -> QuickCaseForm:
        sent = self.request.POST if self.request.POST.get("case") == NEW else None
        proposed = {"contact": self._referring_doctor()}
        blank = PatientCase(account=self.request.account)
        return QuickCaseForm(sent, instance=blank, prefix="case_new", initial=proposed)

    def _referring_doctor(self) -> int | None:
        patient = self.patient()
        return patient.referring_doctor_id if patient else None

    def _fill_in(self) -> None:
        """Propose the first of each short list, and the type's own length."""
        initial = self.form.initial
        for name in ("appointment_type", "business", "practitioner"):
            if name == "practitioner":
                self._ask_around()
            if not initial.get(name):
                initial[name] = next((row.pk for row in self._rows(name)), None)
        kind = str(initial["appointment_type"])
        # A length that was drawn in the calendar holds for whatever type is proposed.
        if initial.get("length_of", kind if initial.get("minutes") else "") != kind:
            lengths = {str(t.pk): t.duration_in_minutes for t in self._rows("appointment_type")}
            initial["minutes"] = lengths.get(kind)
        if not self.around.is_given:
            minutes, who = whole_minutes(initial.get("minutes")), str(initial["practitioner"])
            chosen = next((row for row in self._rows("practitioner") if str(row.pk) == who), None)
            initial.update(self.around.next_start(chosen, minutes))
        self.form.draw_fold()

    def _ask_around(self) -> None:
        # Not the bound fields' values: these keep what they began with, and it is not all there.
        said = self.form.data if self.form.is_bound else self.form.initial
        self.around = Around(self._rows("business"), said)
        field = cast("ModelChoiceField[Practitioner]", self.form.fields["practitioner"])
        field.queryset = self.around.asked_of(field.queryset)

    def _rows(self, name: str) -> Iterable[Any]:
        field = self.form.fields[name]
        return field.queryset or () if isinstance(field, ChoiceOfFew) else ()

    def value(self, name: str) -> str:
        """What the field holds now, as text."""
        return str(self.form[name].value() or "")

    def patient(self) -> Patient | None:
        """The patient chosen so far."""
        widget = self.form.fields["patient"].widget
        chosen: Patient | None = widget.chosen(self.value("patient"))
        return chosen

    def context(self) -> dict[str, Any]:
        """All that the panel's page shows."""
        patient, sketch, dates, cases = self.look()
        return {
            "form": self.form,
            "patient_form": self.patient_form,
            "case_form": self.case_form,
            "letters": self.letters,
            "refusal": self.refusal,
            "full_case": self.full_case,
            "patient": patient,
            "card": self._card(),
            "cases": cases,
            "chosen": self.chosen(patient),
            "type_now": self.value("appointment_type"),
            "recall": recall_asked(self.request),
            "clashes": self._clashes(sketch, patient, dates),
            "sketch": sketch,
            "repeat_form": self.repeats.form,
            "dates": dates,
        }

    def look(self) -> tuple[Patient | None, Booking | None, Dates | None, CaseChoices | None]:
        """Whom it is for, the booking as far as it is given, its repeats, the patient's cases."""
        patient, sketch = self.patient(), self.sketch()
        dates = self.repeats.dates(sketch, patient) if sketch else None
        if patient is None:
            return None, sketch, dates, None
        day = sketch.local_start.date() if sketch else self.request.account.today()
        ahead_of = dates.look_ahead if dates and dates.lines else None
        kind = key_in(self.value("appointment_type")) or None
        cases = choices_for(patient, day, chosen=self.chosen(patient), kind=kind, ahead_of=ahead_of)
        return patient, sketch, dates, cases

    @staticmethod
    def _clashes(
        sketch: Booking | None, patient: Patient | None, dates: Dates | None
    ) -> Iterable[Clash]:
        """What speaks against the booking, or against the first of those that repeat."""
        if dates and dates.lines:
            return dates.lines[0].clashes if dates.lines[0].is_booked else []
        return sketch.clashing([patient] if patient else []) if sketch else []

    def _card(self) -> PatientCard | None:
        patient, today = self.patient(), self.request.account.today()
        return card_of(patient, today, patient.alert_names) if patient else None  # type: ignore[attr-defined]

    def chosen(self, patient: Patient | None) -> str | None:
        """The case that was chosen for this very patient; None where we may propose one."""
        if self.form.is_bound:
            return self.request.POST.get("case", NONE)
        initial = self.form.initial
        if patient and initial.get("case_of") == str(patient.pk):
            return initial.get("case") or NONE
        return None

    def sketch(self) -> Booking | None:
        """The booking as far as it is given; None until its time and place are."""
        names = ("business", "practitioner", "date", "time", "fold", "minutes")
        values = {name: self.value(name) for name in names}
        values["minutes"] = values["minutes"] or self._usual_minutes()
        given = TimeForm(values)
        for name in ("business", "practitioner"):
            given.fields[name] = self.form.fields[name]  # whose choices have been read already
        if not given.is_valid():
            return None
        sketch = Booking(account=self.request.account, **given.span())
        sketch.hours_known = self.around.hours_for(sketch)
        return sketch

    def _usual_minutes(self) -> str:
        """The length of the chosen type."""
        kinds, key = self._rows("appointment_type"), self.value("appointment_type")
        return next((str(k.duration_in_minutes) for k in kinds if str(k.pk) == key), "")

    def is_valid(self) -> bool:
        """Whether all that was asked for can be booked; the forms then say what cannot."""
        forms = [self.form, *(f for f in (self.patient_form, self.case_form) if f.is_bound)]
        good = not [form for form in (*forms, self.letters) if not form.is_valid()]
        good = good and not self.repeats.is_refused
        if self.patient() is None and not self.patient_form.is_bound:
            self.form.add_error("patient", "Choose a patient, or add a new one.")
            return False
        return good and self._still_free()

    def _still_free(self) -> bool:
        """False once for clashes that the sender has not been shown."""
        if LOOK in self.request.POST:
            return True  # they are about to be
        patient, sketch = self.patient(), self.sketch()
        if self.repeats.rule:
            patient, sketch, self.dates, _ = self.look()
        self.refusal = self.dates.unseen(self.request) if self.dates else ""
        if not self.refusal:
            self.refusal = unseen(self.request, self._clashes(sketch, patient, self.dates))
        return not self.refusal

    def book(self) -> int:
        """Make the patient, the case and the booking; the booking's id. Raises RuleViolation."""
        actor = self.request.actor
        patient = self.patient()
        if self.patient_form.is_bound:
            patient = self.patient_form.save(by=actor)
        if patient is None:
            raise RuleViolation("Choose a patient.")
        case, made = self._case_for(patient), []
        wanted = Wanted(self.form.booking(self.request.account), self.repeats.rule, self.dates)

        def enter(into: PatientCase | None) -> None:
            made.append(wanted.book(patient, into, by=actor))

        if case is None or not wanted.joining:
            enter(None)
        elif self.case_form.is_bound:
            enter(case)
            self.letters.keep_in(case)  # last, for what was refused before leaves no file
        else:
            pass_door(self.request, wanted.door(case, enter))
        return made[-1]

    def _case_for(self, patient: Patient) -> PatientCase | None:
        if self.case_form.is_bound:
            self.case_form.instance.patient = patient
            return self.case_form.save(by=self.request.actor)
        key = self.request.POST.get("case", NONE)
        if key == NONE:
            return None
        cases = self.request.account.patient_cases.select_related("account", "programme")
        return get_object_or_404(cases, pk=key_in(key))


def new(request: PracticeRequest) -> HttpResponse:
    """The panel of a new appointment; POST books it."""
    panel = Panel(request)
    if request.method == "POST" and panel.is_valid():
        if LOOK in request.POST:
            return render(request, "bookings/new.html", panel.context())
        try:
            key = panel.book()
            note_recall(request, key)
        except Stuck as stuck:
            panel.full_case = stuck.dialogue
        except RuleViolation as refusal:
            panel.refusal = str(refusal)
        else:
            return redirect("booking", request.account.slug, key)
    status = 422 if request.method == "POST" else 200
    return render(request, "bookings/new.html", panel.context(), status=status)
