"""The papers are true: roles, settings, commands, and nothing outside the project."""

from __future__ import annotations

import argparse
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from casewell.accounts.roles_table import roles_table
from casewell.config.cli import parser

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def commands(of: argparse.ArgumentParser, name: str = "bin/casewell") -> Iterator[str]:
    """Each command with its group: `bin/casewell account create`."""
    groups = [a for a in of._actions if isinstance(a, argparse._SubParsersAction)]
    for each in groups:
        for word, below in each.choices.items():
            yield from commands(below, f"{name} {word}")
    if not groups:
        yield name


def test_every_command_has_a_line_in_the_docs() -> None:
    known = list(commands(parser()))

    assert [command for command in known if command not in PAGES] == []
    assert {"bin/casewell serve", "bin/casewell account create"} <= set(known)


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


def anchors(page: Path) -> set[str]:
    """The headings of a page as they are linked to: `Provider number` is `provider-number`."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w-]", "", h.lower().replace(" ", "-")) for h in headings}


def test_what_the_code_and_the_papers_cite_of_a_page_stands_there() -> None:
    cited = set()
    for file in tracked(".py", ".md"):
        text = file.read_text()
        found = re.findall(r"([\w-]+\.md)#([\w-]+)", text)
        found += [(p, a.lower()) for p, a in re.findall(r"docs/([\w-]+\.md), ([A-Z]\w+)", text)]
        beside = file.parent if file.parent.name == "guides" else ROOT / "docs"
        cited |= {(beside / page, anchor) for page, anchor in found}
    absent = [(p.name, a) for p, a in cited if a not in anchors(p)]

    assert absent == []
    known = {(page.name, anchor) for page, anchor in cited}
    assert {("domain.md", "usage"), ("architecture.md", "search")} <= known


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text()
