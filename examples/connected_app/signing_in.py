"""Sign-in of this app's own users, and launches that wait for it."""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import asdict, dataclass
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from .store import Store

ways_in = Blueprint("ways_in", __name__)
P = ParamSpec("P")
WAITING = 4  # launches at once, for several tabs; they share the session's cookie
LONGEST_WAIT = 3600  # seconds


@dataclass(frozen=True)
class Arrival:
    """A launch that was checked when it came. It stays good while its user signs in.

    The token is not kept: it has been used, and would have expired. What it proved is kept.
    """

    patient_id: str
    signed: bool
    case_id: str | None = None


def store() -> Store:
    kept: Store = current_app.extensions["store"]
    return kept


def look_who_is_there() -> None:
    """Before each request: the signed-in user as `g.user`."""
    g.user = store().user(session["user"]) if "user" in session else None


def signed_in_only(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        return view(*args, **kwargs) if g.user else redirect(url_for("ways_in.login"), 303)

    return checked


# Launches that wait. They live in the session, whose cookie is signed, so nobody can forge one;
# the address has but a random name for each. There is no `next=` to send anybody elsewhere.


def wait_for_sign_in(arrival: Arrival) -> ResponseReturnValue:
    name = secrets.token_urlsafe(9)
    latest = {"name": name, "at": int(time.time())} | asdict(arrival)
    session["waiting"] = [*session.get("waiting", []), latest][-WAITING:]
    return redirect(url_for("ways_in.login", arrival=name), 303)


def arrival_named(name: str) -> Arrival | None:
    for kept in session.get("waiting", []):
        if kept["name"] == name and time.time() - kept["at"] <= LONGEST_WAIT:
            return Arrival(kept["patient_id"], kept["signed"], kept["case_id"])
    return None


def _onward(name: str) -> ResponseReturnValue:
    if name and arrival_named(name):
        return redirect(url_for("patients.arrived", name=name), 303)
    return redirect(url_for("patients.launch_or_list"), 303)


@ways_in.get("/login")
def login() -> ResponseReturnValue:
    name = request.args.get("arrival", "")
    return _onward(name) if g.user else _form(name)


@ways_in.post("/login")
def sign_in() -> ResponseReturnValue:
    name = request.form.get("arrival", "")
    email = request.form.get("email", "")
    user = store().signed_in(email, request.form.get("password", ""))
    if user is None:
        return _form(name, email, "That e-mail and password do not go together."), 401
    waiting = session.get("waiting", [])
    session.clear()  # a new session for the signed-in user; only the launches go along
    session.update(user=user["id"], waiting=waiting)
    return _onward(name)


@ways_in.post("/logout")
def logout() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for("ways_in.login"), 303)


def _form(name: str, email: str = "", problem: str = "") -> str:
    return render_template("login.html", arrival=name, email=email, problem=problem)


# Every form carries a token that is in the session too, so that no other site can send it.


def csrf_token() -> str:
    return str(session.setdefault("csrf", secrets.token_urlsafe(16)))


def refuse_foreign_forms() -> ResponseReturnValue | None:
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    sent, kept = request.form.get("csrf", ""), session.get("csrf", "")
    if kept and hmac.compare_digest(sent.encode(), kept.encode()):
        return None
    if request.endpoint != "ways_in.sign_in":
        why = "This form came from an older page. Go back, reload it and send it again."
        return render_template("notice.html", title="Not sent", text=why), 400
    name = request.form.get("arrival", "")
    if g.user:  # signed in meanwhile, in another tab
        return _onward(name)
    return _form(name, request.form.get("email", ""), "The page was old. Please try again."), 400
