"""Addresses of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import api_keys, calendar_address
from casewell.web.views.settings import (
    apps,
    availability,
    letterheads,
    practice,
    practitioners,
    prices,
    programmes,
    users,
)
from casewell.web.views.settings.collections import (
    BLOCKS,
    BUSINESSES,
    CONCESSIONS,
    REFERRALS,
    TYPES,
)

if TYPE_CHECKING:
    from django.urls import URLPattern

    from casewell.web.views.settings.collections import Collection


def kept(path: str, of: Collection) -> list[URLPattern]:
    """The addresses of a list of settings and of its records."""
    may, name = May.EDIT_SETTINGS, of.routes
    put_away, bring_back = of.posts
    return [
        page(f"settings/{path}", of.list, may=may, name=of.section),
        page(f"settings/{path}/new", of.new, may=may, name=f"{name}-new"),
        page(f"settings/{path}/<int:pk>", of.edit, may=may, name=name),
        page(f"settings/{path}/<int:pk>/archive", put_away, may=may, name=f"{name}-archive"),
        page(f"settings/{path}/<int:pk>/restore", bring_back, may=may, name=f"{name}-restore"),
    ]


SETTINGS = [
    page("settings", practice.home, may=May.EDIT_SETTINGS, name="settings"),
    page("settings/practice", practice.practice, may=May.EDIT_SETTINGS, name="settings-practice"),
    page("settings/cases", practice.cases, may=May.EDIT_SETTINGS, name="settings-cases"),
    page("settings/roles", practice.roles, may=May.EDIT_SETTINGS, name="settings-roles"),
    *kept("businesses", BUSINESSES),
    page(
        "settings/businesses/<int:pk>/letterhead",
        letterheads.letterhead,
        may=May.EDIT_SETTINGS,
        name="settings-letterhead",
    ),
    page("businesses/<int:pk>/logo", letterheads.logo, may=May.SEE_CALENDAR, name="logo"),
    *kept("appointment-types", TYPES),
    *kept("unavailable-blocks", BLOCKS),
    *kept("concessions", CONCESSIONS),
    *kept("referral-sources", REFERRALS),
    *kept("items", prices.ITEMS),
    *kept("taxes", prices.TAXES),
    *kept("payment-types", prices.PAYMENT_TYPES),
    page(
        "settings/appointment-types/<int:pk>/charges",
        prices.charges,
        may=May.EDIT_SETTINGS,
        name="settings-type-charges",
    ),
    page("settings/invoices", prices.invoices, may=May.EDIT_SETTINGS, name="settings-invoices"),
    page(
        "settings/programmes",
        programmes.programmes,
        may=May.EDIT_SETTINGS,
        name="settings-programmes",
    ),
    page(
        "settings/programmes/new",
        programmes.new,
        may=May.EDIT_SETTINGS,
        name="settings-programme-new",
    ),
    page(
        "settings/programmes/adoption",
        programmes.adopt,
        may=May.EDIT_SETTINGS,
        name="programme-adopt",
    ),
    page(
        "settings/programmes/<int:pk>",
        programmes.edit,
        may=May.EDIT_SETTINGS,
        name="settings-programme",
    ),
    page(
        "settings/programmes/<int:pk>/archive",
        programmes.retire,
        may=May.EDIT_SETTINGS,
        name="programme-retire",
    ),
    page(
        "settings/programmes/<int:pk>/restore",
        programmes.bring_back,
        may=May.EDIT_SETTINGS,
        name="programme-restore",
    ),
    page(
        "settings/practitioners",
        practitioners.practitioners,
        may=May.EDIT_SETTINGS,
        name="settings-practitioners",
    ),
    page(
        "settings/practitioners/new",
        practitioners.new,
        may=May.EDIT_SETTINGS,
        name="settings-practitioner-new",
    ),
    page(
        "settings/practitioners/<int:pk>",
        practitioners.edit,
        may=May.EDIT_SETTINGS,
        name="settings-practitioner",
    ),
    page(
        "settings/availability",
        availability.everybody,
        may=May.OWN_AVAILABILITY,
        name="settings-availability",
    ),
    page(
        "settings/practitioners/<int:pk>/availability",
        availability.of_practitioner,
        may=May.OWN_AVAILABILITY,
        name="practitioner-availability",
    ),
    page(
        "settings/practitioners/<int:pk>/availability/<int:business>",
        availability.week,
        may=May.OWN_AVAILABILITY,
        name="practitioner-week",
    ),
    page(
        "settings/practitioners/<int:pk>/availability/exceptions",
        availability.add,
        may=May.OWN_AVAILABILITY,
        name="availability-add",
    ),
    page(
        "settings/days-off/<int:pk>/removal",
        availability.remove_day_off,
        may=May.OWN_AVAILABILITY,
        name="day-off-remove",
    ),
    page(
        "settings/extra-hours/<int:pk>/removal",
        availability.remove_extra,
        may=May.OWN_AVAILABILITY,
        name="extra-hours-remove",
    ),
    page(
        "settings/practitioners/<int:pk>/history",
        availability.history,
        may=May.OWN_AVAILABILITY,
        name="practitioner-history",
    ),
    page(
        "settings/practitioners/<int:pk>/calendar",
        calendar_address.of_practitioner,
        may=May.EDIT_SETTINGS,
        name="settings-practitioner-calendar",
    ),
    page("settings/apps", apps.apps, may=May.EDIT_SETTINGS, name="settings-apps"),
    page("settings/apps/row", apps.row, may=May.EDIT_SETTINGS, name="settings-apps-row"),
    page(
        "settings/apps/<int:pk>/launches",
        apps.launches,
        may=May.EDIT_SETTINGS,
        name="settings-app-launches",
    ),
    page(
        "settings/apps/<int:pk>/launches.csv",
        apps.launches_csv,
        may=May.EXPORT,
        name="settings-app-launches-csv",
    ),
    page("settings/users", users.users, may=May.EDIT_USERS, name="settings-users"),
    page("settings/users/<int:pk>/role", users.role, may=May.EDIT_USERS, name="member-role"),
    page(
        "settings/users/<int:pk>/leave", users.switching_off, may=May.EDIT_USERS, name="member-off"
    ),
    page(
        "settings/users/<int:pk>/return", users.switching_on, may=May.EDIT_USERS, name="member-on"
    ),
    page(
        "settings/invitations/<int:pk>/renewal",
        users.renewal,
        may=May.EDIT_USERS,
        name="invitation-renew",
    ),
    page(
        "settings/invitations/<int:pk>/revocation",
        users.revocation,
        may=May.EDIT_USERS,
        name="invitation-revoke",
    ),
    page(
        "settings/api-keys/<int:pk>/revocation",
        api_keys.any_revocation,
        may=May.EDIT_USERS,
        name="api-key-revoke",
    ),
]
