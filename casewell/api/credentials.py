"""Who calls: the key in the header, its member, and how often it has called this minute.

One statement finds the key with its member, user and practice, and counts the call.
"""

from __future__ import annotations

import base64
import binascii
import re
import time
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection

from casewell.accounts.models import Account, ApiKey, Membership, User
from casewell.api.errors import Refusal, Unauthorized
from casewell.audit.actors import Actor

if TYPE_CHECKING:
    from django.db import models

MINUTE = 60
# Some write a colon after the scheme; base64 encoders break lines.
HEADER = re.compile(r"\s*basic\s*:?\s+(.+)", re.IGNORECASE | re.DOTALL)
LONGEST = 1000
UNREAD = {User: frozenset({"password", "last_login"})}
SQL = """
WITH holder AS (
    SELECT {columns} FROM accounts_apikey
    JOIN accounts_membership ON accounts_membership.id = accounts_apikey.membership_id
    JOIN accounts_account ON accounts_account.id = accounts_membership.account_id
    JOIN accounts_user ON accounts_user.id = accounts_membership.user_id
    WHERE accounts_apikey.digest = %s AND accounts_apikey.revoked_at IS NULL
    AND (accounts_apikey.expires_at IS NULL OR accounts_apikey.expires_at > now())
    AND accounts_membership.active AND accounts_user.is_active
), counted AS (
    INSERT INTO api_keyminute AS known (key_id, minute, calls)
    SELECT accounts_apikey_id, %s, 1 FROM holder
    ON CONFLICT (key_id) DO UPDATE SET minute = EXCLUDED.minute,
    calls = CASE WHEN known.minute = EXCLUDED.minute THEN known.calls + 1 ELSE 1 END
    RETURNING calls
)
SELECT holder.*, counted.calls FROM holder, counted
"""


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
    now = int(time.time())
    with connection.cursor() as cursor:
        cursor.execute(_sql(), [ApiKey.digest_of(key), now // MINUTE])
        found = cursor.fetchone()
    if found is None:
        raise Unauthorized
    holder = _holder(found)
    if holder.calls == 1:
        ApiKey.objects.used(holder.actor.api_key)
    if holder.calls > settings.API_RATE:
        raise too_many(now)
    return holder


def too_many(now: int) -> Refusal:
    """429, with when the next minute begins, in the two headers that clients know."""
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
def _columns() -> list[tuple[type[models.Model], list[models.Field[Any, Any]]]]:
    """Of each of the four models, the fields that are read."""
    kinds: list[type[models.Model]] = [ApiKey, Membership, Account, User]
    return [
        (kind, [f for f in kind._meta.concrete_fields if f.name not in UNREAD.get(kind, ())])  # type: ignore[call-overload]
        for kind in kinds
    ]


@cache
def _sql() -> str:
    columns = [
        f"{kind._meta.db_table}.{field.column} AS {kind._meta.db_table}_{field.column}"
        for kind, fields in _columns()
        for field in fields
    ]
    return SQL.format(columns=", ".join(columns))


def _holder(row: tuple[Any, ...]) -> Holder:
    made, at = [], 0
    for kind, fields in _columns():
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
