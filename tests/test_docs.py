"""The papers are true: roles, settings, commands, and nothing outside the project."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from casewell.accounts.roles_table import roles_table

ROOT = Path(__file__).resolve().parents[1]
PAGES = "\n".join(page.read_text() for page in sorted((ROOT / "docs").rglob("*.md")))


def tracked(*endings: str) -> list[Path]:
    """The project's own files with these endings."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    return [ROOT / name for name in names if name.endswith(endings) and (ROOT / name).exists()]


def test_the_table_of_roles_is_the_codes() -> None:
    assert (ROOT / "docs" / "roles.md").read_text() == roles_table()


def test_every_setting_has_a_line_in_the_docs() -> None:
    code = "\n".join(file.read_text() for file in tracked(".py") if "tests" not in file.parts)
    settings = set(re.findall(r'env\(\s*"([A-Z_]+)"', code)) - {"NAME"}

    assert {name for name in settings if f"`{name}`" not in PAGES} == set()
    assert "DATABASE_URL" in settings


def test_every_command_has_a_line_in_the_docs() -> None:
    commands = ("serve", "migrate", "demo", "account create", "user create", "apikey create")

    assert [c for c in (*commands, "check") if f"bin/casewell {c}" not in PAGES] == []


def test_nothing_refers_to_the_folder_beside_the_project() -> None:
    beside = "../" + "shared"

    assert [f.name for f in tracked(".py", ".md", ".toml", ".sh") if beside in f.read_text()] == []


def test_the_links_between_the_papers_lead_somewhere() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in tracked(".md")
        for target in re.findall(r"\]\(([^)#:]+)[^)]*\)", page.read_text())
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text()
