from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from casewell.lib.secrets_file import kept_secret

if TYPE_CHECKING:
    from pathlib import Path


def test_a_secret_is_made_once_private_and_then_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret_key"
    made = kept_secret(path)
    assert len(made) == 43
    assert kept_secret(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_all_who_ask_at_once_get_the_same_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: kept_secret(tmp_path / "secret_key"), range(64)))
    assert len(set(answers)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
