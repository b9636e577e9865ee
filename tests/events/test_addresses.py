"""Where webhooks may go: what may be typed, and which addresses are a host of the internet."""

from __future__ import annotations

import pytest

from casewell.events.addresses import LONGEST, NotAllowed, checked_url, is_public, permitted

PUBLIC = ["1.1.1.1", "8.8.8.8", "203.1.113.9", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]
NOT_PUBLIC = [
    *("0.1.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.0.9"),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1"),
    *("192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.7", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "168.63.129.16", "::", "::1", "::ffff:10.0.0.1", "::ffff:9.9.9.9"),
    *("::ffff:169.254.169.254", "64:ff9b::a00:1", "fc00::1", "fd00:ec2::254", "fe80::1"),
    *("fe80::1%eth0", "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "2002:a00:1::1", "100::1"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_host_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_for_special_purposes_is_not_public(address: str) -> None:
    assert not is_public(address)


def test_of_several_addresses_only_public_ones_are_called() -> None:
    assert permitted(["10.0.0.1", "9.9.9.9", "::1"], loopback=False) == ["9.9.9.9"]
    assert permitted(["10.0.0.1", "::1", "127.0.0.1"], loopback=True) == ["::1", "127.0.0.1"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://example.com/hook", "https://example.com/hook"),
        ("https://Example.COM", "https://example.com/"),
        ("https://example.com:8443/a%20b?key=1&b", "https://example.com:8443/a%20b?key=1&b"),
        ("https://9.9.9.9/hook", "https://9.9.9.9/hook"),
        ("https://[2606:4700::1111]/hook", "https://[2606:4700::1111]/hook"),
        ("https://xn--mnchen-3ya.example.com/", "https://xn--mnchen-3ya.example.com/"),
    ],
)
def test_an_https_address_on_the_internet_is_taken(typed: str, kept: str) -> None:
    assert checked_url(typed, loopback=False) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", "example.com/hook", "http://example.com/hook", "ftp://example.com/", "https://"),
        *("javascript:alert(1)", "https://example.com/#part", "https://example.com/#"),
        *("https://user:secret@example.com/", "https://user@example.com/", "https://exa mple.com/"),
        *("https://localhost/", "https://api.localhost/", "https://printer.local/"),
        *("https://intranet/", "https://db.internal/", "http://localhost:8000/"),
        *("https://127.0.0.1/", "https://10.0.0.8/", "https://0x7f.1/", "https://2130706433/"),
        *("https://017700000001/", "https://[::1]/", "https://[::ffff:10.0.0.1]/"),
        *("https://169.254.169.254/latest/meta-data/", "https://example.com/\r\nX-Evil: 1"),
        *("https://example.com/ü", "https://example.com/" + "a" * LONGEST),
    ],
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(NotAllowed):
        checked_url(typed, loopback=False)


def test_this_machine_is_taken_only_where_the_installation_says_so() -> None:
    for typed in ("http://localhost:9000/hook", "http://127.0.0.1/hook", "http://[::1]:8/hook"):
        assert checked_url(typed, loopback=True) == typed
        with pytest.raises(NotAllowed):
            checked_url(typed, loopback=False)
    for typed in ("http://example.com/", "http://10.0.0.1/", "https://10.0.0.1/"):
        with pytest.raises(NotAllowed):
            checked_url(typed, loopback=True)
