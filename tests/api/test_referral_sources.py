"""How patients came, through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.audit.models import Change
from casewell.patients.models import ReferralSource, ReferralSourceType
from tests.api.client import BASE

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def way(practice: Practice, name: str, **fields: object) -> int:
    """A way to come to the practice."""
    key: int = ReferralSourceType.objects.create(account=practice.account, name=name, **fields).pk
    return key


@pytest.fixture
def path(northside: Practice) -> str:
    """Where it says how Ada came."""
    return f"/patients/{northside.ada.pk}/referral_source"


def test_the_ways_say_who_refers_and_what_there_is_below(
    program: Program, northside: Practice
) -> None:
    way(northside, "A friend", referrer_type="Patient")
    way(northside, "A doctor", referrer_type="Contact")
    way(northside, "The web", subcategories=["Search", "Maps"])

    ways = program.get("/referral_source_types")["referral_source_types"]

    assert [(one["referrer_type"], one["referrers"], one["subcategories"]) for one in ways] == [
        ("Patient", {"links": {"self": f"{BASE}/patients"}}, None),
        ("Contact", {"links": {"self": f"{BASE}/contacts"}}, None),
        (None, None, ["Search", "Maps"]),
    ]


def test_a_patient_has_no_source_until_one_is_said(
    program: Program, northside: Practice, path: str
) -> None:
    web = way(northside, "The web", subcategories=["Search", "Maps"])
    assert program.call("GET", path)[0] == 404
    status, body = program.call("PATCH", path, {"notes": "Asked at the desk"})
    assert (status, body["errors"]) == (422, {"referral_source_type": "can't be blank"})

    sent = {"referral_source_type_id": web, "subcategory": "Maps", "notes": "Asked"}
    status, said = program.call("PUT", path, sent)

    assert status == 200
    assert said["links"] == {"self": BASE + path}
    assert (said["subcategory"], said["notes"], said["referrer"]) == ("Maps", "Asked", None)
    assert program.get(path) == said
    assert program.get("/referral_sources")["referral_sources"] == [said]
    assert program.patch(path, {"notes": None})["id"] == said["id"]
    source = ReferralSource.objects.get()
    assert [change.verb for change in Change.objects.of(source)] == ["edited", "created"]


def test_who_referred_is_a_patient_or_a_contact_as_the_way_says(
    program: Program, northside: Practice, path: str
) -> None:
    friend = way(northside, "A friend", referrer_type="Patient")
    doctor = way(northside, "A doctor", referrer_type="Contact")
    ben, jane = northside.patient().pk, northside.doctor().pk

    said = program.patch(path, {"referral_source_type_id": friend, "referrer_id": str(ben)})
    assert said["referrer"] == {"links": {"self": f"{BASE}/patients/{ben}"}}
    assert said["referrer_type"] == "Patient"
    assert program.get(f"/referral_sources?q[]=referrer_id:={ben}")["total_entries"] == 1

    said = program.patch(path, {"referral_source_type_id": doctor, "referrer_id": jane})
    assert said["referrer"] == {"links": {"self": f"{BASE}/contacts/{jane}"}}
    assert said["referrer_type"] == "Contact"
    assert program.patch(path, {"notes": "Twice"})["referrer"] == said["referrer"]
    assert program.patch(path, {"referrer_id": None})["referrer"] is None


def test_what_belonged_to_another_way_goes_with_it(
    program: Program, northside: Practice, path: str
) -> None:
    web = way(northside, "The web", subcategories=["Search"])
    friend = way(northside, "A friend", referrer_type="Patient")
    ben = northside.patient().pk
    program.patch(path, {"referral_source_type_id": web, "subcategory": "Search"})

    said = program.patch(path, {"referral_source_type_id": friend, "referrer_id": ben})
    assert said["subcategory"] is None
    said = program.patch(path, {"referral_source_type_id": web})
    assert (said["referrer"], said["referrer_type"]) == (None, None)


def test_what_the_way_does_not_know_is_refused_by_name(
    program: Program, elsewhere: Practice, northside: Practice, path: str
) -> None:
    web = way(northside, "The web", subcategories=["Search"])
    friend = way(northside, "A friend", referrer_type="Patient")
    for sent, refused in (
        ({"referral_source_type_id": web, "subcategory": "Maps"}, "subcategory"),
        ({"referral_source_type_id": web, "referrer_id": northside.patient().pk}, "referrer"),
        ({"referral_source_type_id": friend, "referrer_id": northside.doctor().pk}, "referrer"),
        ({"referral_source_type_id": friend, "referrer_id": elsewhere.ada.pk}, "referrer"),
        ({"referral_source_type_id": friend, "referrer_id": northside.ada.pk}, "referrer"),
        ({"referral_source_type_id": northside.ada.pk}, "referral_source_type"),
        ({"referral_source_type_id": web, "notes": 5}, "notes"),
    ):
        status, body = program.call("PATCH", path, sent)
        assert (status, list(body["errors"])) == (422, [refused]), sent
    assert not ReferralSource.objects.exists()


def test_the_source_of_an_archived_patient_is_hidden_with_them(
    program: Program, northside: Practice, path: str
) -> None:
    program.patch(path, {"referral_source_type_id": way(northside, "The web")})
    northside.ada.archive(by=northside.by)

    assert program.call("GET", path)[0] == 404
    assert program.call("PATCH", path, {"notes": "x"})[0] == 404
    assert program.get("/referral_sources")["total_entries"] == 0
    assert program.get(f"{path}?q[]=archived_at:*")["archived_at"]
    assert program.get("/referral_sources?q[]=archived_at:?")["total_entries"] == 1
