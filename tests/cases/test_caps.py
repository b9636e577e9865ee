"""Period caps: what a funder grants a patient in a year, over all cases of the programme."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from casewell.cases.models import CapReached, PatientCase, Programme, cap_uses, shares_cap

if TYPE_CHECKING:
    from tests.world import Practice


def visit_at(practice: Practice, case: PatientCase, *local: int) -> None:
    moment = datetime(*local, tzinfo=practice.business.zone)  # type: ignore[misc, arg-type]
    practice.attend(case, moment.astimezone(UTC))


def said(case: PatientCase, *days: date) -> list[str]:
    return [str(use) for use in cap_uses(case, *days)]


def medicare(practice: Practice, **fields: object) -> Programme:
    rules = Programme.adopt(practice.account, "au-medicare-gpccmp", by=practice.by)
    Programme.objects.filter(pk=rules.pk).update(**fields)
    rules.refresh_from_db()
    return rules


def test_the_cap_counts_over_all_cases_of_the_programme_by_the_local_year(
    northside: Practice,
) -> None:
    rules = medicare(northside)
    physio = northside.case("Physio", programme=rules, discipline="physiotherapy")
    podiatry = northside.case("Podiatry", programme=rules, discipline="podiatry")
    other = northside.case("Private")
    visit_at(northside, physio, 2026, 12, 31, 23, 30)
    visit_at(northside, podiatry, 2026, 6, 1, 9)
    visit_at(northside, podiatry, 2027, 1, 1, 0, 30)
    visit_at(northside, other, 2026, 6, 2, 9)

    assert said(physio) == ["2 of 5 in 2026", "1 of 5 in 2027"]
    assert said(podiatry, date(2028, 2, 29)) == [*said(physio), "0 of 5 in 2028"]
    assert said(other) == []


def test_first_nations_patients_have_their_own_cap(northside: Practice) -> None:
    case = northside.case(programme=medicare(northside))
    northside.ada.first_nations_status = "aboriginal"
    northside.ada.save()

    assert said(PatientCase.objects.get(pk=case.pk), date(2026, 3, 3)) == ["0 of 10 in 2026"]


def test_a_cap_of_a_discipline_and_the_common_one_are_counted_apart(northside: Practice) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-eating-disorder", by=northside.by)
    plan = date(2026, 3, 9)
    food = northside.case("Food", programme=rules, discipline="Dietetics", plan_date=plan)
    talk = northside.case("Talk", programme=rules, discipline="psychology", plan_date=plan)
    visit_at(northside, food, 2026, 4, 1, 9)
    visit_at(northside, talk, 2026, 4, 2, 9)

    assert said(food) == ["1 of 20 in Mar 2026 to Mar 2027"]
    assert said(talk) == ["1 of 40 in Mar 2026 to Mar 2027"]
    assert shares_cap(food, food)
    assert not shares_cap(food, talk)


def test_a_practice_that_blocks_at_the_cap_takes_no_more_in_that_year(northside: Practice) -> None:
    rules = medicare(northside, cap_sessions=1, cap_action="block")
    physio = northside.case("Physio", programme=rules)
    podiatry = northside.case("Podiatry", programme=rules)
    visit_at(northside, physio, 2026, 6, 1, 9)
    late = northside.attend(None, datetime(2026, 6, 2, tzinfo=UTC))
    early = northside.attend(None, datetime(2027, 6, 2, tzinfo=UTC))

    with pytest.raises(CapReached, match="no more sessions in 2026"):
        late.link_to(podiatry, by=northside.by)
    early.link_to(podiatry, by=northside.by)

    late.refresh_from_db()
    assert late.case is None
    assert said(podiatry) == ["1 of 1 in 2026", "1 of 1 in 2027"]


def test_a_cap_warns_by_default(northside: Practice) -> None:
    case = northside.case(programme=medicare(northside, cap_sessions=1))
    visit_at(northside, case, 2026, 6, 1, 9)
    visit_at(northside, case, 2026, 6, 2, 9)

    assert said(case) == ["2 of 1 in 2026"]
    assert cap_uses(case)[0].is_over
