"""How claims leave the practice: the interface, the file that is shipped, a bridge over HTTP.

A gateway for a funder or a vendor is one more class with these two methods, chosen in
`chosen_gateway`; neither form nor states know which one there is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

from casewell.claims.particulars import FIELDS
from casewell.events.gateways import Verdict, hand_over
from casewell.lib.spreadsheets import BYTE_ORDER_MARK, line_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casewell.claims.models import Claim


@dataclass(frozen=True)
class Document:
    """What is handed over, and kept as what was lodged."""

    filename: str
    media_type: str
    text: str


class Gateway(Protocol):
    """A way for claims to leave. One that is remote is called by the job worker alone."""

    @property
    def name(self) -> str: ...

    @property
    def is_remote(self) -> bool: ...

    def document(self, claims: Sequence[Claim], key: int) -> Document:
        """The claims as this gateway wants them; `key` is the lodgement's own."""

    def send(self, key: int, document: Document) -> Verdict:
        """Hand it over. The same key again is the same lodgement, never a second one."""


class FileGateway:
    """Writes claims into a file, for somebody to take along. It sends nothing anywhere."""

    name = "File"
    is_remote = False

    def document(self, claims: Sequence[Claim], key: int) -> Document:
        heading = ["Claim", "Claimed from", *(field.label for field in FIELDS)]
        lines = [line_of(heading), *(line_of(_cells(claim)) for claim in claims)]
        name = f"claims-{claims[0].account.today()}-{key}.csv"
        return Document(name, "text/csv; charset=utf-8", BYTE_ORDER_MARK + "".join(lines))

    def send(self, key: int, document: Document) -> Verdict:
        return Verdict(taken=True)


def _cells(claim: Claim) -> list[str]:
    texts = claim.texts
    said = [texts.get(field.name, "") for field in FIELDS]
    return [str(claim.pk), claim.claims_from, *said]


@dataclass(frozen=True)
class HttpGateway:
    """Posts claims as JSON to an address of the operator's: a bridge to a vendor, not a vendor."""

    url: str
    secret: str = ""
    name: str = "HTTP"
    is_remote: bool = True

    def document(self, claims: Sequence[Claim], key: int) -> Document:
        body = {
            "lodgement": str(key),
            "claims": [
                {"id": str(claim.pk), "kind": claim.kind, "values": claim.texts} for claim in claims
            ],
        }
        return Document(f"claims-{key}.json", "application/json", json.dumps(body))

    def send(self, key: int, document: Document) -> Verdict:
        return hand_over(self.url, self.secret, key, document.text)


def chosen_gateway() -> Gateway:
    """The installation's gateway: the file, unless an address is set."""
    if settings.CLAIM_GATEWAY:
        return HttpGateway(settings.CLAIM_GATEWAY, settings.CLAIM_GATEWAY_SECRET)
    return FileGateway()
