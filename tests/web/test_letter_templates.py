"""The settings of letter templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.letters.models import LetterTemplate
from tests.letters.desk import template
from tests.web.pages import text_of
from tests.web.test_pages import statements_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")


def test_templates_are_listed_copied_changed_looked_at_and_archived(
    northside: Practice, admin: Client
) -> None:
    here = "/northside/settings/letter-templates"
    assert "DVA: end-of-cycle report Referrer" in text_of(admin.get(here))
    dva = template(northside, "dva-end-of-cycle")
    copy = admin.get(f"{here}/new?like={dva.pk}").content.decode()
    assert 'value="DVA: end-of-cycle report (copy)"' in copy
    assert '<option value="au-dva-cycle" selected>' in copy
    assert '<option value="end_of_cycle_report" selected>' in copy
    sent = {"name": "Ours", "purpose": "report", "addressee": "referrer", "title": "On {x}"}
    looked = admin.post(f"{here}/new", sent | {"body": "Dear {recipient name}", "look": "yes"})
    assert "No such field: {x}" in text_of(looked)
    assert "Dear Dr Jane Lee" in text_of(looked)
    assert not LetterTemplate.objects.filter(name="Ours").exists()
    empty = admin.post(f"{here}/new", sent | {"body": ""})
    assert empty.status_code == 422

    admin.post(f"{here}/new", sent | {"body": "Dear {recipient name}"})

    ours = LetterTemplate.objects.get(name="Ours")
    admin.post(f"{here}/{ours.pk}/archive")
    assert "Ours" in text_of(admin.get(f"{here}?archived=yes"))
    assert "Ours" not in text_of(admin.get(f"/northside/patients/{northside.ada.pk}/letters"))
    admin.post(f"{here}/{ours.pk}/restore")
    ours.refresh_from_db()
    assert ours.archived_at is None
    counts = [statements_of(admin, here), statements_of(admin, f"{here}/{ours.pk}")]
    assert counts == [6, 7]
