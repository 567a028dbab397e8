"""The page that holds a graph: it works from a file, asks nobody for anything, and no text in it harms anyone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hostile
import pytest

from graphwright import KnowledgeGraph, Selection
from graphwright.export import View, export

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@contextmanager
def opened(browser: Browser, path: Path, **options: Any) -> Iterator[Page]:
    """Open a file; it may ask for nothing but itself, and may report no error."""
    context = browser.new_context(**options)
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector("#graph canvas")
    yield page
    context.close()
    assert errors == []
    assert [url for url in asked if url != path.as_uri() and not url.startswith(("data:", "blob:"))] == []


@pytest.fixture(scope="module")
def news(news_store: Path) -> Iterator[KnowledgeGraph]:
    """The graph of the examples."""
    graph = KnowledgeGraph.open(news_store)
    yield graph
    graph.close()


def data_in(text: str) -> Any:
    """The graph that a page holds."""
    [found] = re.findall('<script type="application/json" id="graph-data">(.*?)</script>', text, re.DOTALL)
    return json.loads(found)


def test_the_page_shows_the_graph(browser: Browser, news: KnowledgeGraph, tmp_path: Path) -> None:
    """A fact that is chosen tells its sentence, and where that stands."""
    [path] = export(news, tmp_path / "g.html", selection=Selection(around="Tibor Benkő"))
    with opened(browser, path) as page:
        assert page.locator("h1").inner_text().startswith("Knowledge graph")
        assert page.locator("#graph").get_by_text("Person", exact=True).count() == 1
        page.get_by_text("Lists of things and facts").click()
        page.get_by_role("button", name="Tibor Benkő").first.click()
        assert page.locator("#graph h3").first.inner_text() == "Tibor Benkő"
        page.get_by_role("button", name=re.compile("received")).first.click()
        told = page.locator(".graph-quote").first.inner_text()
        # However long the lists beside it are, the picture stays as high as the window.
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert "received Chief of the General Staff" in told
    assert "benko-dikovic-2016, 2016-06-14" in told


def test_the_picture_is_saved_from_the_page(browser: Browser, news: KnowledgeGraph, tmp_path: Path) -> None:
    """Its policy lets the page make files, though not load any."""
    [path] = export(news, tmp_path / "g.html", selection=Selection(around="Tibor Benkő"))
    starts = {"PNG": b"\x89PNG", "SVG": b"<", "GEXF": b"<"}
    with opened(browser, path) as page:
        for name, start in starts.items():
            with page.expect_download() as saved:
                page.get_by_role("button", name=name).click()
            assert saved.value.path().read_bytes().startswith(start)


def test_hostile_texts_harm_nobody(browser: Browser, tmp_path: Path) -> None:
    """Scripts, events, ends of scripts and odd IRIs are what they are: texts."""
    hostile.make(tmp_path / "hostile.store")
    graph = KnowledgeGraph.open(tmp_path / "hostile.store")
    [path] = export(graph, tmp_path / "g.html", flagged=True)
    names = {node["label"] for node in data_in(path.read_text("utf-8"))["nodes"]}
    assert [
        name for name in (hostile.SCRIPT, hostile.CLOSING, hostile.EVENT) if not any(name in n for n in names)
    ] == []
    with opened(browser, path) as page:
        page.get_by_text("Lists of things and facts").click()
        for button in page.locator("#graph .graph-list .graph-link").all()[:12]:
            button.click()
        assert page.evaluate("window.harmed") is None
        assert page.locator("#graph img, #graph svg, #graph script").count() == 0


def test_nothing_in_the_data_ends_the_script(tmp_path: Path) -> None:
    """Nor does a line separator, which JSON has and old JavaScript has not."""
    graph = KnowledgeGraph.create()
    query = 'CONSTRUCT { <urn:a> gw:b <urn:c> ; rdfs:label "</script><!--\u2028&amp;" } WHERE { }'
    [path] = export(graph, tmp_path / "g.html", selection=Selection(construct=query))
    text = path.read_text("utf-8")
    assert {node["label"] for node in data_in(text)["nodes"]} == {"</script><!--\u2028&amp;", "c"}
    assert text.count("</script>") == 3
    assert "\u2028" not in re.findall('id="graph-data">.*', text)[0]


def test_the_page_is_on_a_phone_as_well(browser: Browser, news: KnowledgeGraph, tmp_path: Path) -> None:
    """No part of it is beside the screen, also in the dark."""
    [path] = export(news, tmp_path / "g.html", merge_edges=True)
    with opened(browser, path, viewport={"width": 390, "height": 800}, color_scheme="dark") as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_licences_of_others_go_with_the_page(news: KnowledgeGraph, tmp_path: Path) -> None:
    """As they ask."""
    text = export(news, tmp_path / "g.html")[0].read_text("utf-8")
    assert "Copyright (c) 2018 Vasco Asturiano" in text
    assert "Permission is hereby granted" in text


def test_a_notebook_shows_the_page_in_a_frame(browser: Browser, news: KnowledgeGraph, tmp_path: Path) -> None:
    """Which may run its scripts, and reach nothing outside."""
    shown = View(news, Selection(around="Tibor Benkő"), height=300)._repr_html_()
    assert 'sandbox="allow-scripts allow-downloads"' in shown
    assert "Tibor Benkő" in unescape(shown)
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><meta charset=utf-8><title>n</title><div id=graph>{shown}", "utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.frame_locator("iframe").locator("#graph canvas").first.wait_for()
    page.close()
