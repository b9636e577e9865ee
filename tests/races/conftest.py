"""The served installation a second time, with its locks taken out."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from casewell.lib.postgres_roles import RUNTIME
from tests import database
from tests.served import free_port, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served import Site


@pytest.fixture(scope="module")  # an outage that another module makes is not for it
def unlocked_address(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same installation, served without the locks."""
    port, data = free_port(), tmp_path_factory.mktemp("unlocked")
    environment = os.environ | {
        "DATABASE_URL": database.server().url(RUNTIME, site.database),
        "CASEWELL_DATA": str(site.data),
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    options = ["--workers", "2", "--blocking-threads", "16", "tests.races.unlocked:application"]
    with (data / "log").open("wb") as log:
        process = subprocess.Popen([*command, *options], env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"http://localhost:{port}/health", process, data / "log")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)
