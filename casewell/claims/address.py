"""The setting that says where claims are sent, read at start-up."""

from __future__ import annotations

from casewell.events.addresses import checked_url
from casewell.lib.env import env, yes_or_no


def gateway_address(written: str) -> str:
    """The address as browsers write it; empty for none. Raises ValueError for one that is not
    called: the rules are those of webhooks.

    >>> gateway_address(""), gateway_address("https://claims.example.com/in")
    ('', 'https://claims.example.com/in')
    """
    if not written:
        return ""
    return checked_url(written, loopback=env("CASEWELL_WEBHOOK_LOOPBACK", yes_or_no, "no"))
