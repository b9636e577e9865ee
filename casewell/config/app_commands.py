"""What `bin/casewell apps …` does: the operator's side of connected patient apps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from casewell.config.installation import Refused, installation
from casewell.connections.allowances import installed_allowances
from casewell.connections.verdicts import answer, verdict
from casewell.lib.terminal import tell

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from casewell.connections.models import ApprovedApp


def add_approve_options(approve: ArgumentParser) -> None:
    approve.add_argument("app", nargs="?", help="the id or name of one that is on the list")
    approve.add_argument("--name", help="of a new one, as practices know it")
    approve.add_argument("--vendor", help="who makes it")
    approve.add_argument("--contact", metavar="EMAIL", help="whom to write to")
    approve.add_argument(
        "--pattern", action="append", help="an address of it; give as many as apply"
    )
    approve.add_argument("--signed", action="store_true", help="launches carry a signed token")
    approve.add_argument("--why", default="", help="kept with the decision")


def add_suspend_options(suspend: ArgumentParser) -> None:
    suspend.add_argument("app", help="its id or name")
    suspend.add_argument("--why", default="", help="kept with the decision")


def add_rotate_options(rotate: ArgumentParser) -> None:
    rotate.add_argument(
        "--drop", action="store_true", help="forget the former keys at once: somebody has one"
    )


def add_check_options(check: ArgumentParser) -> None:
    check.add_argument("--pattern", help="an approved address, such as *.example.com/patients")
    check.add_argument("--url", help="the address that a clinic gives")
    check.add_argument("--patient", type=int, default=1, metavar="ID", help="default: 1")
    check.add_argument(
        "--json",
        action="store_true",
        help='read {"pattern": …, "url": …} one a line from standard input, answer one a line',
    )


def list_apps(options: Namespace) -> int:
    """List the apps with their state, their maker and their addresses."""
    with installation(options.data):
        from casewell.connections.models import ApprovedApp

        for app in ApprovedApp.objects.in_order().prefetch_related("patterns"):
            signed = ", signed launch" if app.is_signed else ""
            tell(f"{app.pk}  {app.state}  {app.name} ({app.vendor}, {app.contact}){signed}")
            for text in app.written_patterns:
                tell(f"    {text}")
    return 0


def approve(options: Namespace) -> int:
    """Approve an app: one that is on the list, or a new one with its addresses."""
    new = (options.name, options.vendor, options.contact, options.pattern)
    if bool(options.app) == any(new) or (any(new) and not all(new)):
        raise Refused(
            "Name one that is on the list, or give --name, --vendor, --contact and --pattern."
        )
    with installation(options.data):
        from django.db import transaction

        from casewell.connections.models import COMMAND_LINE

        with transaction.atomic():
            app = _app(options.app) if options.app else _proposed(options)
            app.approve(by=COMMAND_LINE, why=options.why)
        tell(f"Approved {app.name}: {', '.join(app.written_patterns)}")
    return 0


def suspend(options: Namespace) -> int:
    """Take an app away from every practice, at once; decline one that was proposed."""
    with installation(options.data):
        from casewell.connections.models import COMMAND_LINE

        app = _app(options.app)
        app.suspend(by=COMMAND_LINE, why=options.why)
        tell(f"{app.get_state_display()} {app.name}")
    return 0


def rotate_keys(options: Namespace) -> int:
    """Let the next key sign launches from now on; the former one stays public for two days."""
    with installation(options.data):
        from casewell.connections.models import LaunchKey

        key = LaunchKey.rotate(drop=options.drop)
        tell(f"Launches are signed with {key.kid} now.")
        if options.drop:
            tell("The former keys are gone: apps refuse what they signed as soon as they look.")
    return 0


def _proposed(options: Namespace) -> ApprovedApp:
    from casewell.connections.models import COMMAND_LINE, ApprovedApp

    return ApprovedApp.propose(
        options.pattern,
        by=COMMAND_LINE,
        name=options.name,
        vendor=options.vendor,
        contact=options.contact,
        is_signed=options.signed,
    )


def _app(named: str) -> ApprovedApp:
    """By id, else by name where one alone has it. Raises Refused."""
    from casewell.connections.models import ApprovedApp

    by_name = list(ApprovedApp.objects.filter(name__iexact=named)[:2])
    is_id = named.isdecimal() and len(named) < 19
    by_id = list(ApprovedApp.objects.filter(pk=int(named))) if is_id else []
    if len(by_id or by_name) != 1:
        how_many = "Several apps have that name: give the id" if by_name else "There is no such app"
        raise Refused(f"{how_many} (bin/casewell apps list).")
    return (by_id or by_name)[0]


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
