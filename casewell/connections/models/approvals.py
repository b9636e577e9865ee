"""Which approval, if any, lets an address be opened: asked anew at each launch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from casewell.connections.addresses import Address, admitted, launch_address
from casewell.connections.models.approved import AppPattern, ApprovedApp
from casewell.connections.reasons import Refusal
from casewell.lib.errors import RuleViolation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.connections.addresses import Pattern

OF_APP = ("name", "state", "is_signed")


class NotOpened(RuleViolation):
    """An app is not opened for a patient; nothing was sent."""

    code = "app_not_opened"
    status = 403


class AppSuspended(NotOpened):
    """An operator has suspended the app."""

    code = "app_suspended"


class AddressNotApproved(NotOpened):
    """No approved app has this address."""

    code = "address_not_approved"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.reason = refusal.reason


# The entries that may decide about the address in the column {url} of an outer statement: those of
# its host, or of a wildcard in the place of the host's first label. Which of them admits it, if
# any, is for `Approvals.of` to say. As text, for every page asks it: Django took longer to write it
# than PostgreSQL to answer.
DECIDED = """
    ARRAY(
        SELECT JSONB_BUILD_OBJECT({of_app}, 'text', pattern.text, 'app', app.id)
        FROM {patterns} pattern JOIN {apps} app ON app.id = pattern.app_id
        CROSS JOIN LATERAL (SELECT {host_of_url} AS opened, {host_of_pattern} AS host) hosts
        WHERE app.state = ANY(%s)
            AND host IN (opened, '*' || SUBSTR(opened, STRPOS(opened, '.')))
        ORDER BY pattern.id
    )
"""
HOST = "LOWER(SPLIT_PART(SPLIT_PART({}, '/', 3), ':', 1))"


def decided_about(url: str) -> RawSQL:
    """What has been decided about the address in that column of an outer statement, a list for
    `Approvals.of_rows`.
    """
    patterns, apps = (model._meta.db_table for model in (AppPattern, ApprovedApp))
    text = DECIDED.format(
        of_app=", ".join(f"'{name}', app.{name}" for name in OF_APP),
        patterns=patterns,
        apps=apps,
        host_of_url=HOST.format(url),
        host_of_pattern=HOST.format("pattern.text"),
    )
    return RawSQL(text, [list(ApprovedApp.DECIDED)], ArrayField(JSONField()))  # noqa: S611 - no input


@dataclass(frozen=True)
class Approval:
    """The app whose pattern admits an address, and what stands for the pattern's wildcard there."""

    app: ApprovedApp
    pattern: Pattern
    label: str

    @property
    def address(self) -> Address:
        """What a clinic's button keeps: rebuilt from the entry and the label."""
        return self.pattern.at(self.label)

    def launch_address(self, patient_id: int) -> Address:
        return launch_address(self.pattern, self.label, patient_id)


@dataclass(frozen=True)
class Approvals:
    """All that has been decided about addresses, as it is now."""

    entries: list[tuple[Pattern, ApprovedApp]]

    @classmethod
    def read(cls, *, with_proposed: bool = False) -> Approvals:
        """In one statement. Proposed ones are for trying out, never for a practice's patients."""
        proposed = ApprovedApp.State.PROPOSED
        states = [*ApprovedApp.DECIDED, *([proposed] if with_proposed else [])]
        rows = AppPattern.objects.filter(app__state__in=states).select_related("app").order_by("id")
        decided_first = sorted(rows, key=lambda row: row.app.state == proposed)
        return cls([(row.pattern, row.app) for row in decided_first if row.is_admitted])

    @classmethod
    def of_rows(cls, rows: Iterable[dict[str, Any]]) -> Approvals:
        """From what `decided_about` found."""
        made = []
        for row in rows:
            app = ApprovedApp(**{name: row[name] for name in OF_APP}, pk=row["app"])
            made.append(AppPattern(app=app, text=row["text"]))
        return cls([(one.pattern, one.app) for one in made if one.is_admitted])

    def in_force(self) -> list[tuple[Pattern, ApprovedApp]]:
        """What a clinic may begin with, by the apps' names."""
        open_now = [entry for entry in self.entries if entry[1].is_in_force]
        return sorted(open_now, key=lambda entry: (entry[1].name.casefold(), str(entry[0])))

    def of(self, url: str) -> Approval:
        """The approval of an address. Raises AddressNotApproved or AppSuspended.

        The exact entry decides before a wildcard that admits the address too, so that one
        address of a wildcard can be suspended.
        """
        try:
            pattern, label = admitted(url, [pattern for pattern, _ in self.entries])
        except Refusal as refusal:
            raise AddressNotApproved(refusal) from refusal
        app = next(app for entry, app in self.entries if entry == pattern)
        if app.state == ApprovedApp.State.SUSPENDED:
            raise AppSuspended(
                f"“{app.name}” is suspended: whoever runs this installation has taken it away "
                "for now, for every practice."
            )
        return Approval(app, pattern, label)

    def find(self, url: str) -> Approval | None:
        """`of`, or None where nothing lets it be opened."""
        try:
            return self.of(url)
        except NotOpened:
            return None
