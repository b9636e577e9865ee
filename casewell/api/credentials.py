"""Who calls: the key in the header, its member, and how often it has called this minute.

One statement finds the key with its member, user and practice, and counts the call.
"""

from __future__ import annotations

import base64
import binascii
import re
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.utils import timezone

from casewell.accounts.models import Account, ApiKey, Membership, User
from casewell.api.errors import Refusal, Unauthorized
from casewell.api.prepared import Given, Slot, run, with_names
from casewell.audit.actors import Actor

MINUTE = 60
# Some write a colon after the scheme; base64 encoders break lines.
HEADER = re.compile(r"\s*basic\s*:?\s+(.+)", re.IGNORECASE | re.DOTALL)
LONGEST = 1000
UNREAD = frozenset({"password", "last_login"})
SQL = """
WITH holder ({names}) AS ({found}), counted AS (
    INSERT INTO api_keyminute AS known (key_id, minute, calls) SELECT c0, %s, 1 FROM holder
    ON CONFLICT (key_id) DO UPDATE SET minute = EXCLUDED.minute,
    calls = CASE WHEN known.minute = EXCLUDED.minute THEN known.calls + 1 ELSE 1 END
    RETURNING calls
)
SELECT holder.*, counted.calls FROM holder, counted
"""
# The models of a holder, as a key leads to them; the key's id is the first column.
LEADS_TO: dict[type[models.Model], str] = {
    ApiKey: "",
    Membership: "membership__",
    Account: "membership__account__",
    User: "membership__user__",
}


class Holder(NamedTuple):
    """Who holds the key, and the number of this call in its minute."""

    actor: Actor
    member: Membership
    account: Account
    calls: int


def holder_of(header: str) -> Holder:
    """Who calls with that `Authorization` header. Raises Unauthorized, or 429."""
    key = key_in(header)
    if not key:
        raise Unauthorized
    now = timezone.now()
    minute = int(now.timestamp()) // MINUTE
    asked = {"digest": ApiKey.digest_of(key), "now": now, "minute": minute}
    found = run(_statement(), asked)
    if not found:
        raise Unauthorized
    holder = _holder(found[0])
    if holder.calls == 1 and holder.actor.api_key:
        ApiKey.used(holder.actor.api_key.pk, now)
    if holder.calls > settings.API_RATE:
        raise too_many(int(now.timestamp()))
    return holder


def too_many(now: int) -> Refusal:
    """429, with when the next minute begins, in the two headers that clients know.

    `now` is in seconds since 1970.
    """
    reset = (now // MINUTE + 1) * MINUTE
    headers = {"X-RateLimit-Reset": str(reset), "Retry-After": str(reset - now)}
    return Refusal(429, {"message": "Too many calls this minute."}, headers)


def key_in(header: str) -> str:
    """The key that the header gives, as the user name of HTTP Basic; empty where there is none.

    >>> key_in("Basic S0VZLWF1MTo="), key_in("Basic: S0VZLWF1MQ=="), key_in("Bearer x")
    ('KEY-au1', 'KEY-au1', '')
    """
    found = HEADER.fullmatch(header[:LONGEST])
    if not found:
        return ""
    text = "".join(found[1].split())
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return decoded.partition(":")[0]


@cache
def _fields() -> list[tuple[type[models.Model], list[Any]]]:
    """Of each of the models, the fields that are read."""
    return [
        (model, [field for field in model._meta.concrete_fields if field.name not in UNREAD])
        for model in LEADS_TO
    ]


@cache
def _statement() -> str:
    """The one statement, with named places."""
    paths = [LEADS_TO[model] + field.attname for model, fields in _fields() for field in fields]
    rows = ApiKey.objects.valid(Given("now")).filter(digest=Given("digest")).values_list(*paths)
    found, params = rows.query.sql_with_params()
    names = ", ".join(f"c{at}" for at in range(len(paths)))
    return with_names(SQL.format(names=names, found=found), [*params, Slot("minute")])


def _holder(row: tuple[Any, ...]) -> Holder:
    made, at = [], 0
    for kind, fields in _fields():
        values = [
            _from_db(field, value)
            for field, value in zip(fields, row[at : at + len(fields)], strict=True)
        ]
        made.append(kind.from_db(DEFAULT_DB_ALIAS, [f.attname for f in fields], values))
        at += len(fields)
    key: Any
    member: Any
    key, member, account, user = made
    member.account, member.user, key.membership = account, user, member
    actor = Actor(member=member, api_key=key)
    return Holder(actor, member, member.account, row[-1])


def _from_db(field: Any, value: Any) -> Any:
    change = getattr(field, "from_db_value", None)
    return change(value, None, connection) if change else value
