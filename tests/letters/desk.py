"""A practice that writes letters, and builders that read as speech."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pypdfium2  # type: ignore[import-untyped]

from casewell.cases.models import Programme
from casewell.letters.models import Letter, LetterTemplate, write
from casewell.letters.paper import drawn
from tests.world import NOON

if TYPE_CHECKING:
    from casewell.cases.models import PatientCase
    from tests.world import Practice


def dva_case(practice: Practice, visits: int = 8, **fields: Any) -> PatientCase:
    """A DVA cycle of Ada's, referred by Dr Jane Lee, with weekly visits before 3 March."""
    programme = Programme.adopt(practice.account, "au-dva-cycle", by=practice.by)
    fields = {
        "programme": programme,
        "referral": True,
        "referral_type": "dva",
        "contact": practice.doctor(provider_number="2429591L", company_name="Hill Medical"),
        "issue_date": date(2026, 1, 5),
        "max_sessions": 12,
        "condition": "low back pain",
    } | fields
    case = practice.case("Back", **fields)
    for week in range(visits):
        practice.attend(case, NOON - timedelta(weeks=visits - week))
    case.refresh_from_db()
    return case


def template(practice: Practice, code: str) -> LetterTemplate:
    """The shipped template of that code, as the practice has it."""
    return LetterTemplate.of(practice.account).get(code=code)


def letter(practice: Practice, body: str = "Dear {patient first name},", **fields: Any) -> Letter:
    """A draft to Ada, unless the fields say otherwise."""
    usual: dict[str, Any] = {"practitioner": practice.amy, "business": practice.business}
    fields = usual | {"body": body} | fields
    return write(fields.pop("patient", practice.ada), by=practice.by, **fields)


def words_on(pdf: bytes) -> list[str]:
    """What each page of a PDF says, on one line."""
    document = pypdfium2.PdfDocument(pdf)
    texts = []
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        texts.append(" ".join(text.get_text_range().split()))
        text.close()
        page.close()
    document.close()
    return texts


def words_of(one: Letter) -> str:
    """What the letter says on paper, all pages."""
    return " ".join(words_on(drawn(one.version)))
