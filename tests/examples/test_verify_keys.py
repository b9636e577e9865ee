"""The model verifier knows the published keys as they change, and believes a token once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from joserfc import jwt

from examples.connected_app.verify import LaunchRefused, Verifier
from tests.examples.installation import Installation, key
from tests.examples.verifying import Clock, refusal


def test_a_launch_opens_once(verifier: Verifier, casewell: Installation) -> None:
    token = casewell.token()
    assert refusal(verifier, token, "43") == "patient"
    verifier.verify(token, "42")  # what was refused did not use it up

    assert refusal(verifier, token) == "replayed"
    again = jwt.encode(
        casewell.header(), jwt.decode(token, casewell.signing).claims, casewell.signing
    )
    assert again != token
    assert refusal(verifier, again) == "replayed"


def test_of_many_at_once_with_the_same_token_one_opens(
    verifier: Verifier, casewell: Installation
) -> None:
    token = casewell.token()

    def outcome(_: int) -> str:
        try:
            return verifier.verify(token, "42").patient_id
        except LaunchRefused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(outcome, range(24)))

    assert outcomes == ["42"] + ["replayed"] * 23


def test_a_token_signed_by_a_key_that_is_not_published_is_refused(
    verifier: Verifier, casewell: Installation
) -> None:
    stranger = key("stranger")
    named = jwt.encode(casewell.header(kid="stranger"), casewell.claims(), stranger)
    posing = jwt.encode(casewell.header(), casewell.claims(), stranger)
    brought = casewell.header(jwk=stranger.as_dict(private=False))

    assert refusal(verifier, named) == "unknown_key"
    assert refusal(verifier, posing) == "signature"
    assert refusal(verifier, jwt.encode(brought, casewell.claims(), stranger)) == "signature"
    assert (
        refusal(
            verifier,
            jwt.encode({"typ": "casewell-launch+jwt", "alg": "ES256"}, casewell.claims(), stranger),
        )
        == "claim"
    )


def test_launches_open_across_a_rotation_of_keys(
    verifier: Verifier, casewell: Installation, clock: Clock
) -> None:
    old, new = casewell.signing, key("second")
    before = casewell.token()
    verifier.verify(casewell.token(), "42")
    clock.ahead = 61  # since the keys were asked for
    casewell.publish(old, new)
    casewell.signing = new
    after = casewell.token(iat=int(clock.time()), exp=int(clock.time()) + 60)

    assert verifier.verify(after, "42")
    assert verifier.verify(before, "42")  # its key is still published, and it has leeway left
    clock.ahead += 3601
    casewell.publish(new)
    casewell.signing = old
    late = casewell.token(iat=int(clock.time()), exp=int(clock.time()) + 60)
    assert refusal(verifier, late) == "unknown_key"


def test_unknown_keys_are_looked_for_once_a_minute(
    verifier: Verifier, casewell: Installation, clock: Clock
) -> None:
    verifier.verify(casewell.token(), "42")
    for name in ("a", "b", "c"):
        strange = jwt.encode(casewell.header(kid=name), casewell.claims(), key(name))
        assert refusal(verifier, strange) == "unknown_key"
    assert casewell.fetched == 1
    clock.ahead = 61
    assert refusal(verifier, strange) == "unknown_key"
    assert refusal(verifier, strange) == "unknown_key"

    assert casewell.fetched == 2


def test_keys_outlast_a_day_in_which_they_cannot_be_fetched(
    verifier: Verifier, casewell: Installation, clock: Clock
) -> None:
    verifier.verify(casewell.token(), "42")
    casewell.broken = True

    def now() -> dict[str, int]:
        return {"iat": int(clock.time()), "exp": int(clock.time()) + 60}

    clock.ahead = 80_000
    assert verifier.verify(casewell.token(**now()), "42")
    clock.ahead = 90_000
    assert refusal(verifier, casewell.token(**now())) == "keys_unreachable"


def test_where_no_key_was_ever_read_it_says_so(verifier: Verifier, casewell: Installation) -> None:
    casewell.broken = True
    assert refusal(verifier, casewell.token()) == "keys_unreachable"
    assert refusal(verifier, casewell.token()) == "keys_unreachable"
    assert casewell.fetched == 1
