"""The command line, `bin/casewell`."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management.base import CommandError
from django.db import DatabaseError

from casewell.config import api_key_commands, app_commands, commands
from casewell.config.installation import Refused
from casewell.lib.errors import RuleViolation
from casewell.lib.postgres_cluster import PostgresFailed
from casewell.lib.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    Command = Callable[[argparse.Namespace], int]
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

ROLES = "administrator, practitioner, power receptionist, receptionist, scheduler, bookkeeper"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one command; the exit code: 0 done, 1 refused or failed with a sentence that says why."""
    signal.signal(signal.SIGTERM, _leave)
    options = parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except ValidationError as error:
        say(" ".join(error.messages))
    except (Refused, RuleViolation, PostgresFailed, ImproperlyConfigured, CommandError) as error:
        say(str(error))
    except (DatabaseError, OSError) as error:
        say(f"{type(error).__name__}: {str(error).strip()}")
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 1


def _leave(number: int, frame: FrameType | None) -> None:
    """Leave through every `finally`, so that no server is left behind."""
    sys.exit(128 + number)


def parser() -> argparse.ArgumentParser:
    """All commands with their options; `--data` goes before and after each."""
    top = argparse.ArgumentParser(prog="bin/casewell", parents=[_data_option()])
    top.set_defaults(data=None)
    every = top.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(every)
    _add(every, "migrate", commands.migrate)
    _add(every, "demo", commands.demo)
    _add(every, "check", commands.check)
    _add_account_create(_group(every, "account", "practices"))
    users = _group(every, "user", "the people who sign in")
    _add_user_create(users)
    _add_user_operator(users)
    _add_api_keys(_group(every, "apikey", "keys to the API"))
    _add_apps(_group(every, "apps", "other software that is opened from a patient's page"))
    return top


def _data_option() -> argparse.ArgumentParser:
    option = argparse.ArgumentParser(add_help=False)
    option.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,  # so that a subcommand without it keeps the one given before
        help="the data folder (default: CASEWELL_DATA, else .casewell in the project)",
    )
    return option


def _add(group: Commands, name: str, command: Command) -> argparse.ArgumentParser:
    text = (command.__doc__ or "").split("\n")[0]
    found = group.add_parser(name, help=text, description=text, parents=[_data_option()])
    found.set_defaults(command=command)
    return found


def _group(every: Commands, name: str, text: str) -> Commands:
    found = every.add_parser(name, help=text, parents=[_data_option()])
    return found.add_subparsers(required=True, metavar="COMMAND")


def _add_serve(every: Commands) -> None:
    serve = _add(every, "serve", commands.serve)
    serve.add_argument("--port", type=int, default=8000, help="on 127.0.0.1 (default: 8000)")
    choice = serve.add_mutually_exclusive_group()
    choice.add_argument(
        "--demo",
        action="store_true",
        default=None,
        help="load the demo practices where there are no accounts",
    )
    choice.add_argument(
        "--no-demo", dest="demo", action="store_false", help="not even at the first start"
    )


def _add_account_create(group: Commands) -> None:
    create = _add(group, "create", commands.create_account)
    create.add_argument("--name", required=True, help="as patients know it")
    create.add_argument("--slug", required=True, help="its word in addresses: a-z, 0-9, -")
    create.add_argument("--time-zone", required=True, help="such as Australia/Sydney")


def _add_user_create(group: Commands) -> None:
    create = _add(group, "create", commands.create_user)
    create.add_argument("--email", required=True)
    create.add_argument("--first-name", required=True)
    create.add_argument("--last-name", required=True)
    create.add_argument("--account", metavar="SLUG", help="the practice to admit them to")
    create.add_argument("--role", choices=ROLES.split(", "), help="their role there")
    create.add_argument("--operator", action="store_true", help="may look after the installation")
    create.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )


def _add_user_operator(group: Commands) -> None:
    operator = _add(group, "operator", commands.make_operator)
    operator.add_argument("--email", required=True)
    operator.add_argument("--no", action="store_true", help="let them be one no more")


def _add_api_keys(group: Commands) -> None:
    keys = api_key_commands
    keys.add_create_options(_add(group, "create", keys.create_key))
    keys.add_list_options(_add(group, "list", keys.list_keys))
    keys.add_revoke_options(_add(group, "revoke", keys.revoke_key))


def _add_apps(group: Commands) -> None:
    _add(group, "list", app_commands.list_apps)
    app_commands.add_approve_options(_add(group, "approve", app_commands.approve))
    app_commands.add_suspend_options(_add(group, "suspend", app_commands.suspend))
    app_commands.add_rotate_options(_add(group, "rotate-keys", app_commands.rotate_keys))
    app_commands.add_check_options(_add(group, "check", app_commands.check))


if __name__ == "__main__":
    sys.exit(main())
