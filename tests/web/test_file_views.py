"""Files served without harm: as they came, or drawn anew."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from casewell.lib import previews
from tests.files import keep_file, pdf, picture
from tests.web.files import served, url

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from casewell.patients.models import PatientAttachment
    from tests.world import Practice


def shown(desk: Client, kept: PatientAttachment, page: int = 1) -> Any:
    return desk.get(url("file-preview", kept.pk), {"page": page})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Überweisung “Knie”.pdf", pdf(1)),
        ("x.html", b"<script>alert(1)</script>"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
    ],
)
def test_the_original_is_downloaded_under_its_name_and_can_run_nothing(
    northside: Practice, desk: Client, name: str, content: bytes
) -> None:
    kept = keep_file(northside, name, content)

    answer = desk.get(url("file", kept.pk))

    assert served(answer) == content
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["Content-Type"] in {"application/pdf", "application/octet-stream"}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "private, no-store"
    if name.startswith("Ü"):
        assert "filename*=utf-8''%C3%9Cberweisung" in answer.headers["Content-Disposition"]


def test_a_file_whose_bytes_are_lost_says_so(northside: Practice, desk: Client) -> None:
    kept = keep_file(northside)
    default_storage.delete(kept.file.name)

    for name in ("file", "file-preview"):
        answer = desk.get(url(name, kept.pk))
        assert answer.status_code == 422
        assert b"is not where it was kept" in answer.content


def test_pictures_and_pages_are_drawn_anew(northside: Practice, desk: Client) -> None:
    secret = Image.Exif()
    secret[0x010E] = "Ada's own words"
    photo = keep_file(northside, "a.jpg", picture(2400, 1200, "JPEG", exif=secret))
    letter = keep_file(northside, "a.pdf", pdf(3))

    drawn, page = shown(desk, photo), shown(desk, letter, 2)

    assert (drawn.headers["Content-Type"], page.headers["Content-Type"]) == (
        "image/jpeg",
        "image/png",
    )
    assert Image.open(io.BytesIO(drawn.content)).size == (1600, 800)
    assert b"Ada's own words" not in drawn.content
    assert (page.headers["X-Pages"], drawn.headers["X-Pages"]) == ("3", "1")
    assert page.headers["Content-Security-Policy"].startswith("sandbox")
    assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.txt", b"hello", "This sort of file cannot be shown here."),
        ("a.pdf", b"%PDF-1.7 and nothing more", "This PDF cannot be read."),
        ("a.png", picture()[:60], "This file is damaged"),
        ("a.png", lambda: picture(9000, 9000), "too many pixels"),
        ("a.gif", b"GIF89a/*<script>*/=1;alert(1)//", ""),
    ],
    ids=["text", "no pdf", "cut off", "pixel bomb", "polyglot"],
)
def test_what_cannot_be_shown_says_why_and_shows_nothing_of_itself(
    northside: Practice, desk: Client, name: str, content: Any, why: str
) -> None:
    body = content() if callable(content) else content

    answer = shown(desk, keep_file(northside, name, body))

    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert b"script" not in answer.content
    assert answer.headers["Content-Type"] == "text/plain"


def test_a_page_that_is_not_there_and_too_many_at_once_are_refused(
    northside: Practice, desk: Client
) -> None:
    letter = keep_file(northside, "a.pdf", pdf(1))
    assert "no such page" in shown(desk, letter, 2).content.decode()

    taken = [previews._free.acquire(blocking=False) for _ in range(previews.AT_ONCE)]
    try:
        answer = shown(desk, letter)
    finally:
        for _ in taken:
            previews._free.release()
    assert (taken, answer.status_code, answer.headers["Retry-After"]) == ([True, True], 503, "1")
    assert shown(desk, letter).status_code == 200


def test_a_drawing_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass")
    monkeypatch.setattr(previews, "CHILD", str(endless))
    monkeypatch.setattr(previews, "SECONDS", 0.5)

    for _ in range(previews.AT_ONCE + 1):  # its place is free again each time
        with pytest.raises(previews.NoPreview, match="takes too much"):
            previews.picture_of(io.BytesIO(picture()), "image")
