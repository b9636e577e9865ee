"""Addresses for connected apps, outside the practices."""

from __future__ import annotations

from casewell.web.routes import public
from casewell.web.views import launch_keys

CONNECTIONS = [
    public(".well-known/jwks.json", launch_keys.launch_keys, name="launch-keys"),
]
