"""Settings of the practice: all of them for who may change them, the public ones for every key."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

from casewell.accounts.roles import Permission
from casewell.api.calls import Answer
from casewell.api.resource import Resource
from casewell.api.resources.setting_rows import (
    AccountSettings,
    CalendarSettings,
    CustomFields,
    Integrations,
    OnlineBookings,
    OnlinePayments,
    Papers,
    Privacy,
    PublicAccount,
    PublicIntegrations,
    PublicOnlineBookings,
    PublicPrivacy,
    PublicSettingsRow,
    Reminders,
    SettingsRow,
    Switch,
    Terminology,
    TextMessages,
    WaitList,
)
from casewell.api.routes import Route
from casewell.lib.countries import countries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from casewell.accounts.models import Account, Business
    from casewell.api.calls import Call
    from casewell.api.rows import Row

USUAL_HOURS = (8, 18)
USUAL_LOGO = 100  # pixels


class PublicSettings(Resource):
    """One object, in place of records."""

    name = "public_settings"
    row: ClassVar[type[Row]] = PublicSettingsRow
    reads = Permission.SEE_CALENDAR
    lists = ()
    has_items = False
    path: ClassVar[str] = "settings/public"

    def further(self) -> Iterator[Route]:
        yield Route("GET", self.path, self.shown, self, "show", status=200)

    def shown(self, call: Call) -> Answer:
        """The whole object."""
        call.require(self.reads)
        open_ones = list(call.account.businesses.live().order_by("pk"))
        return Answer(200, self.made(call, open_ones))

    def made(self, call: Call, businesses: list[Business]) -> Row:
        return PublicSettingsRow(
            account=PublicAccount(**_of_account(call.account, businesses)),
            integrations=PublicIntegrations(mail_chimp=Switch(), xero=Switch()),
            online_bookings=PublicOnlineBookings(),
            patient_privacy=PublicPrivacy(),
            **_common(call, businesses),
        )


class Settings(PublicSettings):
    name = "settings"
    row: ClassVar[type[Row]] = SettingsRow
    reads = Permission.EDIT_SETTINGS
    path = "settings"

    def made(self, call: Call, businesses: list[Business]) -> Row:
        return SettingsRow(
            account=_account(call.account, businesses),
            integrations=Integrations(mail_chimp=Switch(), xero=Switch(), medipass=Switch()),
            online_bookings=OnlineBookings(),
            patient_privacy=Privacy(),
            **_common(call, businesses),
        )


def _account(account: Account, businesses: list[Business]) -> AccountSettings:
    """The practice, with the first of its administrators and the address that mail comes from."""
    members = account.memberships.live().administrators().select_related("user")
    first = members.order_by("pk").first()
    return AccountSettings(
        first_name=first.user.first_name if first else "",
        last_name=first.user.last_name if first else "",
        email_from=next((b.email_reply_to for b in businesses if b.email_reply_to), ""),
        **_of_account(account, businesses),
    )


def _of_account(account: Account, businesses: list[Business]) -> dict[str, Any]:
    return {
        "id": str(account.pk),
        "name": account.name,
        "subdomain": account.slug,
        "country": dict(countries()).get(account.country_code, ""),
        "country_code": account.country_code,
        "currency_symbol": account.formats.symbol,
        "has_time_travelers": any(b.time_zone != account.time_zone for b in businesses),
    }


def _common(call: Call, businesses: list[Business]) -> dict[str, Any]:
    start, end = hours_of(businesses)
    return {
        "calendar": CalendarSettings(
            start_hour=start, end_hour=end, timeslot_size_in_minutes=call.account.slot_minutes
        ),
        "documents_and_printing": _papers(call, businesses),
        "online_payments": OnlinePayments(),
        "patient_custom_fields_definition": CustomFields(),
        "reminders": Reminders(),
        "sms": TextMessages(),
        "terminology": Terminology(),
        "wait_list": WaitList(),
    }


def _papers(call: Call, businesses: list[Business]) -> Papers:
    """The first logo that a business has."""
    logos = call.account.business_logos.order_by("business_id")
    key = logos.filter(business__archived_at=None).values_list("business_id", flat=True).first()
    height = next((b.logo_height for b in businesses if b.pk == key), USUAL_LOGO)
    address = f"{call.base}/businesses/{key}/logo" if key else None
    return Papers(logo_height=height, logo_url=address)


def hours_of(businesses: Iterable[Business]) -> tuple[int, int]:
    """The whole hours between which any of them is open on any day."""
    spans = [span for b in businesses for day in b.opening_hours.values() for span in day]
    if not spans:
        return USUAL_HOURS
    first, last = min(s for s, _ in spans), max(e for _, e in spans)
    return int(first[:2]), math.ceil(int(last[:2]) + int(last[3:]) / 60)
