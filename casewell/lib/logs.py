"""What logs leave out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logging import LogRecord

# Addresses whose last part lets in whoever has it.
KEYS = re.compile(r"(/sign-up/invitation/|/password/reset/)[^\s/]+")


class WithoutTokens:
    """A filter that shortens addresses which are keys.

    >>> KEYS.sub(r"\\1…", "Gone: /sign-up/invitation/3x4mple")
    'Gone: /sign-up/invitation/…'
    """

    def filter(self, record: LogRecord) -> bool:
        said = record.getMessage()
        if KEYS.search(said):
            record.msg, record.args = KEYS.sub(r"\1…", said), ()
        return True


TO_THE_CONSOLE = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_tokens": {"()": "casewell.lib.logs.WithoutTokens"}},
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["without_tokens"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
