"""The sections of settings, for their list and for the page at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse

from casewell.accounts.roles import Permission
from casewell.appointments.setting_up import steps_done

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest


@dataclass(frozen=True)
class Part:
    """One section: its route's name, and what it is for."""

    name: str
    label: str
    icon: str
    purpose: str
    may: Permission = Permission.EDIT_SETTINGS


PARTS = [
    Part("settings-practice", "Practice", "building", "Name, formats, what happens at clashes"),
    Part("settings-cases", "Cases", "folder", "What blocks, who may do what, who is told"),
    Part("settings-businesses", "Businesses", "map-pin", "Places, their hours and time zones"),
    Part("settings-practitioners", "Practitioners", "stethoscope", "Who treats, where, and what"),
    Part(
        "settings-availability",
        "Availability",
        "clock",
        "When practitioners are there",
        Permission.OWN_AVAILABILITY,
    ),
    Part("settings-types", "Appointment types", "tag", "Lengths, colours, who offers them"),
    Part("settings-blocks", "Unavailable blocks", "calendar-off", "Reasons for blocked time"),
    Part("settings-programmes", "Programmes", "clipboard-list", "Funders' rules for cases"),
    Part(
        "settings-letter-templates",
        "Letter templates",
        "file-text",
        "What letters say, with fields to fill in",
        Permission.EDIT_TEMPLATES,
    ),
    Part("settings-reminders", "Reminders", "bell", "Of appointments: when, in which words"),
    Part("settings-recall-types", "Recall types", "rotate", "Why patients are asked back"),
    Part("settings-concessions", "Concessions", "id", "Reasons for a lower price"),
    Part("settings-items", "Billable items", "receipt-2", "What is charged, prices by concession"),
    Part("settings-taxes", "Taxes", "report-money", "Their rates"),
    Part("settings-payment-types", "Payment types", "list-check", "The ways to pay"),
    Part("settings-invoices", "Invoices", "file-text", "What they say, when they are due"),
    Part("settings-referrals", "Referral sources", "user-plus", "The ways to the practice"),
    Part(
        "settings-apps", "Connected patient apps", "external-link", "Other software, opened there"
    ),
    Part("settings-webhooks", "Webhooks", "send", "Other software is told of what happens"),
    Part(
        "settings-merges",
        "Merged patients",
        "users",
        "Who became whom, with undo",
        Permission.MERGE_PATIENTS,
    ),
    Part("settings-users", "Users", "users", "Who signs in, as what", Permission.EDIT_USERS),
    Part("settings-roles", "Roles", "shield", "Who may do what"),
]


def page_of_settings(
    request: PracticeRequest,
    template: str,
    current: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A page of settings beside their list, in which `current` is marked."""
    slug = request.account.slug
    parts = [
        {"part": part, "url": reverse(part.name, args=[slug]), "current": part.name == current}
        for part in PARTS
        if request.member.may(part.may)
    ]
    known = {"parts": parts, "alone": not current}
    return render(request, template, known | context, status=status)


def where_next(request: PracticeRequest, section: str) -> str:
    """The route after something is saved: its list, or the steps while the practice is set up."""
    return section if steps_done(request.account)["booking"] else "settings"
