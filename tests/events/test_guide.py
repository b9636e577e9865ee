"""What the integrator's guide says of webhooks is true: its code runs, its table is the code's."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from casewell.events.kinds import EventType
from casewell.events.models import Delivery
from casewell.events.models.delivery import WAITS
from casewell.events.rounds import parcel
from tests.events.world import listen

if TYPE_CHECKING:
    from tests.world import Practice

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "integrator-guide.md").read_text()
HEARD = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)[0]


def test_the_table_of_events_is_the_codes() -> None:
    rows = re.findall(r"^\| `([a-z_]+\.[a-z]+)` \| (.+) \|$", GUIDE, re.MULTILINE)

    assert rows == [(kind.value, kind.label) for kind in EventType]


def test_the_guides_code_believes_what_is_from_here_and_nothing_else(northside: Practice) -> None:
    endpoint, secret = listen(northside)
    booking = northside.booking()
    booking.book(northside.ada, by=northside.by)
    delivery = Delivery.objects.select_related("event").order_by("id")[0]
    call = parcel(delivery, endpoint, delivery.created_at)
    names: dict[str, Any] = {}
    exec(HEARD, names)  # noqa: S102 - the guide's own

    said = names["heard"](secret, call.body, dict(call.headers))
    [example] = re.findall(r'^(\{"type".*\n.*\}\}\})$', GUIDE, re.MULTILINE)
    told = json.loads(example)
    assert (said.keys(), said["data"].keys()) == (told.keys(), told["data"].keys())
    link = f"/v1/individual_appointments/{booking.pk}"
    assert said["data"] == {"id": str(booking.pk), "links": {"self": link}}
    assert len(said["timestamp"]) == len(told["timestamp"])
    with pytest.raises(WebhookVerificationError):
        names["heard"](secret, call.body.replace(b"created", b"deleted"), dict(call.headers))


def test_the_waits_are_those_that_the_guide_names() -> None:
    minutes = [wait.total_seconds() / 60 for wait in WAITS]

    assert "5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours" in GUIDE
    assert minutes == [5 / 60, 5, 30, *(60 * hours for hours in (2, 5, 10, 14, 20, 24))]
