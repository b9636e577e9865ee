"""The demo practice: its slug, and the password of its users, which everybody knows."""

from __future__ import annotations

DEMO_PASSWORD = "casewell-demo"  # noqa: S105 - public by design, refused beyond loopback
DEMO_SLUG = "demo"  # of the practice with which apps are tried out
