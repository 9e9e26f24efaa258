"""The web page in headless Chromium: every page walked, on a desk and on a phone, by keyboard and with axe's eyes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from monitor.web import copies
from tests.browser import Visit, browser, newswire, served, skip_without_browser
from tests.keeping import keep, with_page
from tests.test_web_attacks import PAGES, wicked_page
from tests.webworld import world

if TYPE_CHECKING:
    from playwright.sync_api import Page

skip_without_browser()
pytestmark = pytest.mark.slow

DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
RANGE = "first=2025-10-01&last=2025-10-20"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    config = newswire(tmp_path_factory.mktemp("browsed"))
    with closing(sqlite3.connect(config.db)) as conn:
        (widest,) = conn.execute("select id from incidents order by story_count desc limit 1").fetchone()
        claimed = "select s.id from stories s join claims c on c.story = s.pk where c.start >= 0 and language = ?"
        stories = {code: conn.execute(claimed, (code,)).fetchone()[0] for code in ("en", "ur", "ps", "fa")}
    with served(config) as address:
        yield address, {"incident": widest, **stories}


@pytest.fixture(scope="module")
def chrome() -> Iterator[object]:
    with browser() as found:
        yield found


@pytest.fixture
def visit(base, chrome, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A reader, whose browser has nothing to complain of when the test is over."""
    one = Visit(chrome, base[0], **getattr(request, "param", DESK))
    yield one
    one.context.close()
    assert one.complaints == []
    assert one.strangers() == []


def addresses(ids: dict[str, str]) -> list[str]:
    return [
        "/", f"/map?{RANGE}", f"/timeline?{RANGE}", f"/incident/{ids['incident']}", f"/story/{ids['en']}",
        f"/story/{ids['ur']}", f"/story/{ids['ps']}", "/search?q=border", "/search?lang=fa&clash=1", "/sources",
        "/source/meridian", "/data", "/data/stories?_facet=language", "/data/places/1",
        "/data?sql=select+title+from+stories", "/data/clashes_by_source?first=2025-10-01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "visit", [DESK, PHONE, {**DESK, "color_scheme": "dark"}], ids=["desk", "phone", "dark"], indirect=True
)
def test_every_page_is_quiet_fits_and_is_accessible(visit: Visit, base) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, faults = Axe(), []
    for path in addresses(base[1]):
        page = visit.open(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            faults.append(f"{path}: {wide} px wider than the screen")
        for fault in axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]:
            if fault["impact"] in ("serious", "critical"):
                where = [node["html"][:110] for node in fault["nodes"][:3]]
                faults.append(f"{path}: {fault['id']}: {json.dumps(where, ensure_ascii=False)}")
    assert faults == []


def test_from_the_situation_to_the_source(visit: Visit) -> None:
    page = visit.open("/")
    page.locator(".card h2 a", has_text="along the border").first.click()
    page.wait_for_selector(".origin")
    figure = page.locator(".faceoff details").first
    figure.locator("summary").click()
    assert figure.locator("blockquote mark").first.is_visible()
    figure.locator(".said a").first.click()
    page.wait_for_selector(".story-page")
    page.locator(".claims a", has_text="sentence").first.click()
    assert "#s" in page.url
    page.locator(".story-page .meta a").first.click()
    page.wait_for_selector("h2:has-text('Newest stories')")
    assert "/source/" in page.url


@pytest.mark.parametrize(("words", "language"), [("طورخم", "ur"), ("جګړه", "ps")])
def test_search_in_urdu_and_pashto(visit: Visit, words: str, language: str) -> None:
    page = visit.open("/")
    page.fill("#find", words)
    page.keyboard.press("Enter")
    page.wait_for_selector(".hits .story")
    first = page.locator(f".hits .story a[lang={language}]").first
    assert first.get_attribute("dir") == "rtl"
    assert page.locator(".hits mark").count() > 0
    assert page.evaluate("getComputedStyle(document.querySelector('#q')).direction") == "rtl"
    first.click()
    page.wait_for_selector(".story-page .body[dir=rtl]")


def test_times_are_in_the_readers_zone_with_utc_beside(visit: Visit, base) -> None:
    page = visit.open(f"/incident/{base[1]['incident']}")
    same_day = page.locator("time.clock[datetime='2025-10-12T13:15:00Z']").first.inner_text()
    assert "12 Oct 2025, 18:15" in same_day
    assert "(13:15 UTC)" in same_day
    day_before = page.locator("time.clock[datetime='2025-10-11T19:10:00Z']").first.inner_text()
    assert "12 Oct 2025, 00:10" in day_before
    assert "(11 Oct 19:10 UTC)" in day_before


