"""Static files, collected for serving only when they have changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class HashedModules(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Static files under names that change with their content, scripts' imports of scripts too."""

    # Of our own scripts only: in a vendored one, what looks like an import may be none. The
    # scripts may not import one another in a circle: no name could be found for them.
    _imports = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", _imports))
    max_post_process_passes = 12  # as deep as scripts import one another, and some more


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
    """One line per source file, different when the file is."""
    yield str(settings.STORAGES["staticfiles"])
    for finder in get_finders():
        for name, storage in finder.list([]):
            seen = Path(storage.path(name)).stat()
            yield f"{name} {seen.st_size} {seen.st_mtime_ns}"
