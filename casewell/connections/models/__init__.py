"""Approved apps of the installation, buttons of a practice, launches."""

from __future__ import annotations

from casewell.connections.models.approved import (
    ANYBODY,
    COMMAND_LINE,
    AppDecision,
    AppPattern,
    ApprovedApp,
    Decider,
    NotDecided,
    check_patterns,
)
from casewell.connections.models.connected import (
    AppLaunch,
    AppSwitchedOff,
    ConnectedApp,
    NotOfPatient,
    RoleMayNot,
)

__all__ = [
    "ANYBODY",
    "COMMAND_LINE",
    "AppDecision",
    "AppLaunch",
    "AppPattern",
    "AppSwitchedOff",
    "ApprovedApp",
    "ConnectedApp",
    "Decider",
    "NotDecided",
    "NotOfPatient",
    "RoleMayNot",
    "check_patterns",
]
