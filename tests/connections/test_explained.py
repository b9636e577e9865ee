"""What is wrong with a token is said in sentences, each mistake by itself."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey

from casewell.connections.explained import explain
from casewell.connections.models import LaunchKey

pytestmark = pytest.mark.django_db

ADDRESS = "https://au.example.com/patients"


def token(header: dict[str, Any] | None = None, key: Any = None, **claims: Any) -> str:
    """A good token but for what is given; a claim that is None is left out."""
    ours, now = LaunchKey.to_sign_with(), int(time.time())
    said = {
        "iss": "http://localhost:8000",
        "aud": ADDRESS,
        "sub": "u",
        "account": "5",
        "patient_id": "7",
        "jti": "j",
        "iat": now,
        "exp": now + 60,
    } | claims
    kept = {name: value for name, value in said.items() if value is not None}
    named = {"alg": "ES256", "typ": "casewell-launch+jwt", "kid": ours.kid} | (header or {})
    return jwt.encode(
        {name: value for name, value in named.items() if value is not None},
        kept,
        key or ours.pair,
        algorithms=["ES256", "HS256"],
    )


def test_a_good_token_is_told_with_what_it_says() -> None:
    found = explain(f" {token()}\n", address=f"{ADDRESS}?patient_id=7")

    assert found.problems == []
    assert found.is_good
    assert (found.header["alg"], found.claims["patient_id"]) == ("ES256", "7")


def test_the_whole_address_may_be_pasted() -> None:
    good = f"{ADDRESS}?patient_id=7&launch_token={token()}"
    other = good.replace("patient_id=7", "patient_id=8").replace("au.", "nz.")

    assert explain(good).is_good
    assert explain(other).problems == [
        f"It is for “{ADDRESS}” and not for “https://nz.example.com/patients”.",
        "It is for patient 7, the address names 8.",
    ]


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "https://other.example"}, "It is from “https://other.example”"),
        ({"aud": "https://nz.example.com/patients"}, "It is for “https://nz."),
        ({"exp": 1}, "s ago: a token is good for 60 s"),
        ({"iat": int(time.time()) + 4000}, "look at the clocks"),
        ({"iat": None}, "It lacks “iat” or “exp”"),
        ({"exp": "soon"}, "It lacks “iat” or “exp”"),
        ({"sub": None}, "It lacks “sub”"),
        ({"jti": ""}, "It lacks “jti”"),
        ({"account": 5}, "It lacks “account”"),
        ({"patient_id": 7}, "It lacks “patient_id”"),
        ({"patient_id": "x"}, "It lacks “patient_id”"),
    ],
)
def test_a_wrong_claim_is_the_one_problem(claims: dict[str, Any], words: str) -> None:
    [problem] = explain(token(**claims), address=ADDRESS).problems

    assert words in problem


def test_a_wrong_type_a_demand_and_a_key_of_its_own_are_told() -> None:
    assert "Its type is “JWT”" in explain(token({"typ": "JWT"})).problems[0]
    assert any("crit" in words for words in explain(token({"crit": ["b64"], "b64": True})).problems)
    own = {"jwk": ECKey.generate_key("P-256").as_dict(private=False)}
    assert "It brings a key" in explain(token(own)).problems[0]


def test_another_key_and_another_algorithm_are_told() -> None:
    stranger = ECKey.generate_key("P-256")
    assert "Its signature does not fit" in explain(token(key=stranger)).problems[0]
    assert "none that this installation" in explain(token({"kid": "x"}, stranger)).problems[0]
    assert "none that this installation" in explain(token({"kid": None})).problems[0]

    public = LaunchKey.to_sign_with().public["x"]
    shared = explain(token({"alg": "HS256"}, OctKey.import_key(public)))
    assert "signed by “HS256”" in shared.problems[0]
    kid = LaunchKey.to_sign_with().kid
    header = json.dumps({"alg": "none", "typ": "casewell-launch+jwt", "kid": kid}).encode()
    claims = token().split(".")[1]
    unsigned = f"{base64.urlsafe_b64encode(header).decode().rstrip('=')}.{claims}."
    nothing = explain(unsigned)
    assert "signed by “none”" in nothing.problems[0]
    assert "Its signature does not fit" in nothing.problems[1]


def test_an_address_without_a_token_is_told_so() -> None:
    [problem] = explain(f"{ADDRESS}?patient_id=7").problems
    assert "carries no launch_token" in problem

    [empty] = explain(f"{ADDRESS}?patient_id=7&launch_token=").problems
    assert "carries no launch_token" in empty


def test_what_a_token_demands_is_told_apart_from_its_signature() -> None:
    extended = jws.JWSRegistry(strict_check_header=False)
    extended.check_header = lambda header: None  # type: ignore[method-assign]
    header = {"alg": "ES256", "typ": "casewell-launch+jwt", "crit": ["casewell"], "casewell": True}
    ours = LaunchKey.to_sign_with()
    claims = explain(token()).claims
    demanding = jwt.encode(header | {"kid": ours.kid}, claims, ours.pair, registry=extended)

    [problem] = explain(demanding).problems
    assert "(crit): refuse it" in problem


def test_a_key_that_was_retired_is_told() -> None:
    former = token()
    LaunchKey.rotate(drop=True)

    assert "none that this installation publishes" in explain(former).problems[0]


@pytest.mark.parametrize(
    "pasted",
    [
        *("", "a.b", "a.b.c.d", "...", "ä.b.c", "e30.e30", "e30", "null.null.null"),
        *("bnVsbA.bnVsbA.x", "W10.W10.x", "e30.!.x", f"{'a' * 9000}.b.c"),
    ],
)
def test_garbage_is_no_token(pasted: str) -> None:
    found = explain(pasted)

    assert not found.is_good
    assert "no token" in found.problems[0] or "no JSON object" in found.problems[0]
