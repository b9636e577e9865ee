"""Files in a real browser: dropped, watched, looked at by keys, put into cases, downloaded."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_accessible import problems, violations
from tests.browser.test_programmes import patient_of_ones_own
from tests.files import pdf, picture

OpenBrowser = Callable[..., Page]
DROP = """([selector, files]) => {
  const carried = new DataTransfer();
  for (const [name, text] of files) {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    carried.items.add(new File([bytes], name));
  }
  for (const type of ["dragover", "drop"]) {
    const options = { bubbles: true, cancelable: true, dataTransfer: carried };
    document.querySelector(selector).dispatchEvent(new DragEvent(type, options));
  }
}"""


def drop(page: Page, onto: str, **files: bytes) -> None:
    """Let go of those files over that part of the page."""
    named = [(name.replace("_", "."), b64encode(body).decode()) for name, body in files.items()]
    page.evaluate(DROP, [onto, named])


def page_of_ada(page: Page) -> str:
    page.goto("/demo/patients?q=rossi+ada")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile(r"/patients/\d+"))
    return page.url


def test_letters_are_dropped_looked_at_put_into_a_second_case_and_downloaded(
    open_browser: OpenBrowser,
) -> None:
    page = open_browser()
    patient = patient_of_ones_own(page, "Letters")
    page.goto(f"{patient}/cases/new")
    page.locator("#id_name").fill("Left knee")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/cases/\d+$"))
    page.goto(patient)
    page.get_by_role("link", name="Book appt.").click()
    panel = page.locator("#panel")

    # a letter dropped into the new case of a booking goes with it, after a refusal too
    panel.get_by_role("radio", name="New case").check()
    panel.locator("#id_date").fill("2031-03-04")
    panel.locator("#id_time").fill("07:35")
    drop(page, "#panel .sheet__letters", hip_pdf=pdf(1))
    panel.get_by_role("button", name="Book", exact=True).click()
    expect(panel.locator(".error-summary, .field__errors").first).to_be_visible()
    panel.locator("#id_case_new-name").fill("Right hip")
    panel.get_by_role("button", name="Book", exact=True).click()
    expect(panel.locator("#booking-position")).to_contain_text("Right hip")
    page.goto(patient)
    page.get_by_role("link", name="Right hip").first.click()
    page.wait_for_url(re.compile(r"/cases/\d+"))
    files = page.locator("#files-list .files__one")
    expect(files).to_have_count(1)

    # three at once, one of them empty: its reason stays, the others are listed
    drop(page, "#files-title", plan_pdf=pdf(2), knee_png=picture(600, 400), none_txt=b"")
    expect(files).to_have_count(3)
    coming = page.locator("[data-coming] li")
    expect(coming).to_have_count(1)
    expect(coming).to_contain_text("This file is empty.")
    coming.get_by_role("button").last.click()

    # looked at by keys: files to the side, pages up and down, Esc back to where one was
    page.locator("#files-list").get_by_role("link", name="plan.pdf", exact=True).click()
    viewer = page.get_by_role("dialog")
    expect(viewer.get_by_role("img")).to_be_visible()
    expect(viewer).to_contain_text("Page 1 of 2")
    page.keyboard.press("PageDown")
    expect(viewer).to_contain_text("Page 2 of 2")
    expect(viewer.get_by_role("img", name="Page 2 of plan.pdf")).to_be_visible()
    names = {viewer.get_by_role("heading").inner_text()}
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        names.add(viewer.get_by_role("heading").inner_text())
    assert names == {"hip.pdf", "plan.pdf", "knee.png"}
    expect(viewer.get_by_role("img")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('[data-preview]')")

    # described, and put into a second case
    page.get_by_role("link", name="Description and cases of plan.pdf").click()
    panel.get_by_label("Description").fill("Plan of March")
    panel.get_by_role("checkbox", name="Left knee").first.check()
    panel.get_by_role("button", name="Save").click()
    plan = files.filter(has_text="plan.pdf")
    expect(plan).to_contain_text("Plan of March")
    expect(plan.get_by_role("link", name="Left knee")).to_be_visible()
    page.keyboard.press("Escape")

    # archived, and taken back at once
    page.get_by_role("button", name="Archive knee.png").click()
    expect(page.locator("#files-list .strip")).to_contain_text("“knee.png” is archived")
    page.get_by_role("button", name="Undo: knee.png").click()
    expect(page.get_by_role("button", name="Archive knee.png")).to_be_visible()

    # downloaded under its name, and so is the summary
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download plan.pdf").click()
    assert saved.value.suggested_filename == "plan.pdf"
    page.locator("summary", has_text="Summary").click()
    with page.expect_download() as summary:
        page.get_by_role("link", name="For the patient").click()
    assert summary.value.suggested_filename == "Right hip – Mia Letters.pdf"
    assert summary.value.path().read_bytes().startswith(b"%PDF")


def test_without_scripts_files_are_sent_by_a_button(open_browser: OpenBrowser) -> None:
    page = open_browser(java_script_enabled=False, shown="body")
    page.goto("/demo/patients?q=rossi+ada")
    page.locator("main tbody a").first.click()
    letter = {"name": "by hand.pdf", "mimeType": "application/pdf", "buffer": pdf(1)}
    page.locator("#files input[type=file]").set_input_files(letter)  # type: ignore[arg-type]

    page.get_by_role("button", name="Upload").click()

    expect(page.locator("#files-list")).to_contain_text("by hand.pdf")


def test_the_patients_page_counts_what_was_dropped_on_it(open_browser: OpenBrowser) -> None:
    page = open_browser(viewport={"width": 375, "height": 812}, color_scheme="dark")
    page_of_ada(page)
    before = int(page.locator("#files-count").inner_text())

    drop(page, "#files", new_pdf=pdf(1))

    expect(page.locator("#files-list")).to_contain_text("new.pdf")
    expect(page.locator("#files-count")).to_have_text(str(before + 1))
    assert problems(page) == []
