"""One call of the API: who asks what, from where, with which body."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, quote

import msgspec
from django.http.request import split_domain_port, validate_host

from casewell.api.errors import BadRequest, Forbidden

if TYPE_CHECKING:
    from casewell.accounts.models import Account, Membership
    from casewell.accounts.roles import Permission
    from casewell.audit.actors import Actor

PREFIX = "/v1"
MOST_ON_A_PAGE, USUAL_PAGE = 100, 50
LARGEST_PAGE = 10**9
FORM = "application/x-www-form-urlencoded"
# What a list's links keep of the address.
KEPT = ("per_page", "sort", "order", "q", "q[]")


@dataclass
class Answer:
    """What a call is answered with. `content` is encoded as JSON, a file is sent as it is;
    None is no body.
    """

    status: int
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """A request of a key's holder, inside the account's scope. `ids` are those of the path."""

    account: Account
    member: Membership
    actor: Actor
    method: str
    path: str
    ids: tuple[int, ...]
    base: str
    query: str
    raw_body: bytes = b""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def require(self, permission: Permission) -> None:
        """Raise Forbidden where the key's user may not."""
        if not self.member.may(permission):
            raise Forbidden(permission.label)

    @cached_property
    def asked(self) -> list[tuple[str, str]]:
        """What stands after the question mark, in order."""
        return parse_qsl(self.query, keep_blank_values=True, errors="replace")

    @cached_property
    def filters(self) -> list[str]:
        """The texts of all filters, however the client wrote `q[]`."""
        return [text for name, text in self.asked if name in ("q[]", "q")]

    def last(self, name: str) -> str:
        """The value of a parameter; of several, the last one."""
        return next((text for key, text in reversed(self.asked) if key == name), "")

    def first(self, name: str) -> str:
        """The value of a parameter; of several, the first one."""
        return next((text for key, text in self.asked if key == name), "")

    @property
    def page(self) -> int:
        """The page's number, from 1; less, or what is none, is the first."""
        return min(max(1, _number(self.first("page"), 1)), LARGEST_PAGE)

    @property
    def per_page(self) -> int:
        """How many on a page: 50 unless asked, never more than 100."""
        return min(max(1, _number(self.first("per_page"), USUAL_PAGE)), MOST_ON_A_PAGE)

    def page_address(self, page: int) -> str:
        """This list's address for another page, with what it was asked by."""
        kept = [("page", str(page)), *((n, t) for n, t in self.asked if n in KEPT)]
        written = "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in kept)
        return f"{self.base}{self.path}?{written}"

    @cached_property
    def body(self) -> dict[str, Any]:
        """The properties that were sent; none where the body is empty or a list.

        Raises BadRequest for what is no JSON, and Refusal-422 for JSON that is no object.
        """
        if not self.raw_body.strip():
            return {}
        if self.content_type.startswith(FORM):
            return _of_form(self.raw_body)
        sent = _decoded(self.raw_body)
        if sent == [] or sent is None:
            return {}
        if not isinstance(sent, dict):
            raise _must_be_an_object()
        return sent


def _must_be_an_object() -> Exception:
    from casewell.api.errors import Refusal

    return Refusal(422, {"message": "must be an object"})


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise BadRequest(f"The body is no JSON: {why}.") from error


def _of_form(body: bytes) -> dict[str, Any]:
    try:
        sent = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=1000)
    except ValueError as error:
        raise BadRequest("The body is no form.") from error
    return {
        name.removesuffix("[]"): texts if name.endswith("[]") else texts[-1]
        for name, texts in sent.items()
    }


def _number(text: str, otherwise: int) -> int:
    try:
        return int(text[:20])
    except ValueError:
        return otherwise


def base_address(scheme: str, host: str, headers: dict[str, str], allowed: list[str]) -> str:
    """The API's address as the client wrote it, in front of a proxy or not.

    Raises BadRequest for the name of a host that is not ours.
    """
    outside = headers.get("x-forwarded-host", "").split(",")[0].strip() or host
    name, _ = split_domain_port(outside)
    if not name or not validate_host(name, allowed):
        raise BadRequest("Casewell is not served under this host's name.")
    forwarded = headers.get("x-forwarded-proto", "").split(",")[0].strip().lower()
    return f"{forwarded if forwarded in ('http', 'https') else scheme}://{outside}{PREFIX}"
