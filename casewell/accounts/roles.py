"""Who may do what: one table, from which docs/roles.md is generated."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """A member's role in one practice."""

    ADMINISTRATOR = "administrator", "Administrator"
    PRACTITIONER = "practitioner", "Practitioner"
    POWER_RECEPTIONIST = "power receptionist", "Power receptionist"
    RECEPTIONIST = "receptionist", "Receptionist"
    SCHEDULER = "scheduler", "Scheduler"
    BOOKKEEPER = "bookkeeper", "Bookkeeper"

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self]


class Permission(models.TextChoices):
    """What a route may ask of a member; a route that asks for nothing is refused."""

    SEE_CALENDAR = "see_calendar", "See the calendar and its bookings"
    BOOK = "book", "Book, move and cancel appointments; block time"
    SEE_PATIENTS = "see_patients", "See patients, their alerts and their cases"
    EDIT_PATIENTS = "edit_patients", "Add and change patients"
    ARCHIVE_PATIENTS = "archive_patients", "Archive and restore patients"
    MERGE_PATIENTS = "merge_patients", "Merge patients, and undo it"
    EDIT_CASES = "edit_cases", "Add, change, close and reopen patient cases"
    ARCHIVE_CASES = "archive_cases", "Archive and restore patient cases"
    SEE_CONTACTS = "see_contacts", "See contacts and referrers"
    EDIT_CONTACTS = "edit_contacts", "Add, change, archive and restore contacts"
    DELETE_BOOKINGS = "delete_bookings", "Archive and restore bookings"
    SEE_INVOICES = "see_invoices", "See invoices, payments and what is owed"
    EDIT_INVOICES = "edit_invoices", "Write, issue and send invoices; take payments"
    CREDIT_INVOICES = "credit_invoices", "Void and credit invoices; take payments back"
    SEE_LETTERS = "see_letters", "See letters and what was sent to whom"
    WRITE_LETTERS = "write_letters", "Write, finalise and send letters"
    EDIT_TEMPLATES = "edit_templates", "Add and change letter templates"
    CLAIM = "claim", "Write and lodge claims, see them and terminal sheets"
    OWN_AVAILABILITY = "own_availability", "Change their own availability as a practitioner"
    EDIT_AVAILABILITY = "edit_availability", "Change every practitioner's availability"
    EXPORT = "export", "Take lists out as CSV"
    EDIT_SETTINGS = "edit_settings", "Change settings: businesses, practitioners, types, defaults"
    EDIT_USERS = "edit_users", "Invite users, give them roles, switch them off"


_SEE = {Permission.SEE_CALENDAR, Permission.SEE_PATIENTS, Permission.SEE_CONTACTS}
_DESK = _SEE | {
    Permission.BOOK,
    Permission.EDIT_PATIENTS,
    Permission.EDIT_CASES,
    Permission.EDIT_CONTACTS,
    Permission.SEE_INVOICES,
    Permission.EDIT_INVOICES,
    Permission.SEE_LETTERS,
    Permission.WRITE_LETTERS,
    Permission.CLAIM,
}
_HOURS = {Permission.OWN_AVAILABILITY, Permission.EDIT_AVAILABILITY}
_BOOKS = {
    Permission.SEE_INVOICES,
    Permission.EDIT_INVOICES,
    Permission.CREDIT_INVOICES,
    Permission.EXPORT,
    Permission.CLAIM,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.PRACTITIONER: frozenset(
        _DESK | {Permission.EXPORT, Permission.EDIT_TEMPLATES, Permission.OWN_AVAILABILITY}
    ),
    Role.POWER_RECEPTIONIST: frozenset(Permission) - {Permission.EDIT_USERS},
    Role.RECEPTIONIST: frozenset(_DESK | _HOURS | {Permission.DELETE_BOOKINGS}),
    Role.SCHEDULER: frozenset(
        _HOURS | {Permission.SEE_CALENDAR, Permission.BOOK, Permission.SEE_PATIENTS}
    ),
    Role.BOOKKEEPER: frozenset(_SEE | _BOOKS),
}
