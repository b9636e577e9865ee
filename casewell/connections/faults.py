"""Launches for a try that an app must refuse: each has one mistake, and is right in all the rest.

They are made of a test launch, with its issuer and its key, so an app in use refuses them anyway.
"""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from casewell.connections.tokens import ALGORITHM

if TYPE_CHECKING:
    from collections.abc import Callable

HOUR = 3600  # seconds
TEN_MINUTES = 600  # seconds


@dataclass(frozen=True)
class Draft:
    """A launch token before it is signed."""

    header: dict[str, Any]
    claims: dict[str, Any]
    key: ECKey

    @property
    def text(self) -> str:
        """The two parts that a signature is made over."""
        return f"{_part(self.header)}.{_part(self.claims)}"

    @property
    def signed(self) -> str:
        """Without asking the library's own rules of what a header may say."""
        made = JWSRegistry.algorithms[ALGORITHM].sign(self.text.encode(), self.key)
        return f"{self.text}.{_base64url(made)}"

    def saying(self, **claims: Any) -> Draft:
        return replace(self, claims=self.claims | claims)

    def headed(self, **header: Any) -> Draft:
        return replace(self, header=self.header | header)


def _part(said: dict[str, Any]) -> str:
    return _base64url(json.dumps(said, separators=(",", ":")).encode())


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _nothing(good: Draft) -> str:
    return ""


def _unsigned(good: Draft) -> str:
    return f"{good.headed(alg='none').text}."


def _signed_by_a_secret(good: Draft) -> str:
    text = good.headed(alg="HS256").text
    secret = good.key.as_pem(private=False)
    return f"{text}.{_base64url(hmac.digest(secret, text.encode(), 'sha256'))}"


def _of_another_type(good: Draft) -> str:
    return good.headed(typ="JWT").signed


def _demanding(good: Draft) -> str:
    return good.headed(crit=["casewell"], casewell=True).signed


def _of_an_unknown_key(good: Draft) -> str:
    stranger = ECKey.generate_key("P-256", auto_kid=True)
    return replace(good, key=stranger).headed(kid=stranger.kid).signed


def _with_its_own_key(good: Draft) -> str:
    stranger = ECKey.generate_key("P-256")
    return replace(good, key=stranger).headed(jwk=stranger.as_dict(private=False)).signed


def _changed(good: Draft) -> str:
    signature = _for_another_patient(good).rpartition(".")[2]
    return f"{good.text}.{signature}"


def _of_another_issuer(good: Draft) -> str:
    return good.saying(iss=f"{good.claims['iss']}/other").signed


def _for_a_neighbour(good: Draft) -> str:
    return good.saying(aud=neighbour(good.claims["aud"])).signed


def neighbour(address: str) -> str:
    """The same address with another first label of its host.

    >>> neighbour("https://au.example.com/patients"), neighbour("http://localhost:5050/p")
    ('https://other.example.com/patients', 'http://other.localhost:5050/p')
    """
    scheme, _, rest = address.partition("://")
    host, _, path = rest.partition("/")
    label, dot, domain = host.partition(".")
    name = "another" if label == "other" else "other"
    return f"{scheme}://{name}.{domain if dot else host}/{path}"


def _expired(good: Draft) -> str:
    return good.saying(iat=good.claims["iat"] - HOUR, exp=good.claims["exp"] - HOUR).signed


def _to_come(good: Draft) -> str:
    iat, exp = good.claims["iat"] + TEN_MINUTES, good.claims["exp"] + TEN_MINUTES
    return good.saying(iat=iat, exp=exp).signed


def _for_another_patient(good: Draft) -> str:
    return good.saying(patient_id=str(int(good.claims["patient_id"]) + 1)).signed


def _right(good: Draft) -> str:
    return good.signed


@dataclass(frozen=True)
class Fault:
    """A mistake: how it is called, what an app has to do, and what `verify.py` says of it."""

    name: str
    words: str
    duty: str
    code: str
    token: Callable[[Draft], str]


# In the order of the guide's list of what to refuse.
ALL = (
    Fault(
        "missing",
        "No token",
        "Refuse it, once you require signed launches: else to leave the token out is the way "
        "around it.",
        "malformed",
        _nothing,
    ),
    Fault(
        "none",
        "alg: none",
        "Refuse it: nobody has signed it. You name the algorithm, not the token.",
        "algorithm",
        _unsigned,
    ),
    Fault(
        "hs256",
        "alg: HS256, with the public key as its secret",
        "Refuse it: everybody has the public key. Take ES256 alone.",
        "algorithm",
        _signed_by_a_secret,
    ),
    Fault(
        "type",
        "Another type",
        "Refuse it: its “typ” is “JWT”, so it was made for something else.",
        "type",
        _of_another_type,
    ),
    Fault(
        "crit",
        "crit",
        "Refuse it: it demands an extension (“crit”), and you know none.",
        "crit",
        _demanding,
    ),
    Fault(
        "unknown_key",
        "An unknown signing key",
        "Refuse it: its “kid” is not among the published keys. Look them up again, at most once "
        "a minute.",
        "unknown_key",
        _of_an_unknown_key,
    ),
    Fault(
        "own_key",
        "A signing key of its own",
        "Refuse it: the key that fits stands in its own header (“jwk”). Take the published ones.",
        "signature",
        _with_its_own_key,
    ),
    Fault(
        "changed",
        "The patient changed after signing",
        "Refuse it: its signature belongs to the launch of another patient.",
        "signature",
        _changed,
    ),
    Fault(
        "issuer",
        "Another issuer",
        "Refuse it: its “iss” begins like the right one and goes on. Compare the whole string.",
        "issuer",
        _of_another_issuer,
    ),
    Fault(
        "audience",
        "An audience with another subdomain",
        "Refuse it: its “aud” is a neighbour of yours under the same wildcard. Compare the whole "
        "string.",
        "audience",
        _for_a_neighbour,
    ),
    Fault("expired", "Expired", "Refuse it: it ended an hour ago.", "expired", _expired),
    Fault(
        "to_come",
        "Made in ten minutes",
        "Refuse it: its “iat” is still to come, by more than clocks differ.",
        "not_yet",
        _to_come,
    ),
    Fault(
        "patient",
        "Another patient than the address",
        "Refuse it: the address names somebody else than the token.",
        "patient",
        _for_another_patient,
    ),
    Fault(
        "replayed",
        "The same token twice",
        "Launch it twice within a minute: open the patient at the first, and refuse the second.",
        "replayed",
        _right,
    ),
)
FAULTS = {fault.name: fault for fault in ALL}
REPLAYED = FAULTS["replayed"]
