"""One file that was sent, attached by many at one moment; one source, said by many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import httpx

from tests.api.client import AGENT, basic
from tests.races.test_idempotency import key_on

if TYPE_CHECKING:
    from tests.served import Site
    from tests.soak import Trials

CLIENTS = 8


def headers_of(key: str) -> dict[str, str]:
    return {"Authorization": basic(key), "User-Agent": AGENT}


def patient_on(address: str, key: str) -> str:
    """A patient of the demo, by their id."""
    url = f"{address}/v1/patients?per_page=1"
    found: str = httpx.get(url, headers=headers_of(key)).json()["patients"][0]["id"]
    return found


def file_sent(address: str, key: str, patient: str) -> dict[str, str]:
    """What attaches a file that was sent."""
    path = f"{address}/v1/patients/{patient}/attachment_presigned_post"
    form = httpx.get(path, headers=headers_of(key)).json()
    file = {"file": ("letter.pdf", b"%PDF-1.4")}
    answer = httpx.post(form["url"], data=form["fields"], files=file)
    assert answer.status_code == 201
    return {"patient_id": patient, "upload_url": answer.headers["Location"]}


def statuses(address: str, key: str, method: str, path: str, body: Any) -> list[int]:
    """What each of many is answered who send the same at one moment."""
    barrier = Barrier(CLIENTS)

    def one(_: int) -> int:
        barrier.wait()
        url = f"{address}/v1{path}"
        answer = httpx.request(method, url, json=body, headers=headers_of(key), timeout=60)
        return answer.status_code

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sorted(pool.map(one, range(CLIENTS)))


def test_a_file_that_many_attach_at_once_is_attached_once(site: Site, trials: Trials) -> None:
    doubled = 0
    for _ in range(trials(short=2, full=30)):
        key = key_on(site)
        body = file_sent(site.address, key, patient_on(site.address, key))
        said = statuses(site.address, key, "POST", "/patient_attachments", body)
        assert set(said) == {201, 422}
        doubled += said.count(201) - 1
    trials.note("attached twice", doubled)
    assert doubled == 0


def test_without_the_lock_on_the_patient_a_file_is_attached_several_times(
    site: Site, unlocked_address: str
) -> None:
    key = key_on(site)
    body = file_sent(site.address, key, patient_on(site.address, key))
    said = statuses(unlocked_address, key, "POST", "/patient_attachments", body)
    assert said.count(201) > 1


def test_how_a_patient_came_is_said_by_many_at_once_and_kept_once(site: Site) -> None:
    key = key_on(site)
    patient = {"first_name": "New", "last_name": "Comer"}
    made = httpx.post(f"{site.address}/v1/patients", json=patient, headers=headers_of(key)).json()
    ways = httpx.get(f"{site.address}/v1/referral_source_types", headers=headers_of(key)).json()
    way = {"referral_source_type_id": ways["referral_source_types"][0]["id"]}
    path = f"/patients/{made['id']}/referral_source"
    assert statuses(site.address, key, "PATCH", path, way) == [200] * CLIENTS
