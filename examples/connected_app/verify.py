"""Verify a signed launch from Casewell. Stands alone: copy this file into your own app.

It needs two packages, `joserfc` (signed tokens) and `httpx` (fetching the public keys):

    verifier = Verifier(
        issuer="https://casewell.example",                     # the installation, as agreed
        audience="https://au.example.com/patients",            # your own launch address, no query
        keys=PublishedKeys("https://casewell.example/.well-known/jwks.json"),
        used=UsedTokens("used-tokens.sqlite3"),
    )
    launch = verifier.verify(token, patient_id)                # or raises LaunchRefused

Make one verifier for each launch address when your app starts, and keep it: it remembers keys.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TYPE = "casewell-launch+jwt"
ALGORITHM = "ES256"
LEEWAY = 10  # seconds by which the two clocks may differ
LONGEST = 4096  # characters of a token; ours have about 700
OPAQUE = re.compile(r"[\x21-\x7e]{1,200}")
NOT_A_TOKEN = (JoseError, ValueError, TypeError, RecursionError)


class LaunchRefused(Exception):  # noqa: N818 - a fact
    """The launch must not be believed; `code` is for programs, the text for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Launch:
    """What the clinic's Casewell said, once it is verified."""

    issuer: str
    account: str
    user: str
    patient_id: str
    token_id: str
    expires_at: int
    case_id: str | None
    appointment_id: str | None


class PublishedKeys:
    """The installation's public keys by their id.

    They are kept for an hour, or for a day while they cannot be fetched again. An id that is not
    among them is looked for at once, since keys are rotated; but never more than once a minute, or
    strangers could make us knock at will.
    """

    FRESH = 3600.0
    KEPT = 86400.0
    PAUSE = 60.0

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.url = url
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: dict[str, ECKey] = {}
        self._asked_at = self._fetched_at = float("-inf")

    def __getitem__(self, key_id: str) -> ECKey:
        with self._lock:
            if self._age() > self.FRESH or key_id not in self._keys:
                self._fetch_unless_just_done()
            if key_id in self._keys and self._age() <= self.KEPT:
                return self._keys[key_id]
            if self._fetched_at < self._asked_at:
                raise LaunchRefused("keys_unreachable", f"The keys at {self.url} cannot be read.")
        raise LaunchRefused("unknown_key", "The key that signed this launch is not published.")

    def _age(self) -> float:
        return self._clock() - self._fetched_at

    def _fetch_unless_just_done(self) -> None:
        now = self._clock()
        if now - self._asked_at < self.PAUSE:
            return
        self._asked_at = now
        try:
            answer = httpx.get(self.url, timeout=5, headers={"Accept": "application/json"})
            answer.raise_for_status()
            self._keys = dict(_usable(answer.json()["keys"]))
            self._fetched_at = now
        except (httpx.HTTPError, LookupError, *NOT_A_TOKEN):
            return  # those that we have stay in use; the next try is a minute from now


def _usable(published: list[dict[str, Any]]) -> list[tuple[str, ECKey]]:
    """The keys that can have signed a launch; others in the document are none of our business."""
    return [
        (key["kid"], ECKey.import_key(key))
        for key in published
        if key.get("kty") == "EC"
        and key.get("crv") == "P-256"
        and key.get("alg", ALGORITHM) == ALGORITHM
        and key.get("use", "sig") == "sig"
        and isinstance(key.get("kid"), str)
    ]


