"""One call: pinned to a public address, bounded in time and size, led nowhere else."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from casewell.events import sending
from casewell.events.sending import MOST_READ, Outcome, Parcel, post
from tests.events.receiver import receiving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.events.receiver import Receiver


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_LOOPBACK = True
    with receiving() as running:
        yield running


def sent(url: str, seconds: float = 5) -> Outcome:
    parcel = Parcel(url, {"webhook-id": "evt_1"}, b'{"type":"test"}')
    return asyncio.run(post(parcel, seconds=seconds))


def test_the_call_is_made_as_it_was_written(receiver: Receiver) -> None:
    outcome = sent(receiver.url)

    assert (outcome.status, outcome.reason, outcome.is_success) == (200, "", True)
    [call] = receiver.calls
    assert (call.path, call.id, call.body) == ("/hook?from=casewell", "evt_1", b'{"type":"test"}')
    assert call.headers["host"] == f"localhost:{receiver.server_address[1]}"
    assert call.headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_and_no_success(receiver: Receiver, status: int) -> None:
    with receiving() as elsewhere:
        receiver.answers, receiver.location = [status], elsewhere.url
        outcome = sent(receiver.url)
        assert elsewhere.calls == []

    assert (outcome.status, outcome.is_success) == (status, False)


def test_this_machine_is_not_called_unless_the_installation_says_so(
    receiver: Receiver, settings: Any
) -> None:
    settings.WEBHOOK_LOOPBACK = False
    outcome = sent(receiver.url)

    assert (outcome.status, receiver.calls) == (None, [])
    assert "private network" in outcome.reason
    settings.WEBHOOK_LOOPBACK = True  # else it would have been
    assert sent(receiver.url).status == 200


def test_a_name_that_leads_elsewhere_by_the_time_of_the_call_is_called_where_it_was_looked_up(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    look_up = asyncio.BaseEventLoop.getaddrinfo

    async def rebinding(loop: Any, host: Any, port: Any, **how: Any) -> Any:
        asked.append(host)
        led_to = "127.0.0.1" if asked == ["receiver.example"] else "127.0.0.9"
        return await look_up(loop, led_to if host == "receiver.example" else host, port, **how)

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", rebinding)
    outcome = sent(receiver.url.replace("localhost", "receiver.example"))

    assert outcome.status == 200
    assert asked.count("receiver.example") == 1
    assert receiver.calls[0].headers["host"].startswith("receiver.example:")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(30.0, "no answer within 1 s"), (b"HTTP/1.1 200 OK\r\nX: ", "no answer within 1 s")],
)
def test_who_hangs_or_drips_is_left_in_time(
    receiver: Receiver, answer: float | bytes, reason: str
) -> None:
    receiver.answers = [answer]
    began = time.monotonic()
    outcome = sent(receiver.url, seconds=1)

    assert (outcome.status, outcome.reason) == (None, reason)
    assert time.monotonic() - began < 10  # and not 30
    assert 900 < outcome.milliseconds < 10_000


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"X" * MOST_READ, "the answer is too long"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "the answer is not HTTP"),
    ],
)
def test_no_more_is_read_than_64_kb_and_nothing_but_http(
    receiver: Receiver, answer: bytes, reason: str
) -> None:
    receiver.answers = [answer]
    assert sent(receiver.url).reason == reason


def test_what_is_not_there_is_told_in_words(settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = True
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        assert sent(nobody).reason == "no connection"
    assert sent("https://no-such-host.invalid/").reason == "the host's name was not found"


def certificate(folder: Path, name: str) -> Path:
    """A key and a certificate that it has signed for itself, good for `name`."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    pem = serialization.Encoding.PEM
    kind = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(pem, kind, serialization.NoEncryption()) + made.public_bytes(pem)
    )
    return path


@pytest.mark.parametrize(
    ("name", "trusted", "status", "reason"),
    [
        ("localhost", True, 200, ""),
        ("localhost", False, None, "TLS: self-signed certificate"),
        ("another.example", True, None, "TLS: Hostname mismatch"),
    ],
)
def test_tls_proves_the_host_whose_address_was_pinned(
    receiver: Receiver,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    trusted: bool,
    status: int | None,
    reason: str,
) -> None:
    pem = certificate(tmp_path, name)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(pem)
    receiver.socket = ours.wrap_socket(receiver.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem) if trusted else "")
    sending._tls.cache_clear()
    try:
        outcome = sent(receiver.url.replace("http://", "https://"))
    finally:
        sending._tls.cache_clear()

    assert outcome.status == status
    assert outcome.reason.startswith(reason)
