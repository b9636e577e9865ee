"""Many who claim one visit, and who lodge one claim, at the same moment, over HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.races.desk import Desk, at_once, choices_of

if TYPE_CHECKING:
    import httpx

    from tests.served import Site

CLIENTS = 8
VALUES = {
    "patient_name": "Vic Tran",
    "birth_date": "1950-04-25",
    "card_number": "2123456701",
    "reference_number": "1",
    "provider_name": "Amy Shaw",
    "provider_number": "2429591L",
    "referrer_name": "Dr Jane Lee",
    "referrer_number": "2409661B",
    "referral_date": "2026-02-01",
    "item_number": "10960",
    "service_date": "2026-03-03",
    "fee": "80.50",
}


def test_of_many_who_claim_and_lodge_one_visit_exactly_one_does(site: Site) -> None:
    with Desk(site.address) as desk:
        patient = desk.made("/demo/patients/new", {"first_name": "Vic", "last_name": "Tran"})
        case = desk.made(
            f"/demo/patients/{patient}/cases/new", {"name": "Plan", "limit_kind": "none"}
        )
        when = {"date": "2026-03-04", "time": "07:10", "minutes": "15", "case": case}
        booking = desk.made("/demo/bookings/new", choices_of(desk) | when | {"patient": patient})
        panel = desk.http.get(f"/demo/bookings/{booking}").text
        visit = re.findall(r"/demo/visits/(\d+)/claim", panel)[0]
        token = {"csrfmiddlewaretoken": desk.token}

        def claim(http: httpx.Client, _: int) -> str:
            answer = http.post(f"/demo/visits/{visit}/claim", data=token)
            return str(answer.headers["Location"])

        def lodge(http: httpx.Client, _: int) -> int:
            chosen = {"act": "lodge", "claim": address.rsplit("/", 1)[1]}
            return http.post(f"/demo/cases/{case}/claims", data=chosen | token).status_code

        (address,) = set(at_once(desk, CLIENTS, claim))
        assert desk.send(address, VALUES).status_code == 302
        answers = at_once(desk, CLIENTS, lodge)
        page = desk.http.get(address).text

    assert sorted(answers) == [302, *[422] * (CLIENTS - 1)]
    assert len(re.findall(r'href="/demo/lodgements/\d+"', page)) == 1
