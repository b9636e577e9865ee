"""Launches for a try, with a test patient: what would be sent, and tokens that open nothing.

Their tokens have an issuer and a key of their own, so an app in use refuses them: anybody may have
one for any address. An app under test is told of that issuer and of its keys, and nothing else
about it is different.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey

from casewell.connections.faults import Draft
from casewell.connections.parameters import LAUNCH_TOKEN
from casewell.connections.tokens import ALGORITHM, issuer, launch_claims, launch_header
from casewell.lib.sealing import derived

if TYPE_CHECKING:
    from casewell.connections.addresses import Address
    from casewell.connections.faults import Fault

TEST_USER = "test-user"
TEST_ACCOUNT = "1"
KEY_OF_TRIALS = "casewell launches for a try"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


def trial_issuer() -> str:
    return f"{issuer()}/integrators"


def trial_key() -> ECKey:
    """The key of test tokens: from the secret key, so all servers have the same and none keeps it.

    The 256 bits are taken modulo the order, which for a test key is even enough.
    """
    secret = int.from_bytes(derived(KEY_OF_TRIALS)) % (ORDER - 1) + 1
    key = ECKey.import_key(ec.derive_private_key(secret, ec.SECP256R1()))
    key.ensure_kid()
    return key


def trial_key_set() -> dict[str, Any]:
    """The JWKS document of test tokens."""
    public = trial_key().as_dict(private=False)
    return {"keys": [dict(public) | {"use": "sig", "alg": ALGORITHM}]}


@dataclass(frozen=True)
class Trial:
    """A launch as an app receives it: `opened` without the token, which may be empty.

    `fault` is the mistake that was put into it; `is_again` says that its token was sent before.
    """

    opened: Address
    patient_id: int
    token: str = ""
    fault: Fault | None = None
    is_again: bool = False

    @property
    def address(self) -> Address:
        return self.opened.with_parameter(LAUNCH_TOKEN, self.token) if self.token else self.opened

    @property
    def request_lines(self) -> list[str]:
        """What the browser asks the app, as far as Casewell decides it."""
        target = self.address.href.removeprefix(self.address.origin)
        return [f"GET {target} HTTP/1.1", f"Host: {self.address.origin.partition('://')[2]}"]

    @property
    def header(self) -> str:
        return self._part(0)

    @property
    def claims(self) -> str:
        return self._part(1)

    def _part(self, number: int) -> str:
        """A part of the token as JSON to read; empty without a token."""
        if not self.token:
            return ""
        text = self.token.split(".")[number]
        read = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return json.dumps(read, indent=2, ensure_ascii=False)


def trial(
    opened: Address,
    patient_id: int,
    *,
    is_signed: bool,
    account: str = TEST_ACCOUNT,
    fault: Fault | None = None,
) -> Trial:
    """What a launch at `opened` sends, which names the patient already."""
    if not is_signed and not fault:
        return Trial(opened, patient_id)
    said = {"sub": TEST_USER, "account": account, "patient_id": str(patient_id)}
    key = trial_key()
    draft = Draft(launch_header(key), launch_claims(opened, iss=trial_issuer(), **said), key)
    return Trial(opened, patient_id, fault.token(draft) if fault else draft.signed, fault)
