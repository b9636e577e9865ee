"""What `bin/casewell apikey …` does: keys to the API, made, listed and revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.config.commands import account_called, user_called
from casewell.config.installation import Refused, installation
from casewell.lib.terminal import say, tell

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from casewell.accounts.models import ApiKey, Membership
    from casewell.audit.actors import Actor

LARGEST_ID = 2**63 - 1


def add_create_options(create: ArgumentParser) -> None:
    create.add_argument("--account", required=True, metavar="SLUG")
    create.add_argument("--user", required=True, metavar="EMAIL", help="whose rights it has")
    create.add_argument("--name", default="Command line", help="what will use it")
    create.add_argument("--until", metavar="YYYY-MM-DD", help="its last day (default: none)")


def add_list_options(listing: ArgumentParser) -> None:
    listing.add_argument("--account", required=True, metavar="SLUG")
    listing.add_argument("--all", action="store_true", help="those that have ended as well")


def add_revoke_options(revoke: ArgumentParser) -> None:
    revoke.add_argument("key", help="its id, how it begins (6 letters and digits), or all of it")
    revoke.add_argument("--account", metavar="SLUG", help="look in this practice alone")


def create_key(options: Namespace) -> int:
    """Issue a key to the API; the last line of the output is the key alone."""
    with installation(options.data):
        from casewell.tenancy.scope import account_scope

        account, user = account_called(options.account), user_called(options.user)
        membership = account.memberships.filter(user=user, active=True).first()
        if membership is None:
            raise Refused(f"{user.email} is no member of {account.slug}.")
        with account_scope(account):
            text = _issued(membership, options)
        say(f"A key of {membership}, shown this once:")
        tell(text)
    return 0


def _issued(membership: Membership, options: Namespace) -> str:
    """The text of a new key, under the rules of the page. Raises Refused."""
    from casewell.accounts.models import ApiKey
    from casewell.audit.api_key_form import ApiKeyForm

    typed = {"name": options.name, "until": options.until}
    form = ApiKeyForm(typed, instance=ApiKey(membership=membership))
    if not form.is_valid():
        wrong = [f"--{name}: {' '.join(map(str, said))}" for name, said in form.errors.items()]
        raise Refused(" ".join(wrong))
    return form.issue(by=_command_line())[1]


def list_keys(options: Namespace) -> int:
    """List a practice's keys: id, beginning, state, whose it is, its name, when it was used."""
    with installation(options.data):
        from casewell.accounts.models import ApiKey

        keys = ApiKey.objects.all() if options.all else ApiKey.objects.unended()
        here = keys.filter(membership__account=account_called(options.account))
        for key in here.select_related("membership__user", "membership__account").order_by("id"):
            tell(_line(key))
    return 0


def _line(key: ApiKey) -> str:
    used = f"last used {key.last_used_at:%Y-%m-%d %H:%M} UTC" if key.last_used_at else "never used"
    until = f", until {key.last_day}" if key.last_day else ""
    # A name may hold what a terminal would obey.
    name = "".join(letter if letter.isprintable() else " " for letter in key.name)
    email = key.membership.user.email
    return f"{key.pk}  {key.prefix}  {_state(key)}  {email}  {name} ({used}{until})"


def _state(key: ApiKey) -> str:
    member = key.membership
    if key.revoked_at:
        return "revoked"
    if key.has_run_out:
        return "ended"
    return "valid" if member.active and member.user.is_active else "switched-off"


def revoke_key(options: Namespace) -> int:
    """End a key at once."""
    with installation(options.data):
        from casewell.audit.api_keys import revoke
        from casewell.tenancy.scope import account_scope

        key = _key(options.key, options.account)
        with account_scope(key.membership.account):
            revoke(key, by=_command_line())
        tell(f"Revoked {key}, {key.membership.account.slug}")
    return 0


def _key(named: str, slug: str | None) -> ApiKey:
    """The one key in use with that id, beginning or text. Raises Refused."""
    from casewell.accounts.models import ApiKey

    rows = ApiKey.objects.unended().select_related("membership__user", "membership__account")
    if slug:
        rows = rows.filter(membership__account=account_called(slug))
    is_id = named.isdecimal() and int(named) <= LARGEST_ID
    found = list(rows.filter(pk=int(named))) if is_id else []
    found = found or list(rows.filter(digest=ApiKey.digest_of(named)))
    found = found or list(rows.filter(prefix=named)[:2])
    if len(found) != 1:
        how_many = "Several keys begin so: give the id" if found else "No key in use is called so"
        raise Refused(f"{how_many} (bin/casewell apikey list --account SLUG).")
    return found[0]


def _command_line() -> Actor:
    from casewell.audit.actors import Actor

    return Actor(job="command line")
