"""Letters as PDF: any text stays text, any name can be read, nothing is opened to draw them."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from casewell.accounts.models import BusinessLogo
from casewell.letters.paper import TEMPLATE, drawn, logo_of, words_of
from casewell.lib.typeset import FONTS, CannotDraw, families, pdf_of
from tests.letters.desk import letter, words_on

if TYPE_CHECKING:
    from pathlib import Path

    from tests.world import Practice

HOSTILE = "#panic() $x$ *b* _i_ \\ ] \" ' `r` @l <l> // /* {today} = - + ~ %s {{}} &amp;<b>"
# Names as patients of clinics have them, one for each script.
NAMES = {
    "Latin": "Nguyễn Ŵójcik",
    "Greek": "Παπαδόπουλος",
    "Cyrillic": "Шевченко",
    "Hebrew": "כהן",
    "Arabic": "محمد",
    "Armenian": "Հակոբյան",
    "Georgian": "გიორგი",
    "Bengali": "রহমান",
    "Devanagari": "शर्मा",
    "Ethiopic": "አበበ",
    "Gujarati": "પટેલ",
    "Gurmukhi": "ਸਿੰਘ",
    "Hangul": "김민수",
    "Han": "王小明 陳大文",
    "Kana": "たなか サトウ",
    "Kannada": "ರಾವ್",
    "Khmer": "សុខ",
    "Lao": "ສົມ",
    "Malayalam": "നായർ",
    "Myanmar": "အောင်",
    "Odia": "ଦାସ",
    "Sinhala": "සිල්වා",
    "Syriac": "ܐܒܐ",
    "Tamil": "குமார்",
    "Telugu": "రావు",
    "Thaana": "އަހުމަދު",
    "Thai": "สมชาย",
    "Tibetan": "བསྟན",
}
# In a process of its own, which may open nothing any more: no file, no connection.
SEALED = """
import hashlib, json, resource, socket, sys
from casewell.letters.paper import TEMPLATE, words_of
from casewell.lib.typeset import pdf_of
said = json.loads(sys.stdin.read())
def draw(text):
    return pdf_of(TEMPLATE, words_of(text, text, said) | {"mark": "", "logo": None})
draw(said["first"])
resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
for open_something in (lambda: open("/etc/hostname"), socket.socket):
    try:
        open_something()
    except OSError as error:
        print(error.strerror)
print(hashlib.sha256(draw(said["second"])).hexdigest())
"""


def on_paper(title: str, body: str, **fields: str) -> list[str]:
    """What each page says of a letter whose fields say that."""
    said = {"fields": {name.replace("_", " "): text for name, text in fields.items()}}
    return words_on(pdf_of(TEMPLATE, words_of(title, body, said) | {"mark": "", "logo": None}))


def test_a_name_and_a_text_of_any_signs_stand_on_paper_as_they_are() -> None:
    [page] = on_paper(HOSTILE, "{patient name} and {Patient Name}", patient_name=HOSTILE)
    assert page.count(HOSTILE) == 2

    [page] = on_paper("", "{patient name}", patient_name="# A\n- b\x00\x07\n---\n\u202ec")
    assert "# A - b --- c" in page

    typed = HOSTILE.replace("*b* _i_ \\ ]", "b]").replace("{today} ", "")
    assert typed in on_paper("", typed)[0]


def test_five_thousand_characters_are_a_letter_of_some_pages() -> None:
    pages = on_paper(
        "x" * 255, "{patient name}\n\n---\n\n" + "word " * 1000, patient_name="W" * 5000
    )

    assert len(pages) in range(3, 9)
    assert "".join(pages).count("W") == 5000
    assert " ".join(pages).count("word") == 1000


def test_names_can_be_read_in_every_script_by_fonts_that_are_shipped() -> None:
    shipped = {family.replace(" ", "") for family in families()} | {"NewCM"}
    for script, name in NAMES.items():
        said = {"fields": {"patient name": name}}
        pdf = pdf_of(TEMPLATE, words_of("", "{patient name}", said) | {"mark": "", "logo": None})
        fonts = {found.decode() for found in re.findall(rb"/BaseFont\s*/\w{6}\+([A-Za-z]+)", pdf)}

        by_typst = script in ("Latin", "Greek", "Cyrillic", "Hebrew")
        assert (fonts <= shipped, len(fonts)) == (True, 1 if by_typst else 2), (script, fonts)


def test_every_font_that_ships_is_listed_with_its_licence() -> None:
    listed = json.loads((FONTS / "VERSIONS.json").read_text())

    files = {str(one.relative_to(FONTS)) for one in FONTS.rglob("*") if one.is_file()}
    assert {name for font in listed for name in font["files"]} == files - {"VERSIONS.json"}
    assert {font["licence"] for font in listed} == {"OFL-1.1"}
    assert len(families()) == len(listed) + 2


def test_a_name_from_right_to_left_turns_nothing_around_it() -> None:
    pages = on_paper("", "Re: {patient name}, born 1980", patient_name="\u202eكريم (1) \u2067x")

    assert re.search(r"^Re: .*, born 1980 Yours", pages[0])
    [block] = words_of("", "שלום {patient name}", {"fields": {"patient name": "Ada (1)"}})["blocks"]
    assert block["rightwards"]
    assert [run["text"] for run in block["runs"]] == ["שלום ", "\u2068Ada (1)\u2069"]


def test_drawing_opens_no_file_and_no_connection() -> None:
    # What was drawn before has the fonts of all scripts read.
    first, second = (
        f"# {HOSTILE} {' '.join(NAMES.values())}",
        f'#read("/etc/passwd") #import "@preview/a:0.1.0" {HOSTILE}',
    )
    answer = subprocess.run(
        [sys.executable, "-c", SEALED],
        input=json.dumps({"first": first, "second": second}),
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "casewell.config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    free = pdf_of(TEMPLATE, words_of(second, second, {}) | {"mark": "", "logo": None})
    assert answer.stdout.splitlines() == [
        "Too many open files",
        "Too many open files",
        hashlib.sha256(free).hexdigest(),
    ]


def test_a_template_of_ours_could_not_read_the_machines_files_either(tmp_path: Path) -> None:
    template = tmp_path / "reads.typ"
    template.write_text('#read("/etc/hostname")')

    with pytest.raises(CannotDraw):
        pdf_of(template, {})


def test_the_letterhead_has_its_logo_and_does_without_one_that_is_no_picture(
    northside: Practice,
) -> None:
    one = letter(northside, "Dear {recipient name}")
    plain = len(drawn(one.version))
    logo = BusinessLogo(business=northside.business, media_type="image/png")
    for content, more in ((b"\x89PNG\r\nno picture", 0), (picture(), 3000)):
        northside.business.logos.all().delete()
        logo.content = content
        logo.save(force_insert=True)
        assert (len(drawn(one.version)) - plain >= more) is True
        assert (logo_of(content) is None) is (more == 0)


def picture() -> bytes:
    """A picture with much in it."""
    kept = io.BytesIO()
    Image.effect_noise((1200, 400), 80).save(kept, "PNG")
    return kept.getvalue()
