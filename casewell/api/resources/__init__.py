"""Each resource that the API has, a declaration each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.api.resources.alerts import MedicalAlerts
from casewell.api.resources.attachments import PatientAttachments
from casewell.api.resources.businesses import Businesses
from casewell.api.resources.calendar import CALENDAR
from casewell.api.resources.cases import PatientCases
from casewell.api.resources.concessions import ConcessionTypes
from casewell.api.resources.contacts import Contacts
from casewell.api.resources.money import MONEY
from casewell.api.resources.patients import Patients
from casewell.api.resources.practitioners import Practitioners, ReferenceNumbers
from casewell.api.resources.recalls import Recalls, RecallTypes
from casewell.api.resources.referrals import ReferralSources, ReferralSourceTypes
from casewell.api.resources.relationships import Relationships
from casewell.api.resources.settings import PublicSettings, Settings
from casewell.api.resources.users import Users

if TYPE_CHECKING:
    from casewell.api.resource import Resource

RESOURCES: list[type[Resource]] = [
    Patients,
    Contacts,
    MedicalAlerts,
    ConcessionTypes,
    Relationships,
    RecallTypes,
    Recalls,
    ReferralSourceTypes,
    ReferralSources,
    PatientAttachments,
    PatientCases,
    Businesses,
    Practitioners,
    ReferenceNumbers,
    Users,
    PublicSettings,
    Settings,
    *CALENDAR,
    *MONEY,
]
