"""The shape of a file number of the Department of Veterans' Affairs, as on a veteran's card.

A letter for the state, up to three for the war or service, up to six digits, and at times a letter
for a dependant; letters and digits of the middle are seven at most. It has no check digit.
"""

from __future__ import annotations

import re

FILE_NUMBER = r"^[NVQSWT]([A-Z ][0-9]{1,6}|[A-Z]{2}[0-9]{1,5}|[A-Z]{3}[0-9]{1,4})[A-Z]?\Z"


def is_file_number(text: str) -> bool:
    """Whether it has the shape; spaces around it and case do not matter.

    >>> [is_file_number(one) for one in ("NX123456", "qsm12345", "N 12345A", "XX123456", "NX")]
    [True, True, True, False, False]
    """
    return re.match(FILE_NUMBER, text.strip().upper(), re.ASCII) is not None
