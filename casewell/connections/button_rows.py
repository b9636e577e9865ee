"""A clinic's connected apps as rows that are saved together, by several managers at once.

Rows are named by `row` fields, whose order is theirs: the button's id, or a word for a new one.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils import timezone

from casewell.audit.models import Change, recorded
from casewell.connections.button_form import ButtonForm, Said, roles_in_words
from casewell.connections.models import AppLaunch, ConnectedApp
from casewell.connections.models.approvals import Approvals
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import QueryDict

    from casewell.accounts.models import Account
    from casewell.audit.actors import Actor

MOST_ROWS = 80  # whose fields are fewer than Django takes of one form
KEY = re.compile(r"[0-9a-z]{1,20}")


class ButtonRows:
    """The rows of an account, as they are or as somebody `posted` them.

    Who saves holds the account's row meanwhile, so that what is read here stays so.
    """

    def __init__(self, account: Account, posted: QueryDict | None = None) -> None:
        self.account, self.posted = account, posted
        self.approvals = Approvals.read()
        used = AppLaunch.objects.filter(app=OuterRef("pk")).order_by("-id").values("created_at")
        live = account.connected_apps.live().in_order().annotate(used_at=Subquery(used[:1]))
        self.apps: dict[str, ConnectedApp] = {str(app.pk): app for app in live}
        named = [key for key in posted.getlist("row") if KEY.fullmatch(key)] if posted else []
        self.sent = [self._row(key, posted) for key in dict.fromkeys(named)]
        self.unsent = [self._row(key) for key in self.apps if key not in named]

    def __iter__(self) -> Iterator[ButtonForm]:
        return iter(self.sent + self.unsent)

    @property
    def drawn_order(self) -> str:
        """The buttons in the order in which they were drawn first, to tell who moved some."""
        return ",".join(self.apps) if self.posted is None else self.posted.get("order", "")

    @property
    def staying(self) -> list[ButtonForm]:
        return [form for form in self if not (form.is_removed or form.is_blank)]

    @property
    def startable(self) -> list[tuple[str, str, bool]]:
        """Address, app and whether a row is there already, of what a new row may begin with.

        A wildcard is never used up: another label is another address.
        """
        there = {app.url for app in self.apps.values()}
        listed = [(str(pattern), app.name) for pattern, app in self.approvals.in_force()]
        marked = [(url, name, url in there) for url, name in listed]
        return sorted(marked, key=lambda entry: entry[2])

    @property
    def has_startable(self) -> bool:
        return any(not is_there for _, _, is_there in self.startable)

    def new_row(self, start: str = "") -> ButtonForm:
        """A row to add: an empty one, or one that begins with an entry of the approved list."""
        found = next((e for e in self.approvals.in_force() if str(e[0]) == start), None)
        said = {}
        if found:
            pattern, app = found
            said = {"name": app.name, "entry" if pattern.is_wild else "url": str(pattern)}
        return self._row(f"new{secrets.token_hex(4)}", start=said)

    def is_valid(self) -> bool:
        """Whether all can be saved; if not, each row says what is wrong and keeps what it has."""
        self.sent = [self._met(form) for form in self.sent if not self._is_past(form)]
        self._look_at_names()
        if len(self.staying) > MOST_ROWS:
            last = [form for form in self.staying if form.is_bound][-1]
            last.add_error("name", f"A practice has at most {MOST_ROWS} connected apps.")
        return not any(form.errors for form in self.sent)

    def save(self, *, by: Actor) -> None:
        """Store valid rows in their order; those that are ticked to go are archived."""
        for form in self.sent:
            if form.is_removed and form.app:
                form.app.archive(by=by)
        self._free_names()
        for position, form in enumerate(self._in_order()):
            self._store(form, position, by)

    def _row(
        self, key: str, posted: QueryDict | None = None, start: dict[str, str] | None = None
    ) -> ButtonForm:
        app: Any = self.apps.get(key)
        form = ButtonForm(posted, key=key, app=app, approvals=self.approvals, start=start)
        form.used_at = app.used_at if app else None
        return form

    def _is_past(self, form: ButtonForm) -> bool:
        """Whether others removed the row's button, and its sender did nothing to it."""
        is_gone = form.key.isdecimal() and form.app is None
        return is_gone and bool(form.has_seen) and (form.is_removed or form.is_untouched)

    def _met(self, form: ButtonForm) -> ButtonForm:
        """The row as it is where others alone have changed it; a complaint where both have."""
        now = str(Said.of(form.app)) if form.app else ""
        if not form.has_seen or form.has_seen == now:
            return form
        if form.app is None:
            form.show_again(
                "Somebody removed this app meanwhile. Save again to add it anew.", seen=""
            )
        elif form.is_untouched and not form.is_removed:
            return self._row(form.key)
        elif form.is_removed or str(form.typed) != now:
            form.show_again(_who_changed(form.app, form.typed), seen=now)
        return form

    def _look_at_names(self) -> None:
        """Each name once; of two that are the same, what was typed now is wrong."""
        taken = set()
        for form in sorted(self.staying, key=lambda form: form.is_bound and not form.is_untouched):
            name = _folded(str(form["name"].value() or ""))
            if name and name in taken and form.is_bound:
                form.add_error("name", "Another app has this name: each has one of its own.")
            taken.add(name)

    def _free_names(self) -> None:
        """Take the names away that change: two buttons may swap theirs."""
        bound = [form for form in self.staying if form.is_bound and form.app]
        renamed = [form.app.pk for form in bound if form.app and form.said.name != form.app.name]
        if renamed:
            changed = self.account.connected_apps.filter(pk__in=renamed)
            changed.update(name=Cast("pk", CharField()))

    def _in_order(self) -> list[ButtonForm]:
        """As they were sent; where only others moved some, in the order that those gave them."""
        staying = {form.key: form for form in self.staying}
        drawn = [key for key in self.drawn_order.split(",") if key in self.apps and key in staying]
        sent = [key for key in staying if key in drawn]
        stored = [key for key in self.apps if key in drawn]
        if stored == drawn or sent != drawn:
            return self.staying
        theirs = [staying[key] for key in self.apps if key in staying]
        return theirs + [form for form in self.staying if form.key not in self.apps]

    def _store(self, form: ButtonForm, position: int, by: Actor) -> None:
        app = form.app or ConnectedApp(account=self.account)
        was = Said.of(app)
        said = form.said if form.is_bound else was
        if form.app and said == was and app.position == position:
            return
        verb = "created" if form.app is None else "edited" if said != was else "moved"
        with recorded(app, verb, by=by):
            app.name, app.url, app.roles = said.name, said.url, said.roles
            app.switched_off, app.position = not said.is_on, position
            app.save()


def _folded(name: str) -> str:
    """A name as it is compared.

    >>> _folded(" Ｅxercises") == _folded("EXERCISES ")
    True
    """
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _who_changed(app: ConnectedApp, typed: Said) -> str:
    """Who changed the button meanwhile, and what is otherwise now than it was typed."""
    now, change = Said.of(app), Change.objects.of(app).select_related("user").first()
    who = f"{change.user or change.job}" if change else "Somebody"
    when = f" at {formats().clock(timezone.localtime(app.updated_at))}"
    told = [f"the name is “{now.name}”"] if now.name != typed.name else []
    told += [f"the address is {now.url}"] if now.url != typed.url else []
    told += [f"it is for {roles_in_words(now.roles)}"] if now.roles != typed.roles else []
    told += [f"it is switched {'on' if now.is_on else 'off'}"] if now.is_on != typed.is_on else []
    what = f": {', '.join(told)} now" if told else ""
    return f"{who} changed this{when}{what}. What you typed is still here: save again to keep it."
