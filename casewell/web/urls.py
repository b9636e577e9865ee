"""The pages' addresses, each with who may go there."""

from __future__ import annotations

from datetime import date

from allauth.account import views as sign_in
from django.urls import include, path, register_converter

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page, public, signed_in
from casewell.web.views import bookings, calendar, cases, contacts, new_booking, patients, practices


class DayConverter:
    """A date in an address, as in `2026-03-04`."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(DayConverter, "day")

SIGN_IN = [
    public("sign-in/", sign_in.login, name="account_login"),
    public("sign-out/", sign_in.logout, name="account_logout"),
    public("password/inactive/", sign_in.account_inactive, name="account_inactive"),
    public("password/reset/", sign_in.password_reset, name="account_reset_password"),
    public("password/reset/sent/", sign_in.password_reset_done, name="account_reset_password_done"),
    public(
        "password/reset/<str:uidb36>-<str:key>/",
        sign_in.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    public(
        "password/reset/done/",
        sign_in.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    public("sign-up/", sign_in.signup, name="account_signup"),
    signed_in("password/again/", sign_in.reauthenticate, name="account_reauthenticate"),
    signed_in("password/change/", sign_in.password_change, name="account_change_password"),
]

CALENDAR = [
    page("", calendar.today, may=May.SEE_CALENDAR, name="calendar"),
    page("calendar/<day:on>", calendar.day, may=May.SEE_CALENDAR, name="calendar-day"),
    page(
        "calendar/<day:on>/bookings",
        calendar.bookings,
        may=May.SEE_CALENDAR,
        name="calendar-bookings",
        background=True,
    ),
    page("bookings/new", new_booking.new, may=May.BOOK, name="booking-new"),
    page("blocks/new", new_booking.new_block, may=May.BOOK, name="block-new"),
    page("bookings/<int:pk>", bookings.booking, may=May.SEE_CALENDAR, name="booking"),
    page("bookings/<int:pk>/time", bookings.move, may=May.BOOK, name="booking-time"),
    page("bookings/<int:pk>/case", bookings.set_case, may=May.BOOK, name="booking-case"),
    page("bookings/<int:pk>/cancellation", bookings.cancel, may=May.BOOK, name="booking-cancel"),
    page(
        "bookings/<int:pk>/reinstatement",
        bookings.reinstate,
        may=May.BOOK,
        name="booking-reinstate",
    ),
    page("bookings/<int:pk>/attendance", bookings.mark, may=May.BOOK, name="booking-attendance"),
    page("bookings/<int:pk>/note", bookings.set_note, may=May.BOOK, name="booking-note"),
    page(
        "bookings/<int:pk>/archive",
        bookings.archive,
        may=May.DELETE_BOOKINGS,
        name="booking-archive",
    ),
    page(
        "bookings/<int:pk>/restore",
        bookings.restore,
        may=May.DELETE_BOOKINGS,
        name="booking-restore",
    ),
]

PATIENTS = [
    page("patients", patients.patients, may=May.SEE_PATIENTS, name="patients"),
    page("patients/search", patients.search, may=May.SEE_PATIENTS, name="patient-search"),
    page("patients/new", patients.new, may=May.EDIT_PATIENTS, name="patient-new"),
    page("patients/<int:pk>", patients.patient, may=May.SEE_PATIENTS, name="patient"),
    page("patients/<int:pk>/edit", patients.edit, may=May.EDIT_PATIENTS, name="patient-edit"),
    page(
        "patients/<int:pk>/archive",
        patients.archive,
        may=May.ARCHIVE_PATIENTS,
        name="patient-archive",
    ),
    page(
        "patients/<int:pk>/restore",
        patients.restore,
        may=May.ARCHIVE_PATIENTS,
        name="patient-restore",
    ),
    page("patients/<int:pk>/alerts", patients.raise_alert, may=May.EDIT_PATIENTS, name="alerts"),
    page(
        "alerts/<int:pk>/archive",
        patients.archive_alert,
        may=May.EDIT_PATIENTS,
        name="alert-archive",
    ),
    page("patients/<int:patient_pk>/cases/new", cases.new, may=May.EDIT_CASES, name="case-new"),
]

CASES = [
    page("cases", cases.cases, may=May.SEE_PATIENTS, name="cases"),
    page("cases/<int:pk>", cases.case, may=May.SEE_PATIENTS, name="case"),
    page("cases/<int:pk>/edit", cases.edit, may=May.EDIT_CASES, name="case-edit"),
    page("cases/<int:pk>/closing", cases.close, may=May.EDIT_CASES, name="case-close"),
    page("cases/<int:pk>/reopening", cases.reopen, may=May.EDIT_CASES, name="case-reopen"),
    page("cases/<int:pk>/archive", cases.archive, may=May.ARCHIVE_CASES, name="case-archive"),
    page("cases/<int:pk>/restore", cases.restore, may=May.ARCHIVE_CASES, name="case-restore"),
]

CONTACTS = [
    page("contacts", contacts.contacts, may=May.SEE_CONTACTS, name="contacts"),
    page("contacts/search", contacts.search, may=May.SEE_CONTACTS, name="contact-search"),
    page("contacts/doctors", contacts.doctor_search, may=May.SEE_CONTACTS, name="doctor-search"),
    page("contacts/new", contacts.new, may=May.EDIT_CONTACTS, name="contact-new"),
    page("contacts/<int:pk>", contacts.contact, may=May.SEE_CONTACTS, name="contact"),
    page("contacts/<int:pk>/edit", contacts.edit, may=May.EDIT_CONTACTS, name="contact-edit"),
    page(
        "contacts/<int:pk>/archive", contacts.archive, may=May.EDIT_CONTACTS, name="contact-archive"
    ),
    page(
        "contacts/<int:pk>/restore", contacts.restore, may=May.EDIT_CONTACTS, name="contact-restore"
    ),
]

urlpatterns = [
    signed_in("", practices.practices, name="practices"),
    *SIGN_IN,
    path("<slug:practice>/", include([*CALENDAR, *PATIENTS, *CASES, *CONTACTS])),
]
