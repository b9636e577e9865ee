"""The app, put together: settings, what it keeps, and what every answer carries."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from flask import Flask, current_app, redirect, render_template, request, url_for

from .casewell_api import CasewellApi
from .patients import patients
from .signing_in import csrf_token, look_who_is_there, refuse_foreign_forms, ways_in
from .store import Store
from .verify import PublishedKeys, UsedTokens, Verifier

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Response
    from flask.typing import ResponseReturnValue

    from .settings import Settings

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # our addresses name patients; they leave with nobody
    "X-Content-Type-Options": "nosniff",
}


def create_app(settings: Settings) -> Flask:
    settings.folder.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__)
    https = settings.scheme == "https"
    app.config.update(
        SECRET_KEY=_secret(settings.folder / "secret"),
        MAX_CONTENT_LENGTH=100_000,
        SESSION_COOKIE_NAME="__Host-stride" if https else "stride",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        # Lax, for a launch comes from another site: with Strict the browser would leave the
        # cookie out, and everybody would have to sign in at each launch.
        SESSION_COOKIE_SAMESITE="Lax",
    )
    keys, used = PublishedKeys(settings.jwks_url), UsedTokens(settings.database)
    app.extensions |= {
        "settings": settings,
        "store": Store(settings.database, settings.casewell),
        "api": CasewellApi(settings.api_url, settings.api_key),
        "verifiers": {
            host: Verifier(settings.casewell, settings.launch_address(host), keys, used)
            for host in settings.hosts
        },
    }
    _guard(app)
    app.register_blueprint(ways_in)
    app.register_blueprint(patients)
    app.add_url_rule("/", view_func=home)
    return app


def home() -> ResponseReturnValue:
    return redirect(url_for("patients.launch_or_list"), 303)


def _guard(app: Flask) -> None:
    app.before_request(_refuse_foreign_hosts)
    app.before_request(look_who_is_there)
    app.before_request(refuse_foreign_forms)
    app.after_request(_with_headers)
    app.register_error_handler(404, _not_there)
    app.context_processor(lambda: {"csrf_token": csrf_token})


def _refuse_foreign_hosts() -> ResponseReturnValue | None:
    """The name in the address decides which token is for us, so only our own names count."""
    return None if request.host in current_app.extensions["verifiers"] else ("Not here.\n", 421)


def _with_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def _not_there(_: Exception) -> ResponseReturnValue:
    text = "There is no such page here."
    return render_template("notice.html", title="Not found", text=text), 404


def _secret(path: Path) -> str:
    """The key that signs sessions: made once, readable by this user alone."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text()
