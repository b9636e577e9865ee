"""Contacts: list, page, form, and the search that fills other forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casewell.contacts.forms import ContactForm
from casewell.contacts.models import Contact, ContactQuerySet
from casewell.web.forms import prepared
from casewell.web.paging import page_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

FOUND = 12


def contacts(request: PracticeRequest) -> HttpResponse:
    query, archived = request.GET.get("q", ""), request.GET.get("archived") == "yes"
    rows = request.account.contacts.filter(archived_at__isnull=not archived)
    found = rows.matching(query).in_order()
    context = {"page_obj": page_of(request, found), "q": query, "archived": archived}
    return render(request, "contacts/contacts.html", context)


def search(request: PracticeRequest) -> HttpResponse:
    return _found(request, request.account.contacts.live())


def doctor_search(request: PracticeRequest) -> HttpResponse:
    return _found(request, request.account.contacts.live().doctors())


def _found(request: PracticeRequest, rows: ContactQuerySet) -> HttpResponse:
    found = rows.closest(request.GET.get("q", "")).in_order()[:FOUND]
    return render(request, "contacts/found.html", {"contacts": found})


def contact(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(request.account.contacts, pk=pk)
    named = request.account.patient_cases.live().filter(Q(contact=one) | Q(payer=one))
    cases = named.with_usage().with_amounts().select_related("patient").order_by("-id")
    context = {"contact": one, "page_obj": page_of(request, cases, 20)}
    return render(request, "contacts/contact.html", context | {"today": request.account.today()})


def new(request: PracticeRequest) -> HttpResponse:
    return _form(request, Contact(account=request.account, type_code=Contact.Kind.DOCTOR))


def edit(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = request.account.contacts.select_for_update(no_key=True)
    return _form(request, get_object_or_404(rows, pk=pk))


def _form(request: PracticeRequest, one: Contact) -> HttpResponse:
    form = prepared(ContactForm(request.POST or None, instance=one), request)
    if form.is_valid():
        saved = form.save(by=request.actor)
        for warning in form.warnings:
            messages.warning(request, warning)
        messages.success(request, f"{saved} is saved.")
        return redirect("contact", request.account.slug, saved.pk)
    status = 422 if form.is_bound else 200
    return render(request, "contacts/form.html", {"form": form, "contact": one}, status=status)


@require_POST
def archive(request: PracticeRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.account.contacts, pk=pk).archive(by=request.actor)
    return redirect("contact", request.account.slug, pk)


@require_POST
def restore(request: PracticeRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.account.contacts, pk=pk).restore(by=request.actor)
    return redirect("contact", request.account.slug, pk)
