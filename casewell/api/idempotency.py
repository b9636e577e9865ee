"""`Idempotency-Key`: a POST that is sent again is done once, and answered as at first.

The key's row is written first, in the transaction of what is done. Who comes meanwhile waits
there, for ten seconds at most. What is refused leaves no row: it can be mended and sent again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from casewell.api.calls import Answer
from casewell.api.errors import BadRequest, Refusal
from casewell.api.etags import encoded
from casewell.api.models import IdempotentAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from casewell.api.calls import Call

HEADER = "idempotency-key"
LONGEST = 255
WAITED = "10s"


def once(call: Call, act: Callable[[], Answer]) -> Answer:
    """`act`'s answer, or that of the first call with this key. Raises Refusal."""
    key = call.headers.get(HEADER, "") if call.method == "POST" else ""
    if not key:
        return act()
    if len(key) > LONGEST or not key.isprintable():
        raise BadRequest(f"An Idempotency-Key has at most {LONGEST} characters that can be seen.")
    ours = IdempotentAnswer(
        account=call.account,
        key_of=call.actor.api_key.pk if call.actor.api_key else 0,
        key=key,
        fingerprint=fingerprint_of(call),
    )
    earlier = _entered(ours)
    if earlier is not None:
        return _again(earlier, ours)
    answer = act()
    ours.status, ours.headers = answer.status, answer.headers
    ours.body = "" if answer.content is None else encoded(answer.content).decode()
    ours.save(update_fields=["status", "headers", "body", "updated_at"])
    return answer


def fingerprint_of(call: Call) -> str:
    """What tells one call from another: where to, and with which body."""
    asked = f"{call.method} {call.path}?{call.query}\n".encode()
    return hashlib.sha256(asked + call.raw_body).hexdigest()


def _entered(ours: IdempotentAnswer) -> IdempotentAnswer | None:
    """Write the row; the one that is there already, if there is. Raises Refusal after 10 s."""
    _lock_timeout(WAITED)
    try:
        IdempotentAnswer.objects.bulk_create([ours], ignore_conflicts=True)
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        body = {"message": "The first call with this Idempotency-Key is still being answered."}
        raise Refusal(409, body, {"Retry-After": "1"}) from error
    _lock_timeout(None)
    there = IdempotentAnswer.objects.get(key_of=ours.key_of, key=ours.key)
    return None if there.pk == ours.pk else there


def _lock_timeout(time: str | None) -> None:
    wanted = f"'{time}'" if time else "DEFAULT"
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout TO {wanted}")


def _again(earlier: IdempotentAnswer, ours: IdempotentAnswer) -> Answer:
    if earlier.fingerprint != ours.fingerprint:
        raise Refusal(422, {"message": "This Idempotency-Key was used for another call."})
    content = earlier.body.encode() if earlier.body else None
    return Answer(earlier.status, content, earlier.headers | {"Idempotency-Replayed": "true"})
