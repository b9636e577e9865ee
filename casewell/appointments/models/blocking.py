"""Why time is blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.audit.models import recorded

if TYPE_CHECKING:
    from casewell.appointments.models.booking import Booking
    from casewell.appointments.models.types import UnavailableBlockType
    from casewell.audit.actors import Actor


def set_reason(block: Booking, reason: UnavailableBlockType | None, *, by: Actor) -> None:
    """Give a block that reason, or none."""
    with recorded(block, "changed reason", by=by):
        block.unavailable_block_type = reason
        block.save(update_fields=["unavailable_block_type", "updated_at"])
