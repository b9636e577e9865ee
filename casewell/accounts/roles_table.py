"""The page docs/roles.md, written from the code."""

from __future__ import annotations

from casewell.accounts.roles import PERMISSIONS, Permission, Role

HEAD = """# Who may do what

Written by `casewell/accounts/roles_table.py` from the code; a test holds it true.

"""


def roles_table() -> str:
    """The whole page, as Markdown: a row a permission, a column a role."""
    rows = [
        ["", *(role.label for role in Role)],
        ["---", *("---" for _ in Role)],
        *(_row(permission) for permission in Permission),
    ]
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(permission: Permission) -> list[str]:
    return [permission.label, *("yes" if permission in PERMISSIONS[r] else "–" for r in Role)]
