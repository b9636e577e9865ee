"""The example app as a process of its own, over https with a certificate made for the test.

    def test_…(site: Site, connected_app: StartApp) -> None:
        app = connected_app("au.example.com", issuer=site.address)
        browser = playwright.chromium.launch(args=[*FLAGS, *app.flags], …)
        context = browser.new_context(ignore_https_errors=True)   # the certificate is our own
        page.goto("https://au.example.com/patients")              # really visited, port 443
        page.get_by_label("E-mail").fill(app.people[0]) …         # app.password
        assert app.lines("/patients") == ["GET /patients 303 from -"]   # no Referer arrived

Several names at once are one app that takes each name's own tokens; several apps are several
calls (`flags_of(one, other)` maps all of their names). `stop()` ends one early; the fixture ends
the rest.
"""

from __future__ import annotations

import datetime
import os
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from examples.connected_app.store import PASSWORD, PEOPLE
from tests.served import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SECONDS_TO_START = 30


@dataclass(frozen=True)
class ConnectedApp:
    """The running app; `hosts` are its names, all served by https at `port` of this machine."""

    hosts: tuple[str, ...]
    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    people = tuple(email for email, _ in PEOPLE)
    password = PASSWORD

    @property
    def launch_address(self) -> str:
        """The address to approve and to register, of its first name."""
        return f"https://{self.hosts[0]}/patients"

    @property
    def certificate(self) -> Path:
        return self.folder / "certificate.pem"

    @property
    def flags(self) -> list[str]:
        """What lets Chromium find the app's names on this machine."""
        return flags_of(self)

    def lines(self, part: str = "") -> list[str]:
        """The app's log: `GET /patients 303 from REFERRER` a request, where `-` is none."""
        return [line for line in (self.folder / "log").read_text().splitlines() if part in line]

    def get(self, path: str, host: str = "") -> httpx.Response:
        """Fetch a page without a browser; the certificate is checked."""
        host = host or self.hosts[0]
        trust = ssl.create_default_context(cafile=str(self.certificate))
        with httpx.Client(verify=trust, headers={"Host": host}) as client:
            url = f"https://127.0.0.1:{self.port}{path}"
            return client.get(url, extensions={"sni_hostname": host})

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


class StartApp(Protocol):
    """How the fixture is called. `issuer` is the installation's address."""

    def __call__(
        self, *hosts: str, issuer: str, jwks: str = "", api_key: str = "", signed_only: bool = False
    ) -> ConnectedApp: ...


def flags_of(*apps: ConnectedApp) -> list[str]:
    """Chromium's flags that map the names of all these apps."""
    rules = [f"MAP {host}:443 127.0.0.1:{app.port}" for app in apps for host in app.hosts]
    return [f"--host-resolver-rules={', '.join(rules)}"]


@pytest.fixture
def connected_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartApp]:
    """Start the example app under given names; see the top of this file."""
    started: list[ConnectedApp] = []

    def start(
        *hosts: str, issuer: str, jwks: str = "", api_key: str = "", signed_only: bool = False
    ) -> ConnectedApp:
        options = ["--casewell", issuer, "--jwks", jwks, "--api-key", api_key]
        options += ["--signed-only"] * signed_only
        app = _started(tmp_path_factory.mktemp("app"), hosts, options)
        started.append(app)
        _wait_for(app)
        return app

    yield start
    for app in started:
        app.stop()


def _started(folder: Path, hosts: tuple[str, ...], options: list[str]) -> ConnectedApp:
    port = free_port()
    make_certificate(folder, hosts)
    command = [sys.executable, "-m", "connected_app", "--port", str(port), *options]
    command += ["--certificate", str(folder / "certificate.pem"), "--key", str(folder / "key.pem")]
    command += ["--data", str(folder / "data")]
    for host in hosts:
        command += ["--host-name", host]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=EXAMPLES, env=plain(), stdout=log, stderr=log)
    return ConnectedApp(hosts, port, folder, process)


def plain() -> dict[str, str]:
    """The app has nothing of the tests' environment: it finds its own modules, and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"PYTHONPATH": str(EXAMPLES), "PYTHONSAFEPATH": "1"}


def _wait_for(app: ConnectedApp) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and app.process.poll() is None:
        try:
            app.get("/login")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the example app did not start:\n" + "\n".join(app.lines()))


def make_certificate(folder: Path, hosts: tuple[str, ...]) -> None:
    """Write certificate.pem, good for those names today, and key.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Casewell's tests")])
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(encoding))
    secret = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(secret)
