"""The password of the demo practice's users, which everybody knows."""

from __future__ import annotations

DEMO_PASSWORD = "casewell-demo"  # noqa: S105 - public by design, refused beyond loopback
