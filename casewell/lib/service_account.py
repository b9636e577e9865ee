"""The system user that PostgreSQL runs as where Casewell itself runs as root, which it refuses.

That user may enter only folders that are open to it, so where those of the installation are not,
its data and a copy of its programs live under VAR_FOLDER. Parent folders are never changed.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casewell.lib.file_lock import FileLock

NAME = "casewell-postgres"
VAR_FOLDER = Path("/var/lib/casewell")
POINTER = "elsewhere"


@dataclass(frozen=True)
class ServiceAccount:
    """A user and group to run programs as; `None` for both: as whoever runs this process."""

    uid: int | None = None
    gid: int | None = None

    @property
    def popen(self) -> dict[str, Any]:
        """The keyword arguments with which `subprocess` runs a program as this user."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give `path` to this user."""
        if self.uid is not None:
            os.chown(path, self.uid, -1 if self.gid is None else self.gid)

    def may(self, permission: str, path: Path) -> bool:
        """Whether this user has `permission` ("r" or "x") on `path`, parents included."""
        if self.uid is None:
            return os.access(path, {"r": os.R_OK, "x": os.X_OK}[permission])
        test = ["/usr/bin/env", "test", f"-{permission}", str(path)]
        done = subprocess.run(test, cwd="/", check=False, **self.popen)  # noqa: S603 - no shell
        return done.returncode == 0


def account_for(data: Path) -> ServiceAccount:
    """Who runs the server of `data`: for root its owner or our system user, else oneself."""
    if os.geteuid() != 0:
        return ServiceAccount()
    if data.exists() and data.stat().st_uid != 0:
        return ServiceAccount(data.stat().st_uid, data.stat().st_gid)
    entry = _system_user()
    return ServiceAccount(entry.pw_uid, entry.pw_gid)


def _system_user() -> pwd.struct_passwd:
    """Ours, made where it is absent: by one process, for useradd run twice at once makes two."""
    with suppress(KeyError):
        return pwd.getpwnam(NAME)
    with FileLock(_var_folder() / "user.lock"):
        try:
            return pwd.getpwnam(NAME)
        except KeyError:
            _make_system_user()
            return pwd.getpwnam(NAME)


def _make_system_user() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise OSError(
            "PostgreSQL does not run as root, and useradd is missing. Make a system user named "
            f"{NAME}, or run Casewell as an ordinary user."
        )
    command = [useradd, "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME]
    # 9: somebody else made it in the meantime.
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode not in {0, 9}:
        raise OSError(f"The system user {NAME} could not be made: {done.stderr.strip()}")


def home_for(folder: Path, account: ServiceAccount) -> Path:
    """Where the server of `folder` keeps its files: there, or where a link in it points to."""
    pointer = folder / POINTER
    if pointer.is_symlink():
        return pointer.readlink()
    folder.parent.mkdir(parents=True, exist_ok=True)
    if account.may("x", folder.parent):
        return _private(folder, account)
    folder.mkdir(mode=0o700, exist_ok=True)
    return _home_elsewhere(pointer, account)


def _private(folder: Path, account: ServiceAccount) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    account.own(folder)
    return folder


def _home_elsewhere(pointer: Path, account: ServiceAccount) -> Path:
    """A new folder under VAR_FOLDER, named after the one that it stands in for."""
    name = hashlib.sha256(os.fsencode(pointer.parent)).hexdigest()[:16]
    home = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_var_folder()))
    account.own(home)
    pointer.symlink_to(home)
    return home


def _var_folder() -> Path:
    if not VAR_FOLDER.exists():
        VAR_FOLDER.mkdir(parents=True, exist_ok=True)
        VAR_FOLDER.chmod(0o711)  # whatever the umask
    return VAR_FOLDER


def short_folder(account: ServiceAccount) -> Path:
    """A new private folder with a short path, for a socket (its path has at most 107 bytes)."""
    root = None if account.uid is None else _var_folder()
    folder = Path(tempfile.mkdtemp(prefix="casewell-", dir=root))
    account.own(folder)
    return folder


def programs_for(package: Path, account: ServiceAccount) -> Path:
    """The folder of a wheel's package, or of a copy of it, whose programs `account` may run.

    The programs find the wheel's libraries beside the package, in a folder `<package>.libs`.
    """
    needed = [package / "pginstall" / "share" / "postgres.bki", *_libraries(package).glob("*")]
    postgres = package / "pginstall" / "bin" / "postgres"
    if account.may("x", postgres) and all(account.may("r", path) for path in needed):
        return package
    seen = postgres.stat()
    identity = f"{seen.st_size}-{seen.st_mtime_ns}".encode()
    copy = _var_folder() / f"programs-{hashlib.sha256(identity).hexdigest()[:16]}"
    if not copy.exists():
        _copy(package, copy)
    return copy / package.name


def _libraries(package: Path) -> Path:
    return package.with_name(f"{package.name}.libs")


def _copy(package: Path, copy: Path) -> None:
    """Copy the programs so that `copy` is there whole or not at all, and anyone may read it."""
    draft = Path(tempfile.mkdtemp(prefix="programs-draft-", dir=copy.parent))
    whole = draft / "whole"
    for folder in package / "pginstall", _libraries(package):
        target = whole / folder.relative_to(package.parent)
        shutil.copytree(folder, target, symlinks=True)
    for path in [whole, *whole.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        whole.rename(copy)
    except OSError:
        if not copy.exists():
            raise
    finally:
        shutil.rmtree(draft)
