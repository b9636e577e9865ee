from __future__ import annotations

import re

from casewell.config.serving import MARK
from tests.config.commands import ROOT

PAGE = (ROOT / "docs" / "operating.md").read_text()


def test_every_setting_is_explained() -> None:
    sources = [*(ROOT / "casewell").rglob("*.py"), *(ROOT / "bin").glob("*")]
    text = "\n".join(path.read_text() for path in sources if path.is_file())
    names = set(re.findall(r"\b(?:CASEWELL_[A-Z_]+|DATABASE_URL|DATABASE_OWNER_URL)\b", text))
    assert sorted(name for name in names - {MARK} if f"`{name}`" not in PAGE) == []
