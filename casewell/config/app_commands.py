"""What `bin/casewell apps …` does: the operator's side of connected patient apps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from casewell.config.installation import Refused
from casewell.connections.allowances import installed_allowances
from casewell.connections.verdicts import answer, verdict
from casewell.lib.terminal import tell

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_check_options(check: ArgumentParser) -> None:
    check.add_argument("--pattern", help="an approved address, such as *.example.com/patients")
    check.add_argument("--url", help="the address that a clinic gives")
    check.add_argument("--patient", type=int, default=1, metavar="ID", help="default: 1")
    check.add_argument(
        "--json",
        action="store_true",
        help='read {"pattern": …, "url": …} one a line from standard input, answer one a line',
    )


def check(options: Namespace) -> int:
    """Say whether an address is what a pattern approves, why not, and what would be opened."""
    if options.json:
        return _check_lines()
    if options.pattern is None or options.url is None:
        raise Refused("Give --pattern and --url, or --json and lines on standard input.")
    if options.patient < 1:
        raise Refused("A patient's id is a number from 1.")
    found = verdict(options.pattern, options.url, installed_allowances(), options.patient)
    if found.launch:
        tell("Approved.")
        tell(f"Opens {found.launch.href}")
        return 0
    if found.refusal:
        what = "The address is refused" if found.pattern_valid else "The pattern is refused"
        tell(f"{what} ({found.refusal.reason.value}): {found.refusal}")
    return 1


def _check_lines() -> int:
    """No database and no Django: ten thousand lines take a second or two."""
    allowances = installed_allowances()
    for line in sys.stdin.buffer:
        sys.stdout.write(f"{answer(line, allowances)}\n")
    sys.stdout.flush()
    return 0