def test_map_slides_through_time_and_leads_to_incidents(visit: Visit) -> None:
    page = visit.open(f"/map?{RANGE}")
    page.wait_for_selector(".map svg .border")
    rows = page.locator("#incidents tbody tr:visible")
    before = rows.count()
    page.locator("#day").focus()
    page.keyboard.press("Home")
    assert 0 < rows.count() < before
    page.keyboard.press("End")
    assert rows.count() == before
    assert page.locator(".map svg .area").count() > 0, "what is known to a district or province is an area"
    spots = page.locator(".map svg a")
    spots.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('at'), h1:has-text('along')")
    assert "/incident/" in page.url


def test_map_moves_and_comes_nearer_with_keys(visit: Visit) -> None:
    page = visit.open(f"/map?{RANGE}")
    page.wait_for_selector(".map svg .border")
    frame = "document.querySelector('.map svg').getAttribute('viewBox')"
    home = page.evaluate(frame)
    page.locator(".map-zoom button").first.click()
    nearer = page.evaluate(frame)
    page.keyboard.press("ArrowLeft")
    moved = page.evaluate(frame)
    page.keyboard.press("0")
    assert len({home, nearer, moved}) == 3
    assert page.evaluate(frame) == home


def test_timeline_brush_filters_by_mouse_and_by_keys(visit: Visit) -> None:
    page = visit.open(f"/timeline?{RANGE}")
    rows = page.locator("#incidents tbody tr:visible")
    before = rows.count()
    box = page.locator(".timeline svg").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 80)
    page.mouse.up()
    assert rows.count() < before
    assert "of" in page.locator("#chosen").inner_text()
    page.locator(".timeline svg").focus()
    page.keyboard.press("Escape")
    assert rows.count() == before
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    assert page.locator("#chosen").inner_text().startswith("2025-10-")


def test_what_is_new_since_the_last_visit(visit: Visit) -> None:
    visit.context.add_cookies(
        [{"name": "monitor_visit", "value": "-~2025-10-18T10:00:00Z", "url": visit.base, "httpOnly": True}]
    )
    page = visit.open("/")
    assert page.locator(".since li").count() > 0
    assert page.locator(".card.changed").count() > 0


def test_without_scripts_everything_is_there(base, chrome) -> None:
    one = Visit(chrome, base[0], java_script_enabled=False, **DESK)
    for path in addresses(base[1])[:8]:
        assert one.page.goto(base[0] + path).status == 200
        assert one.page.locator("main h1").count() == 1
    assert "UTC" in one.page.locator("time").first.inner_text()
    one.context.close()


def open_copy(visit: Visit, path: str) -> Page:
    """Go to a copy; whatever looks at it from here on is itself a script that the sandbox complains of."""
    page = visit.open(path)
    assert visit.complaints == []
    return page


