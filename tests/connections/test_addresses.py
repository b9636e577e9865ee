"""The address rule: 46 cases with their reasons, and each code with its sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casewell.connections.addresses import Pattern, admitted, launch_address
from casewell.connections.allowances import Allowances, private_suffixes
from casewell.connections.reasons import Reason, Refusal
from casewell.connections.verdicts import verdict

CASES = json.loads((Path(__file__).parents[1] / "vectors" / "patient_app_urls.json").read_text())
NONE = Allowances()
OWN = Allowances(localhost=True, suffixes=("clinic.internal", "lan"))


def why(pattern: str, url: str, allowances: Allowances = NONE) -> Reason | None:
    refusal = verdict(pattern, url, allowances).refusal
    return refusal.reason if refusal else None


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_verdict_is_that_of_the_list(case: dict[str, Any]) -> None:
    found = verdict(case["pattern"], case["url"], NONE)

    assert found.approved == case["expect"], case["why"]
    assert found.pattern_valid == case.get("pattern_valid", True), case["why"]
    assert (found.launch.href if found.launch else None) == case.get("launch_url_for_patient_1")


PATTERNS = {
    "": Reason.EMPTY,
    f"example.com/{'a' * 2000}": Reason.TOO_LONG,
    "example.com/a b": Reason.CHARACTER,
    " example.com": Reason.CHARACTER,
    "exämple.com": Reason.CHARACTER,
    "example.com\\a": Reason.BACKSLASH,
    "example.com/%41": Reason.PERCENT,
    "example.com/#": Reason.FRAGMENT,
    "http://example.com/": Reason.SCHEME,
    "ftp://example.com/": Reason.SCHEME,
    "example.com://au.example.com/": Reason.SCHEME,
    "me@example.com/": Reason.USER,
    "@example.com/": Reason.USER,
    "example.com:/": Reason.PORT,
    "example.com:0/": Reason.PORT,
    "example.com:0443/": Reason.PORT,
    "example.com:65536/": Reason.PORT,
    "example.com:443:443/": Reason.PORT,
    "javascript:alert(1)": Reason.PORT,
    "/patients": Reason.NO_HOST,
    "https:///example.com/": Reason.NO_HOST,
    "a..example.com/": Reason.EMPTY_LABEL,
    ".example.com/": Reason.EMPTY_LABEL,
    "*..example.com/": Reason.EMPTY_LABEL,
    "example.com./": Reason.TRAILING_DOT,
    "my_app.example.com/": Reason.HOST_CHARACTER,
    "a,b.example.com/": Reason.HOST_CHARACTER,
    "-a.example.com/": Reason.DASH,
    "a-.example.com/": Reason.DASH,
    f"{'a' * 64}.example.com/": Reason.LABEL_LENGTH,
    f"{'a.' * 122}example.com/": Reason.HOST_LENGTH,
    "xn--a.example.com/": Reason.INTERNATIONAL,
    "*.xn--a.com/": Reason.INTERNATIONAL,
    "*.xn--.com/": Reason.DASH,
    "xn--abc-.example.com/": Reason.DASH,
    "1.xn--4dbrk0ce.com/": Reason.INTERNATIONAL,  # a digit beside Hebrew
    "1.2.3.4/": Reason.IP_ADDRESS,
    "1.2.3.0x4/": Reason.IP_ADDRESS,
    "a.example.0x/": Reason.IP_ADDRESS,
    "2130706433/": Reason.IP_ADDRESS,
    "1.2.3.4./": Reason.IP_ADDRESS,
    "*.0.0.1/": Reason.IP_ADDRESS,
    "[::1]/": Reason.IP_ADDRESS,
    "app.clinic.internal/": Reason.PRIVATE_NAME,
    "localhost/": Reason.PRIVATE_NAME,
    "intranet/": Reason.PRIVATE_NAME,
    "*/patients": Reason.WILDCARD,
    "*example.com/": Reason.WILDCARD,
    "a*.example.com/": Reason.WILDCARD,
    "a.*.example.com/": Reason.WILDCARD,
    "*.*.example.com/": Reason.WILDCARD,
    "**.example.com/": Reason.WILDCARD,
    "*.example.com/*": Reason.WILDCARD,
    "*.com/": Reason.PUBLIC_SUFFIX,
    "*.co.uk/": Reason.PUBLIC_SUFFIX,
    "*.GitHub.io/": Reason.PUBLIC_SUFFIX,
    "*.xn--p1ai/": Reason.PUBLIC_SUFFIX,
    "*.anything.ck/": Reason.PUBLIC_SUFFIX,
    "example.com/./a": Reason.DOT_SEGMENT,
    "example.com/..": Reason.DOT_SEGMENT,
    "example.com?": Reason.EMPTY_QUERY,
    "example.com/?patientId=1": Reason.RESERVED,
    'example.com/"': Reason.BROWSER,
    "example.com/a|b": Reason.BROWSER,
    "example.com/?a='": Reason.BROWSER,
}


@pytest.mark.parametrize(("pattern", "reason"), PATTERNS.items())
def test_a_pattern_that_breaks_the_rule_is_refused_for_that(pattern: str, reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        Pattern.parse(pattern)
    assert refused.value.reason == reason


ADDRESSES = {
    "au.example.com/p": Reason.SCHEME,
    "https:au.example.com/p": Reason.SCHEME,
    "//au.example.com/p": Reason.SCHEME,
    "https://*.example.com/p": Reason.WILDCARD,
    "https://au.example.com.evil.com/p": Reason.OTHER_HOST,
    "https://auexample.com/p": Reason.OTHER_HOST,
    "https://example.com/p": Reason.DEPTH,
    "https://a.b.example.com/p": Reason.DEPTH,
    "https://au.example.com:80/p": Reason.OTHER_PORT,
    "https://au.example.com/p/": Reason.OTHER_PATH,
    "https://au.example.com//p": Reason.OTHER_PATH,
    "https://au.example.com/p?a": Reason.OTHER_QUERY,
    "https://au.example.com/p?patient_id=1": Reason.OTHER_QUERY,
}


@pytest.mark.parametrize(("url", "reason"), ADDRESSES.items())
def test_an_address_that_is_another_is_refused_with_what_differs(url: str, reason: Reason) -> None:
    assert why("*.example.com/p", url) == reason


def test_every_code_is_seen_and_has_a_sentence_of_its_own() -> None:
    seen = {*PATTERNS.values(), *ADDRESSES.values()}
    assert seen | {Reason.OTHER_SCHEME, Reason.NOT_APPROVED} == set(Reason)

    sentences = [reason.sentence for reason in Reason]
    assert len(set(sentences)) == len(sentences)
    assert all(words.endswith(".") and len(words) <= 180 for words in sentences)


@pytest.mark.parametrize(
    "name",
    [
        *("patient_id", "PATIENT_ID", "patientId", "patient-id", "patient.id", "patient+id"),
        *("patient_id[]", "patient_id[0]", "patient[id]", "patient_id:int", "patient_id.0"),
        *("_patient_id", "!patient_id[0]", "?patient_id", "+patient_id", "launch_token"),
        *("Launch-Token", "launchToken[]", "a=1;patient_id", "a=1&amp;patient_id", "&&patient_id"),
    ],
)
def test_a_query_that_names_our_parameters_is_refused_in_any_spelling(name: str) -> None:
    for query in (name, f"{name}=9", f"a=1&{name}=9", f"{name}=9&z=1"):
        assert why(f"*.example.com/?{query}", "https://a.example.com/") == Reason.RESERVED, query


@pytest.mark.parametrize("query", ["patient=1", "id=1", "patient_id_type=mrn", "my_patient_id=1"])
def test_other_names_are_free(query: str) -> None:
    assert why(f"*.example.com/?{query}", f"https://a.example.com/?{query}") is None


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("HTTPS://*.EXAMPLE.com:443", "https://Au.example.COM"),
        ("*.example.com/", "https://ab--c.example.com"),
        ("*.example.com/", f"https://{'a' * 63}.example.com"),
        ("*.example.com:8443/a//b", "https://1.example.com:8443/a//b"),
        ("*.example.co.uk/...", "https://1.example.co.uk/..."),
        ("*.me.github.io/a@b;c,d!", "https://x.me.github.io/a@b;c,d!"),
        ("*.xn--mnchen-3ya.com/?a=/../?b", "https://x.XN--mnchen-3ya.com/?a=/../?b"),
        ("https://example.com", "https://example.com/"),
    ],
)
def test_what_the_rule_does_not_forbid_is_admitted(pattern: str, url: str) -> None:
    assert why(pattern, url) is None


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("http://localhost:5000/p", "http://localhost:5000/p"),
        ("localhost/p", "https://localhost/p"),
        ("http://*.clinic.internal/p", "http://a.clinic.internal:80/p"),
        ("*.imaging.lan/p", "https://a.imaging.lan/p"),
        ("http://pacs.lan/p", "http://pacs.lan/p"),
    ],
)
def test_an_installation_may_admit_localhost_and_private_names(pattern: str, url: str) -> None:
    assert why(pattern, url, OWN) is None
    assert why(pattern, url) in {Reason.PRIVATE_NAME, Reason.SCHEME}


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("http://example.com/p", Reason.SCHEME),
        ("*.other.internal/p", Reason.PRIVATE_NAME),
        ("http://127.0.0.1/p", Reason.IP_ADDRESS),
        ("http://[::1]/p", Reason.IP_ADDRESS),
        ("http://me@localhost/p", Reason.USER),
        ("*.lan/p", Reason.PUBLIC_SUFFIX),
        ("*.localhost/p", Reason.PUBLIC_SUFFIX),
        ("ftp://localhost/p", Reason.SCHEME),
        ("localhost/%41", Reason.PERCENT),
    ],
)
def test_nothing_else_changes_by_that(pattern: str, reason: Reason) -> None:
    assert why(pattern, "https://example.com/p", OWN) == reason


def test_http_and_https_are_not_one_another() -> None:
    assert why("http://localhost/p", "https://localhost/p", OWN) == Reason.OTHER_SCHEME


@pytest.mark.parametrize("written", ["com", "lan,github.io", "my_lan", "10.0.0.1", "a..lan", "-a"])
def test_a_setting_names_private_endings_alone(written: str) -> None:
    with pytest.raises(ValueError, match=r"public ending|no name of a network"):
        private_suffixes(written)


def test_among_approved_entries_the_one_that_admits_is_found_with_its_label() -> None:
    wild, exact = Pattern.parse("*.example.com/p"), Pattern.parse("au.example.com/p")

    assert admitted("https://au.example.com/p", [wild, exact]) == (exact, "")
    assert admitted("https://nz.example.com/p", [exact, wild]) == (wild, "nz")
    for url, entries, reason in (
        ("https://nz.example.com/q", [wild, exact], Reason.NOT_APPROVED),
        ("https://nz.example.com/q", [wild], Reason.OTHER_PATH),
        ("https://nz.example.com/q", [], Reason.NOT_APPROVED),
        ("http://nz.example.com/p", [wild, exact], Reason.SCHEME),
    ):
        with pytest.raises(Refusal) as refused:
            admitted(url, entries)
        assert refused.value.reason == reason


@pytest.mark.parametrize("label", ["", "a.b", "a@b", "a/b", "A_", "-a", "*", "xn--a", "a" * 64])
def test_a_label_is_looked_at_again_when_something_is_opened(label: str) -> None:
    with pytest.raises(Refusal):
        launch_address(Pattern.parse("*.example.com/p"), label, 1)


def test_a_pattern_reads_as_it_was_normalised() -> None:
    for written, read in (
        ("*.Example.com:443", "https://*.example.com/"),
        ("https://a.a.example.com:8443/A?b", "https://a.a.example.com:8443/A?b"),
    ):
        assert str(Pattern.parse(written)) == read
        assert Pattern.parse(read) == Pattern.parse(written)
