"""Answers that refuse a request, in the shapes of the API's contract."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - named for what happened, as all refusals are
    """A request that is answered with an error: its status, its JSON body and further headers."""

    def __init__(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status, body)
        self.status, self.body, self.headers = status, body, headers or {}


class BadRequest(Refusal):
    """400: what was asked cannot be understood."""

    def __init__(self, message: str) -> None:
        super().__init__(400, {"message": message})


class Unauthorized(Refusal):
    """401: no key, or none that holds."""

    def __init__(self) -> None:
        body = {"message": "HTTP Basic: Access denied."}
        super().__init__(401, body, {"WWW-Authenticate": 'Basic realm="Casewell API"'})


class Forbidden(Refusal):
    """403: the key's user may not."""

    def __init__(self, what: str) -> None:
        super().__init__(403, {"message": f"The key's user may not: {what}."})


class NotThere(Refusal):
    """404: what was never there, is hidden, or is another practice's."""

    def __init__(self) -> None:
        super().__init__(404, {"status": "404", "error": "Not Found"})


class Invalid(Refusal):
    """422: properties that are refused, each by name with one sentence."""

    def __init__(self, errors: dict[str, str], **beside: Any) -> None:
        super().__init__(422, {"message": "Validation Failed", "errors": errors} | beside)
