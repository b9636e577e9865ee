"""The model verifier believes a genuine launch once, and refuses every other."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import TYPE_CHECKING, Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey

from tests.examples.installation import AUDIENCE, Installation, part
from tests.examples.verifying import Clock, refusal

if TYPE_CHECKING:
    from examples.connected_app.verify import Verifier


def test_a_genuine_launch_says_who_opens_whom(verifier: Verifier, casewell: Installation) -> None:
    launch = verifier.verify(casewell.token(case_id="7", appointment_id="9"), "42")

    assert (launch.issuer, launch.account) == (casewell.address, "northside")
    assert (launch.user, launch.patient_id) == ("u-8f14e45f", "42")
    assert (launch.case_id, launch.appointment_id) == ("7", "9")
    assert verifier.verify(casewell.token(), "42").case_id is None


def test_a_token_without_signature_is_refused(verifier: Verifier, casewell: Installation) -> None:
    for alg in ("none", "None", "NONE", ""):
        for signature in ("", casewell.token().rsplit(".")[-1]):
            words = f"{part(casewell.header(alg=alg))}.{part(casewell.claims())}.{signature}"
            assert refusal(verifier, words) == "algorithm"
    bare = f"{part(casewell.header())}.{part(casewell.claims())}."
    assert refusal(verifier, bare) == "signature"


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(
    verifier: Verifier, casewell: Installation
) -> None:
    head = f"{part(casewell.header(alg='HS256'))}.{part(casewell.claims())}"
    for secret in (casewell.signing.as_pem(private=False), casewell.signing.as_bytes()):
        signature = hmac.digest(secret, head.encode(), hashlib.sha256)
        assert refusal(verifier, f"{head}.{part(signature)}") == "algorithm"


def test_a_token_of_another_algorithm_or_curve_is_refused(
    verifier: Verifier, casewell: Installation
) -> None:
    other = ECKey.generate_key("P-384", {"kid": "p384"})
    casewell.published.append(other.as_dict(private=False))
    said = casewell.header(alg="ES384", kid="p384")
    token = jwt.encode(said, casewell.claims(), other, algorithms=["ES384"])

    assert refusal(verifier, token) == "algorithm"
    lying = part(casewell.header(kid="p384")) + token[token.index(".") :]
    assert refusal(verifier, lying) == "unknown_key"


@pytest.mark.parametrize("typ", ["JWT", "at+jwt", "application/casewell-launch+jwt", ..., 1])
def test_a_token_of_another_type_is_refused(
    verifier: Verifier, casewell: Installation, typ: Any
) -> None:
    header = {k: v for k, v in casewell.header(typ=typ).items() if v is not ...}
    if isinstance(typ, int):  # joserfc does not write such a header
        token = ".".join([part(header), *casewell.token().split(".")[1:]])
    else:
        token = jwt.encode(header, casewell.claims(), casewell.signing, default_type=None)

    assert refusal(verifier, token) == "type"


def test_a_token_of_another_installation_is_refused(
    verifier: Verifier, casewell: Installation
) -> None:
    address = casewell.address
    for issuer in (f"{address}/", f"{address}.evil.example", address.upper(), [address], None):
        assert refusal(verifier, casewell.token(iss=issuer)) == "issuer"


@pytest.mark.parametrize(
    "audience",
    [
        "https://fr.example.com/patients",  # another subdomain of the same wildcard
        "https://au.example.com/patients/",
        "https://au.example.com/patients?patient_id=42",
        "https://au.example.com",
        "http://au.example.com/patients",
        [AUDIENCE],
        [AUDIENCE, "https://fr.example.com/patients"],
        ...,
    ],
)
def test_a_token_for_another_address_is_refused(
    verifier: Verifier, casewell: Installation, audience: Any
) -> None:
    assert refusal(verifier, casewell.token(aud=audience)) == "audience"


def test_a_tampered_patient_is_refused(verifier: Verifier, casewell: Installation) -> None:
    genuine = casewell.claims()
    token = jwt.encode(casewell.header(), genuine, casewell.signing)
    head, _, signature = token.split(".")
    changed = f"{head}.{part(genuine | {'patient_id': '43'})}.{signature}"

    assert refusal(verifier, changed, "43") == "signature"
    assert refusal(verifier, token, "43") == "patient"  # the address was changed, not the token
    assert refusal(verifier, casewell.token(patient_id=42)) == "claim"  # a number is no id
    assert verifier.verify(token, "42").patient_id == "42"


def test_an_expired_token_is_refused_after_ten_seconds_leeway(
    verifier: Verifier, casewell: Installation, clock: Clock
) -> None:
    early, late = casewell.token(), casewell.token()
    clock.ahead = 67
    assert verifier.verify(early, "42")
    clock.ahead = 71

    assert refusal(verifier, late) == "expired"


def test_a_token_from_the_future_is_refused(verifier: Verifier, casewell: Installation) -> None:
    now = int(time.time())

    assert verifier.verify(casewell.token(iat=now + 5), "42")
    assert refusal(verifier, casewell.token(iat=now + 30, exp=now + 90)) == "not_yet"


@pytest.mark.parametrize("claim", ["exp", "iat", "jti", "sub", "account", "patient_id"])
def test_a_token_that_lacks_a_claim_or_has_a_strange_one_is_refused(
    verifier: Verifier, casewell: Installation, claim: str
) -> None:
    odd: tuple[Any, ...] = (..., None, True, "", [], {}, -1, 1e300, "two words", "x" * 201)
    for value in odd:
        assert refusal(verifier, casewell.token(**{claim: value})) == "claim"


def test_a_token_that_demands_an_extension_is_refused(
    verifier: Verifier, casewell: Installation
) -> None:
    registry = jws.JWSRegistry(strict_check_header=False)
    demands: list[dict[str, Any]] = [
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"crit": ["b64"], "b64": True},
    ]
    for more in demands:
        token = jwt.encode(
            casewell.header(**more), casewell.claims(), casewell.signing, registry=lenient(registry)
        )
        assert refusal(verifier, token) == "crit"


def lenient(registry: jws.JWSRegistry) -> jws.JWSRegistry:
    """Sign what a sender may sign, though joserfc itself knows better."""
    registry.check_header = lambda header: None  # type: ignore[method-assign]
    return registry


def test_what_is_no_token_is_refused_and_breaks_nothing(verifier: Verifier) -> None:
    deep = part(b"[" * 3000)
    odd = ("", ".", "..", "a.b.c", "ключ.b.c", f"{deep}.{deep}.", f"{part([])}.e30.", "\x00.a.b")
    for token in (*odd, part({"alg": ["ES256"]}) + ".e30.", "x" * 100_000, "e30.e30.e30"):
        assert refusal(verifier, token) in {"malformed", "algorithm"}


def test_a_token_of_more_than_4096_characters_is_refused(
    verifier: Verifier, casewell: Installation
) -> None:
    assert refusal(verifier, casewell.token(note="x" * 3000)) == "malformed"


def test_what_is_signed_but_says_nothing_is_refused(
    verifier: Verifier, casewell: Installation
) -> None:
    for payload in (b"[]", b"null", b"not json", b"\xff", b"[" * 2000):
        token = jws.serialize_compact(casewell.header(), payload, casewell.signing)
        assert refusal(verifier, token) == "malformed"