class UsedTokens:
    """The ids of tokens that were used, until they have expired: each opens one launch.

    One file for all processes of your app. The primary key decides who is first.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = str(path)
        with closing(self._open()) as file, file:
            file.execute("CREATE TABLE IF NOT EXISTS used (id TEXT PRIMARY KEY, until INT)")

    def is_first(self, token_id: str, until: float) -> bool:
        with closing(self._open()) as file, file:
            file.execute("DELETE FROM used WHERE until < ?", [int(time.time()) - 3600])
            done = file.execute("INSERT OR IGNORE INTO used VALUES (?, ?)", [token_id, int(until)])
            return done.rowcount == 1

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10)


@dataclass(frozen=True)
class Verifier:
    """The rules of a signed launch, for one installation and one launch address."""

    issuer: str
    audience: str
    keys: PublishedKeys
    used: UsedTokens
    now: Callable[[], float] = time.time

    def verify(self, token: str, patient_id: str) -> Launch:
        """The launch, if the token is genuine, is for us, for that patient, now, and unused."""
        claims = self._signed_claims(token)
        launch = self._for_us(claims)
        self._at_this_time(claims)
        if launch.patient_id != patient_id:
            raise LaunchRefused("patient", "The token is for another patient than the address.")
        # Last, so that a token that fails another rule is not used up by it.
        if not self.used.is_first(launch.token_id, launch.expires_at + LEEWAY):
            raise LaunchRefused("replayed", "This launch was used already. Open it again.")
        return launch

    def _signed_claims(self, token: str) -> dict[str, Any]:
        """What the token says, after its signature was checked with a published key."""
        if len(token) > LONGEST:
            raise LaunchRefused("malformed", "The token is too long.")
        try:
            header = jws.extract_compact(token.encode("ascii")).headers()
        except NOT_A_TOKEN:
            raise LaunchRefused("malformed", "This is not a launch token.") from None
        key = self.keys[_key_id(header)]
        try:
            # The algorithm is ours to name. What the token names has no say in it: that is how
            # "none", and HS256 with the public key as the secret, get past others.
            return jwt.decode(token, key, algorithms=[ALGORITHM]).claims
        except BadSignatureError:
            raise LaunchRefused("signature", "The token was changed or not signed by us.") from None
        except NOT_A_TOKEN:
            raise LaunchRefused("malformed", "This is not a launch token.") from None

    def _for_us(self, claims: dict[str, Any]) -> Launch:
        """Issuer and audience are equal to the letter: no prefix, no other subdomain, no list."""
        if claims.get("iss") != self.issuer:
            raise LaunchRefused("issuer", "The token is from another installation.")
        if claims.get("aud") != self.audience:
            raise LaunchRefused("audience", "The token is for another address than this.")
        return Launch(
            issuer=self.issuer,
            account=_text(claims, "account"),
            user=_text(claims, "sub"),
            patient_id=_text(claims, "patient_id"),
            token_id=_text(claims, "jti"),
            expires_at=_time(claims, "exp"),
            case_id=_text(claims, "case_id") if "case_id" in claims else None,
            appointment_id=_text(claims, "appointment_id") if "appointment_id" in claims else None,
        )

    def _at_this_time(self, claims: dict[str, Any]) -> None:
        now = self.now()
        if _time(claims, "iat") > now + LEEWAY:
            raise LaunchRefused("not_yet", "The token is from the future; check the clocks.")
        if _time(claims, "exp") + LEEWAY <= now:
            raise LaunchRefused("expired", "This launch is too old. Open it again.")


def _key_id(header: dict[str, Any]) -> str:
    """The id of the key that is said to have signed; the header's other rules come before."""
    if header.get("alg") != ALGORITHM:
        raise LaunchRefused("algorithm", f"The token is not signed by {ALGORITHM}.")
    if header.get("typ") != TYPE:
        raise LaunchRefused("type", "The token is genuine perhaps, but no launch.")
    # We give no critical extensions, so every one is unknown to us and must be refused (RFC 7515).
    if "crit" in header or "b64" in header:
        raise LaunchRefused("crit", "The token demands an extension that is not known here.")
    # Keys come from the address we know, never from the token (jwk, jku, x5u).
    return _text(header, "kid")


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not OPAQUE.fullmatch(value):
        raise LaunchRefused("claim", f"The token lacks “{name}”, or it is no short text.")
    return value


def _time(claims: dict[str, Any], name: str) -> int:
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**40:
        raise LaunchRefused("claim", f"The token lacks “{name}”, or it is no time.")
    return value
