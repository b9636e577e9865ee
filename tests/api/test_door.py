"""The door to the API: keys, the user agent, addresses, bodies, methods and limits."""

from __future__ import annotations

import base64
import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.utils import timezone

from casewell.accounts.models import ApiKey
from tests.api.client import AGENT, basic, program_of

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def header(text: str, scheme: str = "Basic") -> str:
    return f"{scheme} {base64.b64encode(text.encode()).decode()}"


def status_with(program: Program, authorization: str) -> int:
    return program.send("GET", "/patients", Authorization=authorization).status_code


def test_a_key_opens_with_its_suffix_and_without_and_as_clients_write_it(program: Program) -> None:
    bare = program.key.partition("-")[0]
    broken = base64.encodebytes(f"{program.key}:".encode()).decode().strip().replace("\n", " ")
    accepted = [
        header(f"{program.key}:"),
        header(f"{bare}:"),
        header(program.key),
        header(f"{bare}-uk1:x"),
        header(f"{program.key}:", "basic"),
        header(f"{program.key}:", "Basic:"),
        f"Basic {broken[:20]} {broken[20:]}",
        header(f"{program.key}:").rstrip("="),
    ]
    assert [status_with(program, one) for one in accepted] == [200] * len(accepted)


def test_what_is_no_key_is_401_with_a_challenge_and_a_body(program: Program) -> None:
    wrong = ["", f"Basic {program.key}", "Bearer x", header("nobody:"), "Basic ???", "Basic"]
    for one in wrong:
        answer = program.send("GET", "/patients", Authorization=one)
        assert answer.status_code == 401, one
        assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert json.loads(answer.content) == {"message": "HTTP Basic: Access denied."}


def test_a_revoked_or_ended_key_and_a_member_who_is_gone_open_nothing(
    program: Program, northside: Practice
) -> None:
    key, member = ApiKey.objects.get(), northside.member
    changes: list[tuple[Any, dict[str, Any]]] = [
        (key, {"revoked_at": timezone.now()}),
        (key, {"expires_at": timezone.now() - timedelta(seconds=1)}),
        (member, {"active": False}),
        (member.user, {"is_active": False}),
    ]
    for record, values in changes:
        before = {name: getattr(record, name) for name in values}
        rows = type(record).objects.filter(pk=record.pk)
        rows.update(**values)
        assert status_with(program, basic(program.key)) == 401, values
        rows.update(**before)
        assert status_with(program, basic(program.key)) == 200


def test_a_call_needs_a_user_agent_and_any_will_do(program: Program) -> None:
    for agent, status in ((AGENT, 200), ("python-httpx/0.28", 200), ("", 400)):
        answer = program.send("GET", "/patients", User_Agent=agent)
        assert answer.status_code == status
    assert json.loads(answer.content) == {"message": "Requires a user agent"}


