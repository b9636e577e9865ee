from __future__ import annotations

import os
import pwd
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from casewell.lib import service_account
from casewell.lib.service_account import ServiceAccount, account_for, home_for

if TYPE_CHECKING:
    from pathlib import Path

MYSELF = ServiceAccount()
NOBODY = ServiceAccount(pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)


@pytest.fixture
def var_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(service_account, "VAR_FOLDER", tmp_path / "var")
    return tmp_path / "var"


def test_root_never_runs_the_server_itself_and_others_run_it_themselves(tmp_path: Path) -> None:
    account = account_for(tmp_path / "data")
    assert (account.uid in {None, 0}) is (os.geteuid() != 0)


def test_of_several_first_starts_at_once_one_makes_the_system_user(
    var_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    together, root = threading.Barrier(4), pwd.getpwuid(0)

    def known(name: str) -> pwd.struct_passwd:
        if not made:
            raise KeyError(name)
        return root

    def useradd() -> None:
        time.sleep(0.05)  # its own time, in which the others ask too
        made.append(1)

    def first_start(_number: int) -> int:
        together.wait()
        return service_account._system_user().pw_uid

    monkeypatch.setattr(pwd, "getpwnam", known)
    monkeypatch.setattr(service_account, "_make_system_user", useradd)
    with ThreadPoolExecutor(4) as starts:
        assert [*starts.map(first_start, range(4))] == [0] * 4
    assert len(made) == 1


def test_the_owner_of_the_files_runs_the_server(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    account_for(data).own(data)
    assert account_for(data).uid in {None, data.stat().st_uid}


def test_files_stay_where_their_user_may_go(tmp_path: Path) -> None:
    assert home_for(tmp_path / "postgres", MYSELF) == tmp_path / "postgres"
    assert stat.S_IMODE((tmp_path / "postgres").stat().st_mode) == 0o700


def test_elsewhere_is_private_and_found_again(tmp_path: Path, var_folder: Path) -> None:
    pointer = tmp_path / "elsewhere"
    home = service_account._home_elsewhere(pointer, MYSELF)
    assert home.parent == var_folder
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert home_for(tmp_path, MYSELF) == home


def test_a_closed_folder_is_left_as_it_is(tmp_path: Path, var_folder: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    account = NOBODY if os.geteuid() == 0 else MYSELF
    home = home_for(closed / "postgres", account)
    assert (home.parent == var_folder) is (os.geteuid() == 0)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_programs_are_copied_whole_and_open_to_all(tmp_path: Path, var_folder: Path) -> None:
    package = tmp_path / "closed" / "wheel"
    for name in "wheel/pginstall/bin/postgres", "wheel/pginstall/share/x.bki", "wheel.libs/x.so":
        path = package.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        path.chmod(0o700 if path.name == "postgres" else 0o600)
    copy = tmp_path / "copy"
    service_account._copy(package, copy)
    service_account._copy(package, copy)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["closed", "copy"]
    modes = {
        str(path.relative_to(copy)): oct(stat.S_IMODE(path.stat().st_mode))
        for path in copy.rglob("*.*")
    }
    assert modes == {
        "wheel/pginstall/share/x.bki": "0o644",
        "wheel.libs": "0o755",
        "wheel.libs/x.so": "0o644",
    }
    assert os.access(copy / "wheel" / "pginstall" / "bin" / "postgres", os.X_OK)
