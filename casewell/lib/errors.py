"""The one exception by which the practice's own rules refuse a request."""

from __future__ import annotations


class RuleViolation(Exception):  # noqa: N818 - named for what happened, as all refusals are
    """A request the practice's own rules forbid; `code` is stable, `str()` is for people."""

    code = "rule_violation"
    status = 422  # of the page or answer that tells it
