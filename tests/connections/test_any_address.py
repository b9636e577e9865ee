"""What holds of any address that is approved, by a browser's parser and two others."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from ada_url import URL
from hypothesis import given, settings
from hypothesis import strategies as st

from casewell.connections.addresses import Address, Pattern
from casewell.connections.allowances import Allowances
from casewell.connections.verdicts import verdict
from tests.connections.addresses import pair

if TYPE_CHECKING:
    from random import Random

NONE = Allowances()


@settings(max_examples=2000, derandomize=True, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 2**53 - 1))
def test_what_is_approved_is_the_approved_place_for_browsers_too(
    chance: Random, patient_id: int
) -> None:
    pattern, url = pair(chance)
    found = verdict(pattern, url, NONE, patient_id)
    if not found.launch:
        return
    entry, opened = Pattern.parse(pattern), found.launch.href
    seen, parts = URL(opened), urlsplit(opened)

    assert seen.href == opened
    assert Address.parse(opened) == found.launch
    assert seen.hostname == parts.hostname == found.launch.host
    assert found.launch.host == f"{entry.label_of(url)}.{entry.parent}".removeprefix(".")
    assert parse_qsl(parts.query)[-1] == ("patient_id", str(patient_id))
    assert opened.removesuffix(f"patient_id={patient_id}")[:-1] == Address.parse(url).href
