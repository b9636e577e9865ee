"""What the desk is reminded of about cases, and the settings that decide it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from casewell.audit.models import Change
from casewell.cases.models import CaseReminder
from casewell.cases.reminders import tell
from tests.web.test_worklist import ending

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def test_today_tells_what_crossed_a_threshold_until_the_desk_has_seen_it(
    northside: Practice, admin: Client
) -> None:
    ending(northside, 5, "Soon", max_sessions=2)
    tell(northside.account)
    assert CaseReminder.objects.count() == 2
    assert b"1 case needs a look" in admin.get("/northside/today/notices").content

    assert admin.post("/northside/cases/reminders/seen").status_code == 302

    assert b"a look" not in admin.get("/northside/today/notices").content
    assert Change.objects.filter(verb="seen").count() == 2
    log = admin.get("/northside/cases/reminders").content
    assert log.count(b"seen <time") == 2
    assert b"Expires in 7 days" in log


def test_the_settings_of_cases_are_kept_with_who_may_do_what(
    northside: Practice, admin: Client
) -> None:
    body = {
        "case_limit_action": "warn",
        "case_expiry_action": "block",
        "course_ends_after_weeks": "12",
        "remind_desk_at": "desk@north.example",
        "remind_patients": "on",
        "raise-administrator": "yes",
        "follow-power-receptionist": "yes",
        "raise-scheduler": "yes",
    }

    assert admin.post("/northside/settings/cases", body).status_code == 302

    account = type(northside.account).objects.get(pk=northside.account.pk)
    assert (account.case_limit_action, account.case_expiry_action) == ("warn", "block")
    assert (account.remind_desk_at, account.remind_patients) == ("desk@north.example", True)
    assert account.when_full_roles == {
        "replace": [],
        "raise": ["administrator"],
        "follow": ["power receptionist"],
    }
    page = admin.get("/northside/settings/cases").content.decode()
    assert len(re.findall(r"<input[^>]*name=[^>]* checked", page)) == 3
    refused = admin.post("/northside/settings/cases", body | {"course_ends_after_weeks": "0"})
    assert refused.status_code == 422
