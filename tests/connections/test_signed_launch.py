"""A signed launch: what its token says, and that others verify it with our published keys."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from joserfc.jwk import ECKey

from casewell.accounts.roles import Role
from casewell.connections.models import LaunchKey, key_set
from casewell.connections.tokens import issuer
from examples.connected_app.verify import LaunchRefused, UsedTokens, Verifier
from tests.connections.world import approved, button, member_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.world import Practice

pytestmark = pytest.mark.django_db


def plain(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def number(part: str) -> int:
    return int.from_bytes(plain(part), "big")


def read(token: str, published: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, verified by another library with what we publish, step by step."""
    signed, _, signature = token.rpartition(".")
    header, claims = (json.loads(plain(part)) for part in signed.split("."))
    [key] = [key for key in published["keys"] if key["kid"] == header["kid"]]
    point = ec.EllipticCurvePublicNumbers(number(key["x"]), number(key["y"]), ec.SECP256R1())
    raw = plain(signature)
    der = encode_dss_signature(*(int.from_bytes(n, "big") for n in (raw[:32], raw[32:])))
    point.public_key().verify(der, signed.encode(), ec.ECDSA(SHA256()))
    return header, claims


def launched(practice: Practice, **opened_from: Any) -> str:
    """The address that the browser is sent to."""
    one = practice.account.connected_apps.first() or button(practice)
    return one.launch(practice.ada, by=practice.by, **opened_from).location()


def token_in(location: str) -> str:
    [token] = parse_qs(urlsplit(location).query)["launch_token"]
    return token


def test_the_token_says_who_opened_whom_where_from_and_until_when(
    northside: Practice, settings: Any
) -> None:
    settings.SITE_ADDRESS = "https://casewell.example/"
    approved(is_signed=True)
    case, visit = northside.case(), northside.attend()
    before = int(time.time())
    location = launched(northside, case=case, booking=visit.booking)
    header, claims = read(token_in(location), key_set())

    ada, account = str(northside.ada.pk), str(northside.account.pk)
    start = f"https://au.example.com/patients?patient_id={ada}&launch_token="
    assert location.startswith(start)
    assert (header["alg"], header["typ"]) == ("ES256", "casewell-launch+jwt")
    assert len(claims.pop("sub")) == 32
    assert len(claims.pop("jti")) >= 20
    issued = claims.pop("iat")
    assert before <= issued <= time.time()
    assert claims == {
        "iss": "https://casewell.example",
        "aud": "https://au.example.com/patients",
        "exp": issued + 60,
        "account": account,
        "patient_id": ada,
        "case_id": str(case.pk),
        "appointment_id": str(visit.booking_id),
    }


def test_from_the_patients_page_it_names_no_case_and_is_stored_nowhere(
    northside: Practice,
) -> None:
    approved(is_signed=True)
    token = token_in(launched(northside))
    _, claims = read(token, key_set())
    kept = northside.ada.app_launches.get()

    assert not {"case_id", "appointment_id"} & claims.keys()
    assert kept.is_signed
    assert "launch_token" not in kept.address
    changes = northside.account.changes.of(kept).get().changes
    assert token not in json.dumps(changes)
    with pytest.raises(ValueError, match="told once"):
        kept.location()


def test_an_unsigned_launch_carries_the_id_alone(northside: Practice) -> None:
    approved()

    assert launched(northside) == f"https://au.example.com/patients?patient_id={northside.ada.pk}"
    assert key_set() == {"keys": []}


def test_a_user_is_the_same_at_each_launch_of_an_app_and_another_elsewhere(
    northside: Practice,
) -> None:
    approved(is_signed=True)
    approved("other.example.com/", name="Other", is_signed=True)
    here, there = button(northside), button(northside, "Other", url="https://other.example.com/")
    rita, mel = northside.by, member_of(northside, Role.PRACTITIONER)

    def seen(one: Any, by: Any) -> tuple[str, str]:
        location = one.launch(northside.ada, by=by).location()
        claims = read(token_in(location), key_set())[1]
        return claims["sub"], claims["jti"]

    first, second, other, mels = (
        seen(here, rita),
        seen(here, rita),
        seen(there, rita),
        seen(here, mel),
    )
    assert first[0] == second[0]
    assert len({first[0], other[0], mels[0]}) == 3
    assert len({first[1], second[1], other[1], mels[1]}) == 4


def test_the_examples_verifier_takes_the_launch_once(northside: Practice, tmp_path: Path) -> None:
    approved(is_signed=True)
    token, ada = token_in(launched(northside)), str(northside.ada.pk)
    keys: Any = {key["kid"]: ECKey.import_key(key) for key in key_set()["keys"]}
    where = "https://au.example.com/patients"
    verifier = Verifier(issuer(), where, keys, UsedTokens(tmp_path / "used"))

    launch = verifier.verify(token, ada)
    assert (launch.patient_id, launch.account) == (ada, str(northside.account.pk))
    with pytest.raises(LaunchRefused, match="used already"):
        verifier.verify(token, ada)
    other = Verifier(issuer(), where.replace("au.", "nz."), keys, UsedTokens(tmp_path / "nz"))
    with pytest.raises(LaunchRefused, match="another address"):
        other.verify(token, ada)


def test_what_was_changed_does_not_verify(northside: Practice) -> None:
    approved(is_signed=True)
    header, claims, signature = token_in(launched(northside)).split(".")
    said = json.loads(plain(claims)) | {"patient_id": "1"}
    forged = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")

    read(f"{header}.{claims}.{signature}", key_set())
    with pytest.raises(InvalidSignature):
        read(f"{header}.{forged}.{signature}", key_set())


def test_tokens_verify_across_a_rotation_and_with_keys_that_were_fetched_before_it(
    northside: Practice,
) -> None:
    approved(is_signed=True)
    former = token_in(launched(northside))
    fetched = key_set()
    LaunchKey.rotate()
    latter = token_in(launched(northside))

    assert read(former, key_set())[0]["kid"] != read(latter, key_set())[0]["kid"]
    read(latter, fetched)  # the next key was there before it signed
    LaunchKey.rotate(drop=True)
    with pytest.raises(ValueError, match="not enough values"):
        read(former, key_set())


def test_a_token_opens_nothing_of_ours(northside: Practice) -> None:
    approved(is_signed=True)
    token = token_in(launched(northside))
    page = f"/northside/patients/{northside.ada.pk}"

    for answer in (
        Client().get(page, {"launch_token": token}),
        Client().get(page, headers={"authorization": f"Bearer {token}"}),
        Client().get(page, headers={"cookie": f"session={token}"}),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")
