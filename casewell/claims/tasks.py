"""What the job worker does about claims: call a remote gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from casewell.claims.lodging import send

if TYPE_CHECKING:
    from procrastinate import JobContext

TRIES_AGAIN = 6


class NotTakenYet(Exception):  # noqa: N818
    """The gateway gave no answer that counts; it is asked again later."""


# After 5 s, 25 s, 2 min, 10 min, 52 min and 4 h.
PATIENCE = RetryStrategy(
    max_attempts=TRIES_AGAIN, exponential_wait=5, retry_exceptions=[NotTakenYet]
)


@app.task(name="send_lodgement", retry=PATIENCE, pass_context=True)
def send_lodgement(context: JobContext, *, account_id: int, lodgement_id: int) -> None:
    """Send one lodgement. Raises NotTakenYet where the gateway may take it another time."""
    last_try = context.job.attempts >= TRIES_AGAIN
    verdict = send(account_id, lodgement_id, last_try=last_try)
    if not verdict.taken and verdict.try_again and not last_try:
        raise NotTakenYet(f"lodgement {lodgement_id}")
