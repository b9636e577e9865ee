"""A server's search for garbage: seldom, and not among what is loaded."""

from __future__ import annotations

import gc
import weakref

from casewell.lib.garbage import YOUNG, settle


class Knot:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.held = self


def test_a_settled_server_searches_seldom_and_still_finds_what_holds_itself() -> None:
    before = gc.get_threshold()
    searches = sum(generation["collections"] for generation in gc.get_stats())
    try:
        settle()
        kept = [[n] for n in range(YOUNG // 2)]
        gone = weakref.ref(Knot())
        found = sum(generation["collections"] for generation in gc.get_stats()) - searches
        more = [[n] for n in range(YOUNG)]
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()

    assert len(kept) + len(more) == YOUNG // 2 + YOUNG
    assert found == 1  # its own, at the start
    assert gone() is None
