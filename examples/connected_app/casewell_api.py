"""A small client of Casewell's API: read a patient, change one, file a note of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

import httpx

USER_AGENT = "Stride example (support@stride.example)"
SECONDS = 10.0


class Unanswered(Exception):  # noqa: N818 - a fact
    """The API did not do what was asked; the text says why, for the person in front of it."""


class NotAccepted(Unanswered):
    """The API refuses what was sent; sent again, it is refused again."""


class UnknownPatient(Unanswered):
    """The API answers, and this key may see no patient with that id."""


@dataclass(frozen=True)
class Details:
    """What this app keeps of a patient. `birth_date` is ISO or empty."""

    casewell_id: str
    name: str
    birth_date: str
    email: str


@dataclass(frozen=True)
class CasewellApi:
    """`url` ends in /v1; the key is the user name of HTTP Basic, with no password."""

    url: str
    key: str

    def patient(self, casewell_id: str) -> Details:
        """The patient with that id, or the one it was merged into; archived ones too."""
        seen = {casewell_id}
        while True:
            found = self._ask("GET", f"patients/{casewell_id}", params={"q[]": "archived_at:*"})
            merged_into = _id_at_end(found.get("merged_with_patient"))
            if not merged_into or merged_into in seen:
                return _details(found)
            casewell_id = merged_into
            seen.add(casewell_id)

    def change_email(self, casewell_id: str, email: str) -> Details:
        """Change the patient's e-mail address, and nothing else; the patient as they are then."""
        return _details(self._ask("PATCH", f"patients/{casewell_id}", json={"email": email}))

    def send_file(self, casewell_id: str, name: str, content: bytes) -> str:
        """Send a file of the patient; the address by which it can be attached, within a day.

        The form says itself where it goes, perhaps to another host; our key is not sent there.
        """
        form = self._ask("GET", f"patients/{casewell_id}/attachment_presigned_post")
        try:
            url, fields = str(form["url"]), dict(form["fields"])
            key = str(fields["key"])
        except (LookupError, TypeError, ValueError):
            raise Unanswered("Casewell's answer could not be read") from None
        answer = _reached(url, url, "POST", data=fields, files={"file": (name, content)})
        if not answer.is_success:
            raise Unanswered(f"the file could not be sent ({answer.status_code})")
        return url + key.replace("${filename}", name)

    def attach(self, casewell_id: str, upload_url: str, description: str, once: str) -> str:
        """Attach the file that was sent; its id. Asked again with the same `once`, it is one."""
        file = {"patient_id": casewell_id, "upload_url": upload_url, "description": description}
        again = {"Idempotency-Key": once}
        made = self._ask("POST", "patient_attachments", json=file, headers=again)
        return str(made.get("id", ""))

    def _ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any
    ) -> dict[str, Any]:
        if not self.key:
            raise Unanswered("this app has no API key for Casewell yet (CASEWELL_API_KEY)")
        said = {"User-Agent": USER_AGENT, "Accept": "application/json"} | (headers or {})
        address = f"{self.url}/{path}"
        key = (self.key, "")
        answer = _reached(self.url, address, method, auth=key, headers=said, **options)
        return _body(answer)


def _reached(where: str, address: str, method: str, **options: Any) -> httpx.Response:
    """The answer; where there is none, Unanswered says `where`, for addresses name patients."""
    try:
        return httpx.request(method, address, timeout=SECONDS, **options)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
        raise Unanswered(f"Casewell cannot be reached at {where}") from None


def _body(answer: httpx.Response) -> dict[str, Any]:
    is_json = "application/json" in answer.headers.get("content-type", "")
    if not is_json or not answer.is_success:
        _refuse(answer, is_json)
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Unanswered("Casewell's answer could not be read")
    return body


def _refuse(answer: httpx.Response, is_json: bool) -> NoReturn:
    status = answer.status_code
    if status == 404 and is_json:
        raise UnknownPatient("Casewell knows no patient with this id that our key may see")
    if status == 422 and is_json:
        raise NotAccepted(f"Casewell did not accept it: {_field_errors(answer)}")
    if status == 429:
        seconds = answer.headers.get("retry-after", "")
        wait = f" in {seconds} seconds" if seconds.isdecimal() else " in a minute"
        raise Unanswered(f"Casewell had too many requests from us; try again{wait}")
    raise Unanswered(
        {
            401: "Casewell does not accept this app's API key",
            403: "the user of this app's API key may not do this in Casewell",
        }.get(status, f"no Casewell API answers at {answer.url.copy_with(query=None)} ({status})")
    )


def _field_errors(answer: httpx.Response) -> str:
    """`title can't be blank`, from {"message": …, "errors": {"title": "can't be blank"}}."""
    try:
        body = answer.json()
        fields = body.get("errors") or {}
        told = [_told(name, str(text).rstrip(".")) for name, text in fields.items()]
        return ", ".join(told) or str(body["message"])
    except (ValueError, AttributeError, LookupError):
        return "it did not say why"


def _told(field: str, text: str) -> str:
    """Some refusals go on after the field's name, others are sentences of their own."""
    return f"{field}: {text}" if text[:1].isupper() else f"{field} {text}"


def _details(found: dict[str, Any]) -> Details:
    # Ids are strings. A number would lose digits in languages whose numbers are floats.
    if not isinstance(found.get("id"), str):
        raise Unanswered("Casewell's answer could not be read")
    names = (found.get("preferred_first_name") or found.get("first_name"), found.get("last_name"))
    return Details(
        casewell_id=found["id"],
        name=" ".join(str(name) for name in names if name) or "(no name)",
        birth_date=str(found.get("date_of_birth") or ""),
        email=str(found.get("email") or ""),
    )


def _id_at_end(link: Any) -> str:
    """The id at the end of {"links": {"self": "https://…/patients/12"}}; empty without one."""
    try:
        last = str(link["links"]["self"]).rsplit("/", 1)[-1]
    except (TypeError, LookupError):
        return ""
    return last if last.isdecimal() else ""
