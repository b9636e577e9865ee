"""Take the pictures of docs/screens.md: `bin/screens`, or `bin/screens NAME …` for some of them.

A picture is written only where it differs, so that a change of look is seen in review and nothing
else is. `--look FOLDER` takes those of the crowded practice too, and leaves the docs alone.
"""

from __future__ import annotations

import argparse
import base64
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

from casewell.lib.demo_password import DEMO_PASSWORD
from casewell.lib.postgres_roles import RUNTIME
from tests.screens.crowded_scenes import CROWDED
from tests.screens.money_scenes import MONEY
from tests.screens.scenes import SCENES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.screens.scene import Scene

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures" / "screens"
VARIANTS: dict[str, Any] = {
    f"{device}-{scheme}": {
        "viewport": {"width": width, "height": height},
        "color_scheme": scheme,
        "reduced_motion": "reduce",
        "locale": "en-AU",
        "timezone_id": "Australia/Sydney",
    }
    for device, width, height in (("desktop", 1440, 900), ("phone", 375, 812))
    for scheme in ("light", "dark")
}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--hide-scrollbars"]
FLAGS += ["--font-render-hinting=none", "--force-color-profile=srgb"]
QUALITY = 80
SHOWN = [*SCENES, *MONEY]  # in the docs
PATIENCE_MS = 20_000
STILL_MS = 700  # what comes late (a skeleton, a fade) has come or gone by then


def main(words: Sequence[str]) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", help="of scenes; all where none is named")
    options.add_argument("--look", type=Path, help="a folder for pictures (PNG) to look at")
    asked = options.parse_args(words)
    scenes = [*SHOWN, *CROWDED] if asked.look else SHOWN
    chosen = [scene for scene in scenes if not asked.names or scene.name in asked.names]
    folder = asked.look or PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CASEWELL_CHROMIUM"), args=FLAGS
        )
        for name in VARIANTS:
            take(browser, address, name, chosen, folder, "png" if asked.look else "webp")
    if not asked.look:
        (ROOT / "docs" / "screens.md").write_text(page_of_pictures())


def take(
    browser: Browser, address: str, variant: str, scenes: Sequence[Scene], folder: Path, kind: str
) -> None:
    """Take one variant of every scene, each user signed in once."""
    for user in sorted({scene.user for scene in scenes}):
        context = browser.new_context(base_url=address, **VARIANTS[variant])
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        sign_in(page, user)
        for scene in (scene for scene in scenes if scene.user == user):
            file = folder / f"{scene.name}-{variant}.{kind}"
            try:
                take_one(page, scene, file)
            except Error as error:  # one screen that fails must not hide the others
                print(f"{scene.name}, {variant}: {error.message}", file=sys.stderr)
        context.close()


def take_one(page: Page, scene: Scene, file: Path) -> None:
    """Take one scene, and leave nothing of it to the next one: no change, nothing in hand."""
    scene.show(page)
    page.wait_for_timeout(STILL_MS)
    if file.suffix == ".png":
        page.screenshot(path=file, full_page=scene.whole)
    else:
        keep(file, picture(page))
    if scene.after:
        scene.after(page)
    page.evaluate("sessionStorage.clear()")


def sign_in(page: Page, user: str) -> None:
    if not user:
        return
    page.goto("/sign-in/")
    page.get_by_label("Email").fill(user)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def picture(page: Page) -> bytes:
    """What the window shows, as WebP, which Playwright itself does not write."""
    session = page.context.new_cdp_session(page)
    answer = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    return base64.b64decode(answer["data"])


def keep(file: Path, image: bytes) -> None:
    if not file.exists() or file.read_bytes() != image:
        file.write_bytes(image)
        print(file.name)


def page_of_pictures() -> str:
    """docs/screens.md: a heading and four pictures for each screen."""
    parts = [
        "# Screens\n",
        "Taken by `bin/screens` from the demo at a fixed noon; a change of look is seen here.\n",
    ]
    for scene in SHOWN:
        parts.append(f"## {scene.title}\n")
        for variant in VARIANTS:
            file = f"pictures/screens/{scene.name}-{variant}.webp"
            width = 600 if variant.startswith("desktop") else 200
            parts.append(f'<img src="{file}" alt="{scene.title}, {variant}" width="{width}">')
        parts.append("")
    return "\n".join(parts)


@contextmanager
def served() -> Iterator[str]:
    """The stage, in a process and on a database of its own; its address."""
    import django

    django.setup()
    from tests import database
    from tests.served import free_port

    name, port = f"screens_{os.getpid()}", free_port()
    database.copy(name)
    with TemporaryDirectory() as folder:
        environment = os.environ | {
            "DATABASE_URL": database.server().url(RUNTIME, name),
            "CASEWELL_DATA": folder,
            "CASEWELL_SITE_ADDRESS": f"http://localhost:{port}",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.screens.stage", str(port)], env=environment
        )
        try:
            wait(f"http://localhost:{port}/health", process)
            yield f"http://localhost:{port}"
        finally:
            process.terminate()
            process.wait()
            database.drop(name)
            database.let_go()


def wait(url: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise SystemExit("The stage did not come up.")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casewell.config.settings")
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@nowhere/none")
    main(sys.argv[1:])
