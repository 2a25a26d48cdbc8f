"""The page for auditors in a real browser: what a person does with it, and what an accessibility checker says.

Skipped where there is no Chromium, or no Playwright to drive it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import ROOT, astrovet

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip("no Chromium is installed", allow_module_level=True)

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.slow]

CLAIMS = ROOT / "fixtures" / "projects" / "claims-platform"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 120_000
"""Milliseconds after which a browser hangs; a busy machine may take its time."""
playwright.expect.set_options(timeout=PATIENCE)
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("report") / "claims"
    shutil.copytree(CLAIMS, project)
    (project / ".astrovet.yaml").write_text(
        'version: 1\ndeployments: [{match: "claims-*", requires: [hipaa]}]\n'
        "attestations: [{what: mfa, owner: it, signed: 2026-01-01, until: 2027-01-01, evidence: A-1}]\n"
    )
    path = project.with_name("evidence.html")
    before = os.getcwd()
    os.chdir(project)
    try:
        result = astrovet("report", "--today", "2026-11-22", "--require", "soc2", "--accept-unseen", "-o", str(path))
    finally:
        os.chdir(before)
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
        yield chromium
        chromium.close()


def opened(browser: Any, path: Path, viewport: dict[str, int], **settings: Any) -> tuple[Any, list[str]]:
    """The page, and all that it complains of or asks the network for."""
    page = browser.new_context(viewport=viewport, **settings).new_page()
    page.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith("file:") else None)
    page.goto(path.as_uri())
    return page, wrong


def test_it_opens_without_complaints_and_without_network(browser: Any, page_file: Path) -> None:
    page, wrong = opened(browser, page_file, WIDE)
    assert page.title() == "Evidence: fails, 2026-11-22"
    assert page.locator("#matrix tbody tr").count() == 4
    assert not wrong


@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"])
def test_the_accessibility_checker_has_no_serious_objections(
    browser: Any, page_file: Path, viewport: dict[str, int], scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = browser.new_context(viewport=viewport, color_scheme=scheme, bypass_csp=True).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    violations = axe.Axe().run(page).response["violations"]
    assert not [
        (violation["id"], violation["impact"], [node["html"][:200] for node in violation["nodes"]][:3])
        for violation in violations
        if violation["impact"] in {"serious", "critical"}
    ]


def test_nothing_is_wider_than_a_phone(browser: Any, page_file: Path) -> None:
    page, _ = opened(browser, page_file, PHONE)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_every_link_within_it_leads_somewhere_visible(browser: Any, page_file: Path) -> None:
    page, _ = opened(browser, page_file, WIDE)
    links = page.locator("main a[href^='#'], nav a[href^='#']")
    assert links.count() > 8
    for number in range(links.count()):
        links.nth(number).click()
        target = page.locator(f"[id='{links.nth(number).get_attribute('href')[1:]}']")
        playwright.expect(target).to_be_in_viewport()


def test_a_link_to_a_check_opens_it(browser: Any, page_file: Path) -> None:
    page, _ = opened(browser, page_file, WIDE)
    check = page.locator("details.check:not([open])").first
    anchor = check.get_attribute("id")
    page.goto(f"{page_file.as_uri()}#{anchor}")
    playwright.expect(page.locator(f"[id='{anchor}']")).to_have_attribute("open", "")


def test_the_filter_leaves_what_was_asked_for(browser: Any, page_file: Path) -> None:
    page, _ = opened(browser, page_file, WIDE)
    rows = page.locator("#matrix tbody tr:visible")
    everything = page.locator("details.check:visible").count()
    page.get_by_label("Find").fill("REPORTING")
    assert rows.count() == 1
    assert "claims-reporting" in rows.first.inner_text()
    assert "1 of 4 rows" in page.get_by_role("status").inner_text()
    assert 0 < page.locator("details.check:visible").count() < everything
    page.get_by_role("button", name="Show all").click()
    playwright.expect(rows).to_have_count(4)
    page.get_by_label("Show", exact=True).select_option("fails")
    playwright.expect(rows.filter(has_text="sandbox")).to_have_count(0)
    assert page.locator(".findings > li[data-standing=fails]:visible").count() > 3
    assert page.locator(".findings > li[data-standing=undecided]:visible").count() == 0


def test_it_works_without_scripts(browser: Any, page_file: Path) -> None:
    page, _ = opened(browser, page_file, WIDE, java_script_enabled=False)
    assert page.locator("#matrix tbody tr").count() == 4
    assert not page.locator("#filter").is_visible()
    page.locator("details.check:not([open]) > summary").first.click()
    assert page.locator("details.check").count() == page.locator("details.check:visible").count()


def test_the_keyboard_reaches_the_evidence_first(browser: Any, page_file: Path) -> None:
    page, _ = opened(browser, page_file, WIDE)
    page.keyboard.press("Tab")
    focused = page.evaluate(
        "[document.activeElement.textContent, getComputedStyle(document.activeElement).outlineStyle]"
    )
    assert focused == ["To the evidence", "solid"]


def test_it_prints_with_every_fold_open(browser: Any, page_file: Path) -> None:
    page, _ = opened(browser, page_file, WIDE, java_script_enabled=False)
    page.emulate_media(media="print")
    assert page.locator("nav:visible").count() == 0
    hidden = page.locator("details.check:not([open]) dl").first
    assert hidden.bounding_box()["height"] > 10
    assert page.pdf(format="A4").startswith(b"%PDF")
