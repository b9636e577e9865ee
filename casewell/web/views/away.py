"""A practitioner is off: visits cancelled or moved together, and the call lists about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casewell.appointments.away import blocks_of, lines_of, message_to, visits_of
from casewell.appointments.away_forms import AwayForm, CallForm, SettleForm
from casewell.audit.mail import send_later
from casewell.lib.errors import RuleViolation
from casewell.web.paging import page_of
from casewell.web.requests import key_in

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.appointments.away import Line
    from casewell.appointments.models import Absence, Attendee, CallListEntry
    from casewell.web.requests import PracticeRequest

CHANGED = "Some of these visits were changed meanwhile. This is how they are now: look, and go on."
TAKEN = "Some of those times are taken, as the list shows. Send it again to book them twice."


class AwayPage:
    """The list of visits, what is to be done with them, and what that would bring about."""

    def __init__(self, request: PracticeRequest) -> None:
        self.request = request
        today = request.account.today().isoformat()
        asked = request.GET.dict()
        given = {"from": today, "until": asked.get("from") or today} | asked
        self.form = AwayForm(given if "practitioner" in asked else None, initial=given)
        self.known = self.form.is_bound and self.form.is_valid()
        self.visits = self._visits() if self.known else []
        self.sent = request.POST if request.method == "POST" else None
        drawn = None if self.sent else {k: v for k, v in asked.items() if v}
        self.settle_form = SettleForm(self.sent, initial=drawn, off=self.form)
        self.refusal = ""

    def _visits(self) -> list[Attendee]:
        cleaned = self.form.cleaned_data
        return visits_of(
            self.request.account, cleaned["practitioner"], cleaned["from"], cleaned["until"]
        )

    @property
    def ticked(self) -> set[int]:
        """The visits that are ticked: all of them where the list has not been drawn yet."""
        sent = self.sent or self.request.GET
        if "ticked" not in sent:
            return {visit.pk for visit in self.visits}
        return {key_in(key) for key in sent.getlist("visit")}

    def lines(self) -> list[Line]:
        return lines_of(self.visits, self.ticked, self._absence()) if self.known else []

    def _absence(self) -> Absence | None:
        """What would be done, as far as it is given."""
        form = self.settle_form
        if not form.is_bound:
            drawn = {name: form[name].value() for name in form.fields}
            form = SettleForm(drawn, off=self.form)
            form.fields["other_practitioner"] = self.settle_form.fields["other_practitioner"]
        form.is_valid()
        needed = {"action", "other_practitioner", "other_date", "reason", "note"}
        return form.absence(self.request.account) if needed <= set(form.cleaned_data) else None

    def context(self) -> dict[str, Any]:
        lines = self.lines()
        return {
            "form": self.form,
            "settle_form": self.settle_form,
            "known": self.known,
            "lines": lines,
            "clashes": {b.pk for line in lines for b in line.clashes},
            "refusal": self.refusal,
            "with_address": sum(bool(visit.patient.email) for visit in self.visits),
        }

    def may_go_on(self) -> bool:
        """Whether all is said, and the sender has seen what it brings about."""
        if not self.known or not self.settle_form.is_valid():
            return False
        if not self.ticked:
            self.refusal = "Tick at least one visit."
        elif not self.ticked <= {visit.pk for visit in self.visits}:
            self.refusal = CHANGED
        elif not self._clashes() <= set(self.request.POST.get("known_clashes", "").split()):
            self.refusal = TAKEN
        return not self.refusal

    def _clashes(self) -> set[str]:
        return {str(b.pk) for line in self.lines() for b in line.clashes}

    def settle(self) -> Absence:
        """Do it. Raises RuleViolation, and then nothing is done."""
        account, cleaned, off = self.request.account, self.settle_form.cleaned_data, self.form
        absence = self.settle_form.absence(account)
        days = [off.cleaned_data[name] for name in ("practitioner", "from", "until")]
        blocks = blocks_of(account, *days) if cleaned["block"] else ()
        chosen = [visit for visit in self.visits if visit.pk in self.ticked]
        entries = absence.settle(chosen, blocks, by=self.request.actor)
        if cleaned["send"]:
            for entry in entries:
                self._write_to(entry, absence)
        return absence

    def _write_to(self, entry: CallListEntry, absence: Absence) -> None:
        visit = entry.attendee
        if not visit.patient.email:
            return
        texts = [
            message_to(visit, absence, self.settle_form.cleaned_data[name], entry.former_starts_at)
            for name in ("subject", "body")
        ]
        send_later(
            absence.account,
            to=visit.patient.email,
            subject=texts[0],
            body=texts[1],
            reply_to=visit.booking.business.email_reply_to,
        )
        entry.emailed_to = visit.patient.email
        entry.save(update_fields=["emailed_to", "updated_at"])


def away(request: PracticeRequest) -> HttpResponse:
    """The visits of a practitioner who is off; POST cancels or moves those that are ticked."""
    page = AwayPage(request)
    if request.method == "POST" and page.may_go_on():
        try:
            absence = page.settle()
        except RuleViolation as refusal:
            page.refusal = str(refusal)
        else:
            return redirect("call-list", request.account.slug, absence.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "away/away.html", page.context(), status=status)


def call_lists(request: PracticeRequest) -> HttpResponse:
    """All call lists, latest first."""
    rows = request.account.absences.with_calls().select_related(
        "practitioner", "other_practitioner"
    )
    return render(request, "away/lists.html", {"page_obj": page_of(request, rows.order_by("-id"))})


def call_list(request: PracticeRequest, pk: int) -> HttpResponse:
    """Whom to call, and about what."""
    rows = request.account.absences.select_related("practitioner", "other_practitioner")
    absence = get_object_or_404(rows, pk=pk)
    entries = absence.entries.with_next_visit().select_related(
        "attendee__patient",
        "attendee__booking__business",
        "attendee__booking__practitioner",
        "attendee__booking__appointment_type",
        "called_by",
    )
    lines = list(entries.order_by("former_starts_at", "id"))
    called = sum(line.called_at is not None for line in lines)
    context = {"absence": absence, "lines": lines, "called": called}
    return render(request, "away/list.html", context)


@require_POST
def call(request: PracticeRequest, pk: int) -> HttpResponse:
    """The patient was called or, with `called=no`, was not."""
    entry = get_object_or_404(
        request.account.call_list_entries.select_for_update(no_key=True), pk=pk
    )
    if request.POST.get("called") == "no":
        entry.mark_uncalled(by=request.actor)
        return redirect("call-list", request.account.slug, entry.absence_id)
    form = CallForm(request.POST)
    if form.is_valid():
        entry.mark_called(form.cleaned_data["outcome"], by=request.actor)
    else:
        messages.error(request, " ".join(map(str, form.errors["outcome"])))
    return redirect("call-list", request.account.slug, entry.absence_id)


@require_POST
def undo(request: PracticeRequest, pk: int) -> HttpResponse:
    """Put back all that nobody has changed since."""
    absence = get_object_or_404(request.account.absences.select_related("account"), pk=pk)
    back, left = absence.undo(by=request.actor)
    said = f"{back} put back as they were."
    if left:
        said += f" {left} stayed: changed since, or their time or case is taken."
    messages.success(request, said)
    return redirect("call-list", request.account.slug, pk)
