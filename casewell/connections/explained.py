"""What is wrong with a launch token that an integrator has at hand, in sentences.

For finding mistakes only: what it says is no leave to let anybody in.
"""

from __future__ import annotations

import base64
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from casewell.connections.models.key import key_set
from casewell.connections.parameters import LAUNCH_TOKEN, PATIENT_ID
from casewell.connections.tokens import ALGORITHM, LASTS, TYPE, issuer
from casewell.connections.trials import trial_issuer, trial_key_set

LONGEST = 8000
PART = re.compile(r"[A-Za-z0-9_-]+")
TEXTS = ("sub", "account", "jti")
NO_TOKEN = (
    f"This address carries no {LAUNCH_TOKEN}, as those of apps that are opened unsigned. An app "
    "that requires signed launches refuses it."
)


@dataclass
class Explained:
    """A token's own words, as far as they can be read, and all that speaks against it."""

    header: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    is_trial: bool = False  # a test token of the integrators' page

    @property
    def is_good(self) -> bool:
        return not self.problems


def explain(pasted: str, *, address: str = "") -> Explained:
    """Look at a token, or at the whole address that an app was opened with.

    `address` is where the app receives launches; where it is known, the token must be for it.
    """
    text = pasted.strip()
    patient_id = ""
    if "://" in text:
        given, _, query = text.partition("?")
        parameters = parse_qs(query)
        text = parameters.get(LAUNCH_TOKEN, [""])[-1]
        patient_id = parameters.get(PATIENT_ID, [""])[-1]
        address = address or given
        if LAUNCH_TOKEN not in parameters:
            return Explained(problems=[NO_TOKEN])
    found = Explained()
    parts = text.split(".")
    if len(parts) != 3 or len(text) > LONGEST:
        found.problems.append(
            "This is no token: one has three parts with dots between them, and at most "
            f"{LONGEST:,} characters."
        )
        return found
    for name, part, into in (("first", parts[0], "header"), ("second", parts[1], "claims")):
        try:
            setattr(found, into, _object(part))
        except (ValueError, RecursionError):
            found.problems.append(f"Its {name} part is no JSON object in base64url.")
    if found.is_good:
        found.problems += _of_the_header(found.header)
        found.is_trial = _is_trial(found)
        keys = trial_key_set() if found.is_trial else key_set()
        found.problems += _of_the_signature(text, found.header, keys)
        found.problems += _of_the_claims(found.claims, is_trial=found.is_trial)
        found.problems += _of_the_times(found.claims)
        found.problems += _of_the_place(found.claims, address.partition("?")[0], patient_id)
    return found


def _object(part: str) -> dict[str, Any]:
    said = json.loads(_octets(part))
    if not isinstance(said, dict):
        raise ValueError("no object")  # noqa: TRY004 - whatever is wrong is one answer
    json.dumps(said, ensure_ascii=False).encode()  # half of a letter's two, which no page can show
    return said


def _octets(part: str) -> bytes:
    if not PART.fullmatch(part):
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _is_trial(found: Explained) -> bool:
    """Whether it was made on the page for makers of apps, even with another issuer's name."""
    said, kid = found.claims.get("iss"), found.header.get("kid")
    made_there = kid == trial_key_set()["keys"][0]["kid"] and said != issuer()
    return said == trial_issuer() or made_there


def _of_the_header(header: dict[str, Any]) -> list[str]:
    problems = []
    if header.get("alg") != ALGORITHM:
        problems.append(
            f"It says that it is signed by “{header.get('alg')}”. Take {ALGORITHM} alone: with "
            "“none” or a shared secret anybody could have made it."
        )
    if header.get("typ") != TYPE:
        problems.append(f"Its type is “{header.get('typ')}” and not “{TYPE}”.")
    if "crit" in header:
        problems.append("It asks for something that you do not know (crit): refuse it.")
    if header.keys() & {"jwk", "jku", "x5c", "x5u"}:
        problems.append("It brings a key or an address of one. Take those of this installation.")
    return problems


def _of_the_signature(text: str, header: dict[str, Any], keys: dict[str, Any]) -> list[str]:
    known = {key["kid"]: key for key in keys["keys"]}
    kid = header.get("kid")
    if not isinstance(kid, str) or kid not in known:
        return ["Its key (kid) is none that this installation publishes now."]
    signed, _, signature = text.rpartition(".")
    key = ECKey.import_key(known[kid])
    try:
        # By itself: what else speaks against the header is told beside it.
        ours = JWSRegistry.algorithms[ALGORITHM]
        fits = ours.verify(signed.encode(), _octets(signature), key)
    except (JoseError, ValueError):
        fits = False
    told = "Its signature does not fit: what it says was changed, or another key signed it."
    return [] if fits else [told]


def _of_the_claims(claims: dict[str, Any], *, is_trial: bool) -> list[str]:
    who, ours = ("page", trial_issuer()) if is_trial else ("installation", issuer())
    problems = [
        f"It lacks “{name}”, a text."
        for name in TEXTS
        if not (isinstance(claims.get(name), str) and claims[name])
    ]
    if claims.get("iss") != ours:
        problems.append(f"It is from “{claims.get('iss')}”; this {who} is “{ours}”.")
    return problems


def _of_the_times(claims: dict[str, Any]) -> list[str]:
    issued, ends = claims.get("iat"), claims.get("exp")
    if type(issued) is not int or type(ends) is not int:
        return ["It lacks “iat” or “exp”, whole numbers of seconds."]
    now = int(time.time())
    if ends < now:
        return [f"It ended {now - ends:,} s ago: a token is good for {LASTS} s, and once."]
    if issued > now + LASTS:
        return [f"It will be made in {issued - now:,} s: look at the clocks."]
    return []


def _of_the_place(claims: dict[str, Any], address: str, patient_id: str) -> list[str]:
    problems = []
    if address and claims.get("aud") != address:
        problems.append(f"It is for “{claims.get('aud')}” and not for “{address}”.")
    named = claims.get("patient_id")
    if not (isinstance(named, str) and re.fullmatch(r"[1-9][0-9]{0,18}", named)):
        problems.append("It lacks “patient_id”, digits as a text.")
    elif patient_id and named != patient_id:
        problems.append(f"It is for patient {named}, the address names {patient_id[:20]}.")
    return problems
