"""Addresses for connected apps, outside the practices."""

from __future__ import annotations

from casewell.web.routes import public
from casewell.web.views import integrators, launch_keys

CONNECTIONS = [
    public(".well-known/jwks.json", launch_keys.launch_keys, name="launch-keys"),
    public("integrators", integrators.home, name="integrators"),
    public("integrators/guide", integrators.guide, name="integrators-guide"),
    public("integrators/token", integrators.token, name="integrators-token"),
    public("integrators/launch", integrators.launch, name="integrators-launch"),
    public("integrators/launch/latest", integrators.latest, name="integrators-latest"),
    public("integrators/jwks.json", integrators.test_keys, name="integrators-keys"),
    public("integrators/propose", integrators.propose, name="integrators-propose"),
    public("integrators/propose/thanks", integrators.thanks, name="integrators-thanks"),
]
