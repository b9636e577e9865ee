"""Lines of CSV that a spreadsheet opens as it should, and runs nothing of."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

BYTE_ORDER_MARK = "\ufeff"  # tells Excel that the file is UTF-8
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def line_of(cells: Iterable[str | Decimal]) -> str:
    """One line with its end; a cell that would be a formula is made text, an amount stays one.

    >>> line_of(["Rossi, Ada", "=1+1", "+61 400"])
    '"Rossi, Ada",\\'=1+1,\\'+61 400\\r\\n'
    """
    line = io.StringIO()
    csv.writer(line).writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
    return line.getvalue()


def harmless(cell: str) -> str:
    """The cell as text: what starts like a formula has an apostrophe before it.

    >>> harmless("@SUM(A1)"), harmless("a-b")
    ("'@SUM(A1)", 'a-b')
    """
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell
