"""Static files, collected for serving only when they have changed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile
from django.core.management import call_command
from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files import File
    from django.core.files.storage import Storage


class WholeSheets:
    """The same files, each style sheet with the sheets of its own folder that it imports.

    A browser finds out what a sheet imports only after the sheet has come: with fifty of them the
    first visit would wait a second time.
    """

    _import = re.compile(r'^@import url\("([\w-]+\.css)"\) layer\((\w+)\);$', re.MULTILINE)

    def __init__(self, source: Storage) -> None:
        self.source = source

    def open(self, name: str) -> File[bytes]:
        """The file called `name`, to be read."""
        if not name.endswith(".css"):
            return cast("File[bytes]", self.source.open(name))
        return ContentFile(self._whole(name).encode())

    def _whole(self, name: str) -> str:
        def imported(found: re.Match[str]) -> str:
            return f"@layer {found[2]} {{\n{self._whole(str(folder / found[1]))}}}"

        folder = PurePosixPath(name).parent
        with self.source.open(name) as file:
            return self._import.sub(imported, file.read().decode())


class HashedModules(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Static files under names that change with their content, scripts' imports of scripts too."""

    # Of our own scripts only: in a vendored one, what looks like an import may be none. The
    # scripts may not import one another in a circle: no name could be found for them.
    _imports = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", _imports))
    max_post_process_passes = 12  # as deep as scripts import one another, and some more

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], *args: Any, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        """As its parent, over whole style sheets."""
        whole = {name: (WholeSheets(storage), path) for name, (storage, path) in paths.items()}
        yield from super().post_process(whole, *args, **options)


def collect_static_files() -> bool:
    """Have STATIC_ROOT filled from the apps' files as they are now; False where it was."""
    folder = Path(settings.STATIC_ROOT)
    stamp = folder / ".collected-from"
    digest = hashlib.sha256("\n".join(sorted(_sources())).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest)
    return True


def _sources() -> Iterator[str]:
    """One line per source file, different when the file is; first, how they are collected."""
    yield str(settings.STORAGES["staticfiles"]) + Path(__file__).read_text()
    for finder in get_finders():
        for name, storage in finder.list([]):
            seen = Path(storage.path(name)).stat()
            yield f"{name} {seen.st_size} {seen.st_mtime_ns}"
