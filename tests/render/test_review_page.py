"""review.html in a real browser: fold, search, copy, print, by mouse and by keyboard, with and without scripts."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.model.change import ColumnAdded
from generator.model.plan import Plan
from generator.model.schema import Column, Schema
from generator.pipeline import Request, run
from generator.render.review import render_review_page
from tests.examples import EXAMPLES
from tests.render.plans import CUSTOMERS, FAILED, LINK_CUSTOMERS, PROOF, WITH_CLEANUP
from tests.render.subjects import OLD, subject

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install -e '.[dev]')")
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
if not CHROMIUM:
    pytest.skip("there is no Chromium here (apt-get install chromium)", allow_module_level=True)

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
GOLDEN = [example.folder / "expected" / "review.html" for example in EXAMPLES]
SHOP = next(path for path in GOLDEN if "link_customers" in path.parts)
each_golden = pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.parts[-3])


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Opened:
    """A page, with whatever it asked for and complained of."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": DESKTOP, **options})
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.goto(path.as_uri())

    def open_steps(self) -> int:
        return int(self.page.locator("main details[open]").count())


@pytest.fixture
def opened(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    pages: list[Opened] = []

    def open_it(path: Path, **options: Any) -> Opened:
        pages.append(Opened(browser, path, **options))
        return pages[-1]

    yield open_it
    for page in pages:
        page.context.close()


@each_golden
def test_it_loads_nothing_and_complains_of_nothing(golden: Path, opened: Any) -> None:
    shown = opened(golden)
    assert shown.requests == [golden.as_uri()]
    assert shown.complaints == []
    blocked = shown.page.evaluate("fetch('https://example.org/').then(() => 'got it', () => 'blocked')")
    assert blocked == "blocked"


@each_golden
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_overflows(golden: Path, width: int, opened: Any) -> None:
    shown = opened(golden, viewport={"width": width, "height": 844})
    shown.page.click("#unfold")
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
    hidden = shown.page.evaluate(
        "[...document.querySelectorAll('main *')].filter((each) => !each.closest('.scroll, .drawing, .away, svg')"
        " && each.getBoundingClientRect().right > innerWidth + 1).map((each) => each.outerHTML.slice(0, 80))"
    )
    assert hidden == []


@each_golden
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_breaks_no_rule_of_accessibility(golden: Path, scheme: str, viewport: Any, opened: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    shown = opened(golden, color_scheme=scheme, viewport=viewport)
    for _ in ("folded", "unfolded"):
        found = axe.Axe().run(shown.page).response["violations"]
        assert [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found] == []
        shown.page.click("#unfold")
        shown.page.wait_for_timeout(200)


def test_steps_fold_and_unfold(opened: Any) -> None:
    shown = opened(SHOP)
    assert shown.open_steps() == 0
    shown.page.click("#expand-1 > summary")
    assert shown.page.locator("#expand-1 pre").first.is_visible()
    assert "ADD COLUMN user_id uuid" in shown.page.locator("#expand-1 pre").first.inner_text()
    shown.page.click("#unfold")
    assert shown.open_steps() == shown.page.locator("main details").count()
    shown.page.click("#fold")
    assert shown.open_steps() == 0


def test_the_keyboard_is_enough(opened: Any) -> None:
    shown = opened(SHOP)
    shown.page.keyboard.press("Tab")
    assert shown.page.evaluate("document.activeElement.textContent") == "Skip to the review"
    shown.page.keyboard.press("/")
    assert shown.page.evaluate("document.activeElement.id") == "search"
    shown.page.keyboard.type("user_id")
    shown.page.keyboard.press("Escape")
    assert shown.page.input_value("#search") == ""
    for _ in range(60):
        shown.page.keyboard.press("Tab")
        if shown.page.evaluate("document.activeElement.parentElement.id") == "expand-1":
            break
    shown.page.keyboard.press("Enter")
    assert shown.page.locator("#expand-1").get_attribute("open") is not None


def test_the_search_leaves_what_is_found(opened: Any) -> None:
    shown = opened(SHOP)
    every = shown.page.locator(".find").count()
    shown.page.fill("#search", "cascade fkey")
    sync_api.expect(shown.page.locator("#count")).to_contain_text("found")
    found = shown.page.locator(".find:not([hidden])")
    assert shown.page.inner_text("#count") == f"{found.count()} of {every} found"
    assert 0 < found.count() < every
    assert all("cascade" in text.lower() for text in found.all_text_contents())
    assert shown.page.evaluate("CSS.highlights.get('found').size") > 0
    assert not shown.page.locator("#tables").is_visible()
    shown.page.fill("#search", "nothing of this kind")
    sync_api.expect(shown.page.locator("#count")).to_have_text(re.compile("^0 of"))
    shown.page.keyboard.press("Escape")
    assert shown.page.locator(".find:not([hidden])").count() == every
    assert shown.page.locator("#tables").is_visible()


def test_a_command_is_copied_as_it_stands(opened: Any) -> None:
    shown = opened(SHOP)
    shown.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown.page.click("button[aria-label='Copy the command that runs 01_expand.sql']")
    assert shown.page.evaluate("navigator.clipboard.readText()") == "psql -X -v ON_ERROR_STOP=1 -f 01_expand.sql"
    sync_api.expect(shown.page.locator("#told")).to_have_text("Copied.")
    shown.page.click("#expand-2 > summary")
    shown.page.locator("#expand-2 .copy").first.click()
    copied = shown.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("CREATE OR REPLACE FUNCTION")
    assert copied.count("\n") > 20


def test_copying_works_where_the_page_may_not_use_the_clipboard(opened: Any) -> None:
    shown = opened(SHOP)
    shown.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    shown.page.evaluate("document.addEventListener('copy', () => { window.copied = getSelection().toString(); })")
    shown.page.click("button[aria-label='Copy the command that verifies']")
    sync_api.expect(shown.page.locator("#told")).to_have_text("Copied.")
    assert shown.page.evaluate("window.copied") == "psql -X -v ON_ERROR_STOP=1 -f verify.sql"


def test_the_picture_shows_the_change_and_both_states(opened: Any) -> None:
    shown = opened(SHOP)
    added = shown.page.locator("svg.wide .row.added").first
    assert added.is_visible()
    shown.page.get_by_label("before").check()
    assert not added.is_visible()
    assert not shown.page.locator("svg.wide .link.added").first.is_visible()
    shown.page.get_by_label("after").check()
    assert added.is_visible()
    title = shown.page.get_attribute("svg.wide", "aria-labelledby").split()
    told = [shown.page.evaluate(f"document.getElementById('{each}').textContent") for each in title]
    assert "user_id uuid NOT NULL UNIQUE FK is added" in told[1]
    assert (
        shown.page.evaluate(
            "(() => { const text = document.querySelector('svg.wide .row.added .name');"
            " getSelection().selectAllChildren(text); return getSelection().toString(); })()"
        )
        == "user_id"
    )


def test_a_phone_gets_the_narrow_picture_in_full(opened: Any) -> None:
    shown = opened(SHOP, viewport=PHONE)
    assert not shown.page.locator("svg.wide").is_visible()
    box = shown.page.locator("svg.narrow").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pictures_of_it_can_be_taken_and_are_light_or_dark(
    scheme: str, viewport: Any, opened: Any, tmp_path: Path
) -> None:
    shown = opened(SHOP, color_scheme=scheme, viewport=viewport)
    picture = tmp_path / "review.png"
    shown.page.screenshot(path=picture, full_page=True)
    assert picture.stat().st_size > 50_000
    back = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(each) for each in re.findall(r"\d+", back)[:3]) / 3
    assert (brightness > 128) == (scheme == "light")


def test_it_prints_unfolded_and_without_what_only_a_screen_can_use(opened: Any, tmp_path: Path) -> None:
    shown = opened(SHOP)
    shown.page.emulate_media(media="print")
    for what in (".contents", ".tools", ".copy", ".views"):
        assert not shown.page.locator(what).first.is_visible()
    assert shown.page.locator("#expand-2 pre").first.is_visible()
    paper = tmp_path / "review.pdf"
    shown.page.pdf(path=paper, format="A4")
    assert paper.read_bytes().startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes())) > 3
    assert shown.open_steps() == 0


