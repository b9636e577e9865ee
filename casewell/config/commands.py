"""What each command of `bin/casewell` does: read its options, call one verb, say the result.

Django's models are imported inside, because they come with the installation.
"""

from __future__ import annotations

import getpass
import io
import sys
from typing import TYPE_CHECKING

from casewell.config.installation import Refused, installation
from casewell.lib.terminal import say, tell

if TYPE_CHECKING:
    from argparse import Namespace

    from casewell.accounts.models import Account, User


def serve(options: Namespace) -> int:
    """Serve pages and API, and work on jobs."""
    from casewell.config.serving import serve as serve_until_stopped

    return serve_until_stopped(options.data, port=options.port, demo=options.demo)


def migrate(options: Namespace) -> int:
    """Bring the database up to date."""
    with installation(options.data):
        from casewell.config import schema

        for name in schema.migrate(say):
            tell(f"Migrated {name}")
        tell("The database is up to date.")
    return 0


def demo(options: Namespace) -> int:
    """Load the demo practices into an installation without accounts."""
    with installation(options.data):
        from casewell.config.demo_practice import load_demo

        load_demo()
        tell("The demo practices are there.")
    return 0


def create_account(options: Namespace) -> int:
    """Open a practice."""
    with installation(options.data):
        from casewell.config.new_practice import open_practice

        account = open_practice(options.name, options.slug, options.time_zone)
        tell(f"Opened {account.name}, at /{account.slug}/")
    return 0


def create_user(options: Namespace) -> int:
    """Make a user, and admit them to a practice where one is named."""
    if bool(options.account) != bool(options.role):
        raise Refused("--account and --role go together.")
    with installation(options.data):
        from casewell.accounts.models import User
        from casewell.accounts.roles import Role

        account = account_called(options.account) if options.account else None
        user = User.objects.create_user(
            email=options.email,
            password=_password(options),
            first_name=options.first_name,
            last_name=options.last_name,
            is_operator=options.operator,
        )
        tell(f"Made {user.email}")
        if account:
            tell(f"Admitted: {account.admit(user, role=Role(options.role))}")
    return 0


def make_operator(options: Namespace) -> int:
    """Let a user look after the installation, or with --no let them do so no more."""
    with installation(options.data):
        user = user_called(options.email)
        user.is_operator = not options.no
        user.save(update_fields=["is_operator", "updated_at"])
        tell(f"{user.email} is {'an operator' if user.is_operator else 'no operator'} now.")
    return 0


def check(options: Namespace) -> int:
    """Say whether the installation is sound; refuse a run-time role that is too powerful."""
    with installation(options.data) as found:
        from django.core.management import call_command

        from casewell.config import schema

        schema.require_current_schema()
        # What it finds comes in its exception; the rest is chatter.
        quiet = io.StringIO()
        call_command(
            "check", databases=["default"], fail_level="WARNING", stdout=quiet, stderr=quiet
        )
        tell(f"Data folder: {found.data}")
        tell(f"PostgreSQL: {'the embedded one' if found.is_embedded else 'that of DATABASE_URL'}")
        tell("The run-time role is a plain one, the database is up to date, all checks pass.")
    return 0


def account_called(slug: str) -> Account:
    """The practice with that word in addresses. Raises Refused."""
    from casewell.accounts.models import Account

    if account := Account.objects.filter(slug=slug).first():
        return account
    raise Refused(f"There is no account “{slug}”.")


def user_called(email: str) -> User:
    """The user who signs in so. Raises Refused."""
    from casewell.accounts.models import User

    if user := User.objects.filter(email=email.lower(), is_active=True).first():
        return user
    raise Refused(f"There is no user “{email}”.")


def _password(options: Namespace) -> str:
    """A password that passes the rules: a line of standard input, or asked for twice."""
    from django.contrib.auth.password_validation import validate_password

    from casewell.accounts.models import User

    if options.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if getpass.getpass("The same again: ") != password:
            raise Refused("The two passwords are not the same.")
    else:
        raise Refused("Give the password on a terminal, or with --password-stdin.")
    named = User(email=options.email, first_name=options.first_name, last_name=options.last_name)
    validate_password(password, named)
    return password
