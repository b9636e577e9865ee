"""Addresses of patients and contacts."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import cases, contacts, history, launches, patients

PATIENTS = [
    page("patients", patients.patients, may=May.SEE_PATIENTS, name="patients"),
    page("patients/search", patients.search, may=May.SEE_PATIENTS, name="patient-search"),
    page("patients/new", patients.new, may=May.EDIT_PATIENTS, name="patient-new"),
    page("patients/<int:pk>", patients.patient, may=May.SEE_PATIENTS, name="patient"),
    page(
        "patients/<int:pk>/history",
        history.patient,
        may=May.SEE_PATIENTS,
        name="patient-history",
    ),
    page("patients/<int:pk>/open", launches.choose, may=May.SEE_PATIENTS, name="open-in"),
    page("patients/<int:pk>/open/<int:app>", launches.launch, may=May.SEE_PATIENTS, name="launch"),
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
