"""How a server looks for garbage, so that it slows no answer that makes many objects."""

from __future__ import annotations

import gc

# New objects before a search, and searches of the young before one of those that were kept. With
# Python's 700 an answer over ten thousand rows is searched dozens of times, which took a tenth of
# its time, and finds nothing: what has no cycle goes as soon as nobody holds it. Such an answer
# holds up to thirty thousand at once.
YOUNG, MIDDLE, OLD = 50_000, 20, 20


def settle() -> None:
    """Once all is loaded: it stays, and is left out of searches, which become few."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
