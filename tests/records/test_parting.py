"""What goes back, against a plain definition, on random ties."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewell.records.parting import Place, Row, parted

PLACES = [("row", number) for number in range(8)]


@st.composite
def tied_rows(draw: st.DrawFn) -> tuple[dict[Place, Row], set[Place]]:
    rows: dict[Place, Row] = {}
    for number, place in enumerate(PLACES):
        parents = draw(st.sets(st.sampled_from(PLACES[:number] or PLACES[:1]), max_size=2))
        rows[place] = Row(draw(st.booleans()), tuple(sorted(parents - {place})))
    old = [place for place, row in rows.items() if not row.is_new]
    return rows, set(draw(st.lists(st.sampled_from(old), max_size=3))) if old else set()


def reached(rows: dict[Place, Row], starts: set[Place]) -> set[Place]:
    """All that is tied to `starts`, step by step."""
    found = set(starts)
    for _ in rows:
        found |= {parent for place in found for parent in rows[place].parents}
        found |= {place for place, row in rows.items() if set(row.parents) & found}
    return found


@settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(tied_rows())
def test_all_that_is_tied_to_what_moved_goes_and_something_is_named_where_it_cannot(
    world: tuple[dict[Place, Row], set[Place]],
) -> None:
    rows, moved = world

    parting = parted(rows, moved)

    going = reached(rows, moved)
    stays = {place for place in going - moved if not rows[place].is_new}
    assert parting.going == going
    assert bool(parting.mixed) is bool(stays)
    assert set(parting.mixed) <= going
