"""What the app is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """`casewell` is the installation's address, which is also the issuer of its tokens.

    `hosts` are the names (with a port that is not the scheme's own) under which people reach us.
    """

    folder: Path
    hosts: tuple[str, ...]
    scheme: str = "http"
    casewell: str = "http://localhost:8000"
    api: str = ""
    api_key: str = ""
    jwks: str = ""
    signed_only: bool = False

    @property
    def api_url(self) -> str:
        return self.api or f"{self.casewell}/v1"

    @property
    def jwks_url(self) -> str:
        return self.jwks or f"{self.casewell}/.well-known/jwks.json"

    def launch_address(self, host: str) -> str:
        """The address that Casewell opens, as registered: without the query."""
        return f"{self.scheme}://{host}/patients"

    @property
    def database(self) -> Path:
        return self.folder / "stride.sqlite3"
