"""Approved apps of the installation, buttons of a practice, launches."""

from __future__ import annotations

from casewell.connections.models.approved import (
    MOST_PATTERNS,
    AppPattern,
    ApprovedApp,
    NotDecided,
    check_patterns,
)
from casewell.connections.models.connected import (
    AppSwitchedOff,
    ConnectedApp,
    NotOfPatient,
    RoleMayNot,
)
from casewell.connections.models.decision import ANYBODY, COMMAND_LINE, AppDecision, Decider
from casewell.connections.models.key import LaunchKey, key_set
from casewell.connections.models.launch import AppLaunch

__all__ = [
    "ANYBODY",
    "COMMAND_LINE",
    "MOST_PATTERNS",
    "AppDecision",
    "AppLaunch",
    "AppPattern",
    "AppSwitchedOff",
    "ApprovedApp",
    "ConnectedApp",
    "Decider",
    "LaunchKey",
    "NotDecided",
    "NotOfPatient",
    "RoleMayNot",
    "check_patterns",
    "key_set",
]
