"""The explorer in a browser: each page clicked through, in light and dark, on a phone, by keyboard, and read by axe.

`serving.page` fails a test where a page asked another host, broke the Content Security Policy, or reported an error.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import hostile
import pytest
from serving import TOKEN, Server, new_page, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GW = "https://w3id.org/graphwright/ontology#"
ID = "https://w3id.org/graphwright/id/"
RELEASE = "/document?id=benko-dikovic-2016"
PAGES = {
    "start": "/",
    "documents": "/documents",
    "document": RELEASE,
    "thing": f"/entity?iri={quote(ID + 'person/tibor-benko', safe='')}",
    "place": f"/entity?iri={quote(ID + 'city/szeged', safe='')}",
    "class": f"/term?iri={quote(GW + 'Person', safe='')}",
    "search": "/search?q=general",
    "api": "/api",
    "error": "/nowhere",
}


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of documents that mean harm, and of one that is written from right to left."""
    store = tmp_path_factory.mktemp("hostile") / "hostile.store"
    hostile.make(store)
    with serving(store) as server:
        yield server


@pytest.fixture(scope="module")
def corrected_server(news_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes corrections."""
    store = tmp_path_factory.mktemp("corrected") / "news.store"
    shutil.copytree(news_store, store)
    with serving(store, token=TOKEN) as server:
        yield server


def test_from_a_name_to_a_fact_to_its_sentence_to_its_document(page: Page, news_server: Server) -> None:
    page.goto(news_server.url)
    page.get_by_role("combobox").fill("benk")
    page.get_by_role("option", name="Tibor Benkő").click()
    page.wait_for_url("**/entity?*")
    assert page.locator("h1").inner_text() == "Tibor Benkő"
    fact = page.locator(".fact", has=page.locator("> p", has_text="Ljubisa Diković")).first
    fact.locator("summary").click()
    assert "received" in fact.locator("blockquote").inner_text()
    fact.locator("figcaption a").click()
    page.wait_for_url("**/document?*")
    assert page.locator(".run.lit").first.is_visible()
    assert page.locator(".run.subject").first.inner_text() == "Tibor Benkő"
    assert "Ljubisa Diković" in page.locator(".run.object").all_inner_texts()
    page.locator(".fact.lit a", has_text="sure").click()
    page.wait_for_url("**/fact?*")
    assert "[Agent] received [Agent]" in page.locator(".evidence").inner_text()


def test_hovering_a_fact_lights_its_sentence_its_arguments_and_its_edge(page: Page, news_server: Server) -> None:
    page.goto(news_server.url + RELEASE)
    page.locator(".picture canvas").first.wait_for()
    fact = page.locator("aside .fact", has_text="located in").first
    before = picture(page)
    fact.hover()
    assert page.locator(".run.subject").inner_text() == "Szeged"
    assert page.locator(".run.object").inner_text() == "Hungary"
    assert "".join(page.locator(".run.lit").all_inner_texts()).startswith("On Tuesday, 14 June")
    page.wait_for_function("before => document.querySelector('.picture canvas').toDataURL() !== before", arg=before)
    page.mouse.move(0, 0)
    assert page.locator(".run.lit").count() == 0
    page.locator(".run.mention", has_text="Szeged").first.hover()
    assert page.locator("aside .fact.near").count() > 3


def picture(page: Page) -> str:
    """The picture as it is when it has come to rest."""
    last = ""
    for _ in range(40):
        page.wait_for_timeout(100)
        now: str = page.evaluate("document.querySelector('.picture canvas').toDataURL()")
        if now == last:
            break
        last = now
    return last


def test_facts_are_filtered_by_whether_they_are_asserted(page: Page, news_server: Server) -> None:
    page.goto(news_server.url + "/document?id=own-hanoi-ulaanbaatar")
    every = page.locator("aside .fact").count()
    page.get_by_role("link", name=re.compile("^Not asserted")).click()
    page.wait_for_url("**show=flagged*")
    flagged = page.locator("aside .fact").count()
    assert 0 < flagged < every
    assert page.locator("aside .fact .flag").count() >= flagged


def test_a_thing_is_found_and_followed_by_keyboard_alone(page: Page, news_server: Server) -> None:
    page.goto(news_server.url + "/documents")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("szeg")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    field = page.get_by_role("combobox")
    assert field.get_attribute("aria-activedescendant") == page.get_by_role("option").first.get_attribute("id")
    page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    page.keyboard.type("e")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entity?*")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("blockquote").first.is_visible()
    assert page.locator(".map").get_attribute("aria-label") == "Map of Szeged"


def test_a_search_without_completion_leads_to_a_page(page: Page, news_server: Server) -> None:
    page.goto(news_server.url)
    page.get_by_role("combobox").fill("border meeting")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    assert page.locator("blockquote").count() > 0
    page.locator("figcaption a").first.click()
    page.wait_for_url("**/document?*#at-*")


def test_pages_read_without_scripts(browser: Browser, news_server: Server) -> None:
    with new_page(browser, java_script_enabled=False) as page:
        page.goto(news_server.url + RELEASE)
        page.get_by_text("Show the sentence").first.click()
        assert page.locator(".run:target").count() == 1
        page.locator(".run.mention").first.click()
        page.locator("summary").first.click()
        assert page.locator("blockquote").first.is_visible()


def test_axe_finds_nothing_serious_in_light_and_dark(browser: Browser, news_server: Server) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    colours = {"runOnly": ["color-contrast"]}
    found = {}
    with new_page(browser, color_scheme="light", reduced_motion="reduce", bypass_csp=True) as page:
        for name, path in PAGES.items():
            page.emulate_media(color_scheme="light")
            page.goto(news_server.url + path, wait_until="load")
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            violations = axe.run(page).response["violations"]
            page.emulate_media(color_scheme="dark")
            violations += axe.run(page, options=colours).response["violations"]
            serious = [one for one in violations if one["impact"] in ("serious", "critical")]
            found[name] = [(one["id"], one["nodes"][0]["html"][:200]) for one in serious]
    assert {name: told for name, told in found.items() if told} == {}


def test_a_phone_needs_no_scrolling_sideways(browser: Browser, news_server: Server, hostile_server: Server) -> None:
    with new_page(browser, viewport={"width": 375, "height": 700}, has_touch=True) as page:
        for server, paths in ((news_server, list(PAGES.values())), (hostile_server, ["/", "/documents"])):
            for path in paths:
                page.goto(server.url + path)
                assert page.evaluate("document.documentElement.scrollWidth") <= 375, path


def test_dark_is_dark(browser: Browser, news_server: Server) -> None:
    shades = {}
    for scheme in ("light", "dark"):
        with new_page(browser, color_scheme=scheme) as page:
            page.goto(news_server.url)
            shades[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert [sum(map(int, re.findall(r"\d+", shade))) > 380 for shade in shades.values()] == [True, False]


def test_text_from_right_to_left_is_shown_so(page: Page, hostile_server: Server) -> None:
    page.goto(hostile_server.url + "/document?id=hebrew")
    assert page.locator(".text p[dir]").first.evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert page.locator("h1").evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert page.locator("html").get_attribute("dir") == "ltr"
    assert page.locator(".text").inner_text().strip().endswith(hostile.HEBREW)


FOUND = """() => ({
  harmed: window.harmed ?? null,
  text: document.body.innerText,
  links: [...document.links].map((link) => link.getAttribute("href")),
  foreign: [...document.querySelectorAll("main img, main iframe, main object, main [onload], main [onerror]")].length,
})"""


def test_hostile_documents_harm_nobody(page: Page, hostile_server: Server) -> None:
    """On no page does a script of theirs run; what they hold is shown as text, and their links lead nowhere."""
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    todo = [f"/search?q={quote(hostile.SCRIPT)}", "/", "/documents"]
    seen: dict[str, str] = {}
    while todo:
        path = todo.pop()
        # Of pages of each kind as many as there are hostile documents are enough.
        kind = path.partition("?")[0]
        if path in seen or sum(one.partition("?")[0] == kind for one in seen) > len(hostile.NASTY):
            continue
        answer = page.goto(hostile_server.url + path, wait_until="domcontentloaded")
        assert answer is not None
        assert answer.status == 200
        found = page.evaluate(FOUND)
        seen[path] = found["text"]
        assert (found["harmed"], found["foreign"]) == (None, 0)
        for address in found["links"]:
            assert re.match(r"/(?!/)|#|\?|https?://|mailto:", address), address
        todo += [one for one in found["links"] if re.match("/(entity|document|fact)[?]", one)]
    assert dialogs == []
    assert {path.partition("?")[0] for path in seen} >= {"/", "/search", "/entity", "/document", "/fact"}
    texts = "".join(seen.values())
    for nasty in (hostile.SCRIPT, hostile.EVENT, hostile.QUOTES, hostile.CLOSING, hostile.TEMPLATE, hostile.LINK):
        assert nasty in texts


def test_a_fact_is_corrected_and_the_correction_taken_back(page: Page, corrected_server: Server) -> None:
    page.goto(corrected_server.url + PAGES["thing"])
    fact = page.locator(".fact", has=page.locator("> p", has_text="General")).first
    fact.locator("summary").click()
    fact.get_by_role("button", name="Correct…").click()
    dialog = page.get_by_role("dialog")
    assert "Tibor Benkő – has rank – General" in dialog.inner_text()
    dialog.get_by_label("It should say …").check()
    dialog.get_by_label("It should say (a name or value)").fill("Colonel General")
    dialog.get_by_label("Token of this server").fill("wrong")
    dialog.get_by_role("button", name="Note it").click()
    dialog.get_by_text("the token is missing or wrong").wait_for()
    dialog.get_by_label("Token of this server").fill(TOKEN)
    page.keyboard.press("Enter")
    dialog.get_by_text("Noted.").wait_for()
    assert dialog.get_by_label("Token of this server").is_hidden()
    dialog.get_by_role("link", name="All corrections").click()
    page.wait_for_url("**/corrections")
    page.locator("ol .fact", has_text="Colonel General").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Decisions file").click()
    assert "Colonel General" in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("button", name=re.compile("^Take back")).click()
    page.get_by_text("There are none.").wait_for()


def test_two_things_are_said_to_be_the_same_by_keyboard(page: Page, corrected_server: Server) -> None:
    page.goto(corrected_server.url + PAGES["thing"])
    page.evaluate("sessionStorage.setItem('graphwright-token', '" + TOKEN + "')")
    page.locator("header .correct").focus()
    page.keyboard.press("Enter")
    page.get_by_label("It is the same as …").focus()
    page.keyboard.press("Space")
    page.get_by_role("dialog").get_by_role("combobox").focus()
    page.keyboard.type("ljub")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_text("Noted.").wait_for()
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0
    rows = (corrected_server.store / "decisions.csv").read_text(encoding="utf-8").splitlines()
    assert rows[-1].startswith("same,person/tibor-benko,,person/ljubisa-dikovic")