def test_an_archived_copy_says_what_it_is_and_leads_back(base, chrome) -> None:
    from axe_playwright_python.sync_playwright import Axe

    one = Visit(chrome, base[0], **PHONE)
    page = one.open(f"/story/{base[1]['ur']}")
    assert "Archived copy" in page.locator(".links a[href$=archived]").inner_text()
    page = open_copy(one, f"/story/{base[1]['ur']}/archived")
    assert "127.0.0." in page.locator(".banner .url").inner_text()
    assert page.evaluate("getComputedStyle(document.querySelector('.copy')).direction") == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('.banner')).backgroundColor") == "rgb(255, 243, 205)"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator(".banner a").click()
    page.wait_for_selector(".story-page .body")
    answer = one.context.request.get(f"{base[0]}/story/{base[1]['ur']}/archived").text()
    one.context.close()
    free = Visit(chrome, base[0], color_scheme="dark", **DESK)  # no policy: axe is a script
    free.page.set_content(answer)
    found = Axe().run(free.page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")] == []
    free.context.close()


def test_hostile_copies_run_and_load_nothing(base, chrome, tmp_path) -> None:
    config = world(tmp_path, [])
    stories = [with_page(wicked_page(attack), number) for number, attack in enumerate(PAGES)]
    keep(config.db, *stories)
    with served(config, token="a token for this test") as address:
        one = Visit(chrome, address, **DESK)
        one.page.on("dialog", lambda dialog: one.complaints.append(dialog.message))
        one.page.goto(address)
        one.page.fill("#token", "a token for this test")
        one.page.keyboard.press("Enter")
        one.page.wait_for_selector("main h1")
        one.complaints.clear()  # the first page wanted a token
        for item in stories:
            page = open_copy(one, f"/story/{item.id}/archived")
            assert page.locator(".banner .url").inner_text() == item.url
            box = page.locator(".banner").bounding_box()
            assert box is not None and box["y"] == 0 and box["height"] > 40
            assert page.url == f"{address}/story/{item.id}/archived"
            one.complaints.clear()
        page.locator(".banner a").click()
        page.wait_for_selector(".story-page")
        assert one.strangers() == []
        one.context.close()


def test_under_the_policy_of_copies_nothing_would_run_even_unharmed(base, chrome, monkeypatch) -> None:
    """The second wall by itself: a page as it could have been fetched, with the policy alone."""
    attack = (
        "<script>document.title='run'</script><img src=x onerror=document.title='run'><img src=/favicon.ico>"
        "<style>.banner{display:none}</style><iframe src=/></iframe><meta http-equiv=refresh content='0;url=/'>"
        "<form action=/search><input name=q value=x></form>"
    )
    monkeypatch.setattr(copies, "harmless", lambda tree: iter([attack]))
    one = Visit(chrome, base[0], **DESK)
    answered: list[str] = []
    one.page.on("response", lambda response: answered.append(response.url))
    page = one.open(f"/story/{base[1]['en']}/archived")
    page.wait_for_timeout(300)
    assert page.title().startswith("Archived:") and page.url.endswith("/archived")
    assert page.locator(".banner").is_visible()
    page.locator("form input").press("Enter")
    page.wait_for_timeout(200)
    assert page.url.endswith("/archived")
    assert answered == [page.url], "nothing else was asked for and answered"
    one.context.close()


def test_tables_can_be_filtered_and_asked_in_sql(visit: Visit) -> None:
    page = visit.open("/data/stories")
    icon = page.locator("th.col-language .dropdown-menu-icon")
    icon.scroll_into_view_if_needed()
    page.wait_for_timeout(300)  # scrolling the table closes the menu
    icon.click()
    page.locator(".dropdown-menu a", has_text="Facet by this").click()
    page.wait_for_selector(".facet-info")
    page.locator(".facet-info a", has_text="ur").first.click()
    assert "language=ur" in page.url


def test_the_menu_of_a_column_can_be_reached_and_used_with_the_keyboard(visit: Visit) -> None:
    page = visit.open("/data/stories")
    wheel = page.locator("th.col-language .dropdown-menu-icon")
    menu, active = page.locator("body > .dropdown-menu"), "document.activeElement.textContent.trim()"
    assert wheel.get_attribute("role") == "button" and wheel.get_attribute("aria-label") == "Column language"
    page.locator("th.col-language a").focus()
    page.keyboard.press("Tab")
    assert wheel.evaluate("wheel => wheel === document.activeElement")
    page.wait_for_timeout(300)  # scrolling the table closes the menu
    page.keyboard.press("Enter")
    assert menu.is_visible() and wheel.get_attribute("aria-expanded") == "true"
    assert page.evaluate(active) == "Sort ascending"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(active) == "Facet by this"
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(active) == "Sort ascending"
    page.keyboard.press("Escape")
    assert not menu.is_visible() and wheel.get_attribute("aria-expanded") == "false"
    assert wheel.evaluate("wheel => wheel === document.activeElement")
    page.keyboard.press("Space")
    assert menu.is_visible()
    page.keyboard.press("Tab")
    assert not menu.is_visible()
    assert page.evaluate("document.activeElement.closest('th').dataset.column") != "language", "the next column"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**_sort_desc=language*")


@pytest.mark.parametrize("visit", [PHONE], ids=["phone"], indirect=True)
def test_the_menu_of_a_column_stays_within_the_window(visit: Visit) -> None:
    page = visit.open("/data/places")
    for wheel in page.locator("th .dropdown-menu-icon").all():
        wheel.scroll_into_view_if_needed()
        page.wait_for_timeout(200)
        wheel.click()
        box = page.locator("body > .dropdown-menu").bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["viewport"]["width"]


def test_sql_is_asked_with_a_key(visit: Visit) -> None:
    page = visit.open("/data")
    page.fill("textarea[name=sql]", "select count(*) as n from stories")
    page.locator("textarea[name=sql]").press("Control+Enter")
    page.wait_for_selector("td.col-n")
    assert int(page.locator("td.col-n").inner_text()) > 50