def test_a_link_to_a_step_unfolds_it(opened: Any) -> None:
    shown = opened(SHOP)
    shown.page.goto(f"{SHOP.as_uri()}#validate-4")
    assert shown.page.locator("#validate-4").get_attribute("open") is not None


def test_without_scripts_everything_is_there_but_the_tools(opened: Any) -> None:
    shown = opened(SHOP, java_script_enabled=False)
    assert not shown.page.locator(".tools").is_visible()
    assert not shown.page.locator(".copy").first.is_visible()
    shown.page.click("#expand-1 > summary")
    assert shown.page.locator("#expand-1 pre").first.is_visible()


def written(folder: Path, text: str) -> Path:
    path = folder / "review.html"
    path.write_text(text)
    return path


def test_a_name_can_be_no_script(opened: Any, tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    column = Column(name=evil, type="text", comment=evil)
    (first, *others) = OLD.tables
    new = Schema(tables=(replace(first, columns=(*first.columns, column)), *others))
    plan = replace(LINK_CUSTOMERS, changes=(evil,), inferred=(evil,))
    told = replace(subject(plan, PROOF), new=new, changes=(ColumnAdded(table=CUSTOMERS, column=column),))
    shown = opened(written(tmp_path, render_review_page(told)))
    assert shown.complaints == []
    assert evil in shown.page.inner_text("h1")
    assert len(shown.requests) == 1


@pytest.mark.parametrize(
    ("plan", "proof", "said"),
    [
        (LINK_CUSTOMERS, None, "Not proved"),
        (LINK_CUSTOMERS, FAILED, "✗ The proof failed"),
        (WITH_CLEANUP, PROOF, "✓ Proved"),
    ],
    ids=["no proof", "failed", "proved"],
)
def test_it_says_first_whether_it_is_proved(plan: Plan, proof: Any, said: str, opened: Any, tmp_path: Path) -> None:
    shown = opened(written(tmp_path, render_review_page(subject(plan, proof))))
    assert shown.page.inner_text(".verdict .badge").replace("\n", " ") == said
    assert (shown.page.locator(".no-return").count() == 1) == (plan is WITH_CLEANUP)


def test_a_hundred_changes_stay_readable(opened: Any, tmp_path: Path) -> None:
    def tables(more: str) -> str:
        return "\n".join(
            f"CREATE TABLE t{number} (id bigint PRIMARY KEY, name text"
            + (f", parent_id bigint REFERENCES t{number // 2} (id)" if number else "")
            + f"{more});"
            for number in range(50)
        )

    (tmp_path / "old.sql").write_text(tables(""))
    (tmp_path / "new.sql").write_text(tables(", added text DEFAULT 'x', stamped timestamptz"))
    request = Request(old=str(tmp_path / "old.sql"), new=str(tmp_path / "new.sql"), prove=False)
    outcome = run(request)
    assert outcome.plan is not None
    assert len(outcome.plan.changes) == 100
    assert len(outcome.files["REVIEW.md"]) <= 65_536
    shown = opened(written(tmp_path, outcome.files["review.html"]), viewport=PHONE)
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert shown.page.locator("svg.narrow .box").count() == 50
    shown.page.fill("#search", "t42.stamped")
    sync_api.expect(shown.page.locator("#count")).to_contain_text("found")
    found = shown.page.locator("details.find:not([hidden])").all_text_contents()
    assert found
    assert all("t42" in text for text in found)