@pytest.mark.usefixtures("at_noon")  # no minute begins between the calls
def test_a_key_has_so_many_calls_a_minute_and_is_told_when_the_next_begins(
    program: Program, northside: Practice, settings: Any
) -> None:
    settings.API_RATE = 3
    other = program_of(northside)
    answers = [program.send("GET", "/patients") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    reset, wait = (int(answers[3].headers[n]) for n in ("X-RateLimit-Reset", "Retry-After"))
    assert reset % 60 == 0
    assert 0 < wait <= 60
    assert reset - wait == int(time.time())
    assert other.send("GET", "/patients").status_code == 200


def test_counting_calls_writes_nothing_durable(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'api_keyminute'")
        assert cursor.fetchone() == ("u",)


def test_links_are_on_the_host_that_the_client_used_in_front_of_a_proxy_too(
    program: Program, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["api.au1.example", "inside"]
    seen = program.get("/patients", Host="inside:8080")
    assert seen["links"]["self"] == "http://inside:8080/v1/patients?page=1"
    proxied = {"X_Forwarded_Host": "api.au1.example", "X_Forwarded_Proto": "https"}
    seen = program.get("/patients", Host="inside", **proxied)
    assert seen["links"]["self"] == "https://api.au1.example/v1/patients?page=1"
    assert seen["patients"][0]["links"]["self"].startswith("https://api.au1.example/v1/patients/")
    status, body = program.call("GET", "/patients", Host="inside", X_Forwarded_Host="evil.example")
    assert status == 400
    assert "host" in body["message"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"first_name": "\\ud800"}', 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 50_000, 400),
        (b'"text"', 422),
        (b"7", 422),
        (b"[1]", 422),
        (b'{"first_name": "a\\u0000b", "last_name": "c"}', 422),
        (b'{"first_name": "' + b"x" * 5_300_000 + b'"}', 413),
    ],
    ids=lambda one: str(one)[:24],
)
def test_what_is_no_body_of_ours_is_refused_in_json(
    program: Program, body: bytes, status: int
) -> None:
    answer = program.send("POST", "/patients", body)
    assert answer.status_code == status
    assert json.loads(answer.content)["message"]


def test_an_empty_body_and_an_empty_list_are_no_error_where_nothing_is_needed(
    program: Program, northside: Practice
) -> None:
    for body in (b"", b"[]", b"{}", b"null"):
        patient = northside.patient()
        assert program.call("POST", f"/patients/{patient.pk}/archive", body) == (204, None)
    assert program.send("GET", "/patients", b"{").status_code == 200


def test_a_form_is_understood_as_json_is(program: Program) -> None:
    answer = program.http.post(
        "/v1/patients",
        "first_name=Ed&last_name=Form",
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": basic(program.key), "User-Agent": AGENT},
    )
    assert answer.status_code == 201
    assert json.loads(answer.content)["last_name"] == "Form"


def test_a_slash_at_the_end_is_no_other_address_and_redirects_nowhere(program: Program) -> None:
    made = program.post("/patients/", {"first_name": "Ann", "last_name": "Slash"})
    assert program.get(f"/patients/{made['id']}/") == made


def test_an_unknown_address_and_a_wrong_method_say_so(program: Program) -> None:
    assert program.call("GET", "/nothing") == (404, {"status": "404", "error": "Not Found"})
    for key in ("abc", "99999999999999999999999999", "-1", "1.5", "%00"):
        assert program.call("GET", f"/patients/{key}")[0] == 404
    answer = program.send("DELETE", "/patients")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
    assert json.loads(answer.content)["message"]


def test_filters_in_every_spelling_of_clients_are_understood_or_refused(program: Program) -> None:
    for query in ("q[]=id:>1", "q%5B%5D=id:%3E1", "q=id:>1", "q[patient_id]=1", "status=x"):
        assert program.get(f"/patients?{query}")["total_entries"] == 1, query
    for query in ("q=free text", "q[]=first_name:like:Jane", "q[]=:=1", "q[]=id:"):
        status, body = program.call("GET", f"/patients?{query}")
        assert status == 400, query
        assert body["message"]
    two = program.get("/patients?q[]=first_name:=Ada&q[]=last_name:=Nobody&per_page=7&per_page=9")
    assert (two["total_entries"], two["patients"]) == (0, [])
    assert two["links"]["self"].endswith(
        "/patients?page=1&q%5B%5D=first_name%3A%3DAda&q%5B%5D=last_name%3A%3DNobody"
        "&per_page=7&per_page=9"
    )


def test_pages_out_of_range_are_the_first_or_empty_and_never_too_long(
    program: Program, northside: Practice
) -> None:
    for at in range(103):
        northside.patient(f"P{at}", "Many")
    first = program.get("/patients?page=0&per_page=1000")
    assert (len(first["patients"]), first["total_entries"]) == (100, 104)
    assert first["links"]["next"].endswith("/patients?page=2&per_page=1000")
    assert "previous" not in first["links"]
    last = program.get("/patients?page=2&per_page=100")
    assert (len(last["patients"]), "next" in last["links"]) == (4, False)
    beyond = program.get("/patients?page=9&per_page=100")
    assert (beyond["patients"], beyond["total_entries"]) == ([], 104)
    assert set(beyond["links"]) == {"self", "previous"}
    assert len(program.get("/patients?per_page=x&page=x")["patients"]) == 50


def test_an_answer_has_a_tag_and_is_not_sent_twice(program: Program, northside: Practice) -> None:
    path = f"/patients/{northside.ada.pk}"
    tag = program.send("GET", path).headers["ETag"]
    again = program.send("GET", path, If_None_Match=tag)
    assert (again.status_code, again.content) == (304, b"")
    stale = program.call("PATCH", path, {"notes": "a"}, If_Match='"other"')
    assert stale[0] == 412
    assert program.call("PATCH", path, {"notes": "a"}, If_Match=tag)[0] == 200
    assert program.call("PATCH", path, {"notes": "b"}, If_Match=tag)[0] == 412
    assert program.get(path)["notes"] == "a"


def test_a_list_is_sorted_by_no_filter_that_is_no_column(program: Program) -> None:
    status, body = program.call("GET", "/businesses?sort=appointment_type_ids")
    assert (status, body) == (400, {"message": "appointment_type_ids is not sortable"})
