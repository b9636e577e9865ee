"""A program that the supervisor runs: `python -m casewell.config.child PARENT MODULE ARGUMENT…`.

It ends when its parent, process number PARENT, does, however that comes to pass.
"""

from __future__ import annotations

import os
import sys

from casewell.lib.processes import die_with_parent


def main() -> None:
    """Become the module, tied to the parent."""
    parent, *module = sys.argv[1:]
    die_with_parent()
    if os.getppid() != int(parent):
        sys.exit("The supervisor ended before its child began.")
    os.execv(sys.executable, [sys.executable, "-m", *module])  # noqa: S606 - our own program


if __name__ == "__main__":
    main()
