"""The graph page and the query page, as people use them in a browser: by pointer, by keyboard, by address."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import httpx
import networkx
import pytest
from serving import Server, new_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ID = "https://w3id.org/graphwright/id/"
GW = "https://w3id.org/graphwright/ontology#"
BENKO, DIKOVIC, HUNGARY = f"{ID}person/tibor-benko", f"{ID}person/ljubisa-dikovic", f"{ID}country/hungary"
LATVIA = f"{ID}country/latvia"


@pytest.fixture
def still(browser: Browser) -> Iterator[Page]:
    """A page of somebody who wants nothing to move: pictures are laid out when they are first seen."""
    with new_page(browser, reduced_motion="reduce", accept_downloads=True) as page:
        yield page


def opened(page: Page, server: Server, **part: Any) -> Page:
    page.goto(f"{server.url}/graph?{urlencode(part, doseq=True)}")
    page.wait_for_function("() => window.graphwright && graphwright.graph.data().nodes.length >= 0")
    page.evaluate("graphwright.graph.ready.then(() => true)")
    page.wait_for_timeout(150)
    return page


def drawn(page: Page) -> dict[str, Any]:
    data: dict[str, Any] = page.evaluate("graphwright.graph.data()")
    return data


def names(page: Page) -> set[str]:
    return {node["label"] for node in drawn(page)["nodes"]}


def click_on(page: Page, iri: str) -> None:
    at = page.evaluate("iri => graphwright.graph.where(iri)", iri)
    page.locator(".graph-stage").click(position=at)


def downloaded(page: Page, button: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    with open(waiting.value.path(), "rb") as file:
        return file.read()


# -- the interface ----------------------------------------------------------------------------------------------------


def test_programs_are_told_parts_of_the_graph(news_server: Server) -> None:
    with httpx.Client(base_url=news_server.url) as client:
        told = client.get("/api/graph", params={"iri": BENKO, "property": GW + "received"})
        assert [(e["source"], e["target"]) for e in told.json()["edges"]] == [(BENKO, DIKOVIC)]
        again = client.get(str(told.url), headers={"If-None-Match": told.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        way = client.get("/api/path", params={"from": BENKO, "to": DIKOVIC}).json()
        assert (way["length"], way["paths"]) == (1, [[BENKO, DIKOVIC]])
        assert client.get("/api/terms").json()["classes"][0]["count"] > 1


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("/api/graph?iri=no%20iri", "the parameter iri"),
        ("/api/graph?hops=9", "the parameter hops"),
        ("/api/graph?limit=10001", "the parameter limit"),
        ("/api/graph?limit=-1", "the parameter limit"),
        ("/api/graph?min_confidence=nan", "the parameter min_confidence"),
        ("/api/graph?since=yesterday", "the parameter since"),
        ("/api/graph?property=%3E%20%7D%20DROP", "the parameter property"),
        (f"/api/path?from={quote(BENKO)}", "the parameter to"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_what_is_wrong(news_server: Server, address: str, wrong: str) -> None:
    answer = httpx.get(news_server.url + address)
    assert (answer.status_code, answer.json()["where"]) == (400, wrong)


# -- the graph page ---------------------------------------------------------------------------------------------------


def test_a_click_shows_a_thing_with_its_facts_and_expands_it(still: Page, news_server: Server) -> None:
    opened(still, news_server, iri=LATVIA)
    before = names(still)
    click_on(still, LATVIA)
    details = still.get_by_role("region", name="Details")
    details.get_by_role("heading", name="Latvia").wait_for()
    other = next(node for node in drawn(still)["nodes"] if node["class_label"] == "person")
    click_on(still, other["id"])
    details.get_by_role("heading", name=other["label"]).wait_for()
    details.get_by_role("button", name="Expand").click()
    still.wait_for_function("n => graphwright.graph.data().nodes.length > n", arg=len(before))
    assert before < names(still)
    # What was expanded is in the address, and so is there again.
    still.reload()
    still.wait_for_function("n => window.graphwright && graphwright.graph.data().nodes.length > n", arg=len(before))


def test_an_edge_leads_to_its_sentence_and_document(still: Page, news_server: Server) -> None:
    opened(still, news_server, iri=BENKO, property=GW + "received")
    [edge] = drawn(still)["edges"]
    ends = [still.evaluate("iri => graphwright.graph.where(iri)", iri) for iri in (BENKO, DIKOVIC)]
    middle = {axis: sum(end[axis] for end in ends) / 2 for axis in ("x", "y")}
    still.locator(".graph-stage").click(position=middle)
    details = still.get_by_role("region", name="Details")
    assert details.locator("blockquote").first.inner_text() == edge["quotes"][0]
    details.locator("figcaption a").first.click()
    still.wait_for_url("**/document?**")


def test_a_drag_moves_the_picture_and_no_click_comes_of_it(still: Page, news_server: Server) -> None:
    opened(still, news_server, iri=BENKO)
    before = still.evaluate("iri => graphwright.graph.where(iri)", HUNGARY)
    box = still.locator(".graph-stage").bounding_box()
    assert box is not None
    still.mouse.move(box["x"] + 30, box["y"] + box["height"] - 30)
    still.mouse.down()
    still.mouse.move(box["x"] + 130, box["y"] + box["height"] - 60, steps=4)
    still.mouse.up()
    after = still.evaluate("iri => graphwright.graph.where(iri)", HUNGARY)
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (100, -30)
    assert "Choose a thing" in still.get_by_role("region", name="Details").inner_text()


def test_the_legend_hides_classes_and_filters_hide_facts(still: Page, news_server: Server) -> None:
    opened(still, news_server, iri=BENKO, hops=2)
    everything = drawn(still)
    still.get_by_role("checkbox", name="topic").uncheck()
    assert {node["class_label"] for node in drawn(still)["nodes"]} == {
        node["class_label"] for node in everything["nodes"]
    } - {"topic"}
    still.locator("summary", has_text="Filters").click()
    still.get_by_role("slider", name="Confidence at least").fill("0.9")
    assert 0 < len(drawn(still)["edges"]) < len(everything["edges"])
    assert all(edge["confidence"] >= 0.9 for edge in drawn(still)["edges"])
    shown = drawn(still)
    still.reload()  # the address holds it
    still.wait_for_function("() => window.graphwright")
    assert {node["id"] for node in drawn(still)["nodes"]} == {node["id"] for node in shown["nodes"]}


def test_the_server_is_asked_for_a_part(still: Page, news_server: Server) -> None:
    opened(still, news_server)
    everything = len(drawn(still)["nodes"])
    still.locator("summary", has_text="Part of the graph").click()
    still.get_by_label("Since").first.fill("2025")
    still.get_by_role("button", name="Show", exact=True).click()
    still.wait_for_function("n => graphwright.graph.data().nodes.length < n", arg=everything)
    assert "since=2025" in still.url
    assert {day[:4] for edge in drawn(still)["edges"] for day in edge["dates"]} == {"2025"}
    still.go_back()
    still.wait_for_function("n => graphwright.graph.data().nodes.length === n", arg=everything)


def test_a_thing_is_found_by_its_name_and_added(still: Page, news_server: Server) -> None:
    opened(still, news_server, iri=LATVIA)
    field = still.get_by_role("combobox", name="Start from a thing, or add it")
    field.fill("benk")
    still.get_by_role("option", name="Tibor Benkő").wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    still.wait_for_function("iri => graphwright.graph.data().nodes.some((node) => node.id === iri)", arg=BENKO)
    assert {"Latvia", "Tibor Benkő"} <= names(still)


def test_the_shortest_path_between_two_things_is_shown(still: Page, news_server: Server) -> None:
    opened(still, news_server)
    still.locator("summary", has_text="Path").click()
    for label, text in (("From", "Dikov"), ("To", "Hungary")):
        field = still.get_by_role("combobox", name=label, exact=True)
        field.fill(text)
        still.locator(f"#{label.lower()}-list [role=option]").first.wait_for()
        field.press("ArrowDown")
        field.press("Enter")
    still.wait_for_url("**from=**")
    still.wait_for_function("() => graphwright.graph.data().nodes.length < 8")
    assert {"Hungary", "Ljubisa Diković"} < names(still)
    assert "from one to the other" in still.locator("#told").inner_text()


def test_a_picture_is_saved_as_png_svg_and_gexf(still: Page, news_server: Server) -> None:
    """The PNG is not blank, the SVG parses and shows what is there, networkx reads the GEXF with all it holds."""
    opened(still, news_server, iri=BENKO)
    data = drawn(still)
    png = downloaded(still, "Save as PNG")
    colours = still.evaluate(
        """async (bytes) => {
          const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: "image/png" }));
          const canvas = new OffscreenCanvas(picture.width, picture.height);
          const context = canvas.getContext("2d");
          context.drawImage(picture, 0, 0);
          const data = new Uint32Array(context.getImageData(0, 0, picture.width, picture.height).data.buffer);
          return new Set(data).size;
        }""",
        list(png),
    )
    assert colours > 50
    svg = ElementTree.fromstring(downloaded(still, "Save as SVG"))
    texts = {element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")}
    assert "Tibor Benkő" in texts
    assert len(list(svg.iter("{http://www.w3.org/2000/svg}circle"))) == len(data["nodes"])
    graph = networkx.read_gexf(io.BytesIO(downloaded(still, "Save as GEXF, for Gephi")))
    assert set(graph) == {node["id"] for node in data["nodes"]}
    assert graph.number_of_edges() == len(data["edges"])
    received = graph.get_edge_data(BENKO, DIKOVIC)
    received = received if "property" in received else next(iter(received.values()))
    assert (received["property"], received["modality"]) == (GW + "received", "asserted")


def test_all_can_be_done_with_the_keyboard(still: Page, news_server: Server) -> None:
    opened(still, news_server, iri=LATVIA)
    stage = still.locator(".graph-stage")
    stage.focus()
    before = still.evaluate("iri => graphwright.graph.where(iri)", LATVIA)
    still.keyboard.press("ArrowRight")
    after = still.evaluate("iri => graphwright.graph.where(iri)", LATVIA)
    assert after["x"] < before["x"]
    still.keyboard.press("0")
    lists = still.locator("summary", has_text="Lists of things and facts")
    lists.focus()
    still.keyboard.press("Enter")
    still.get_by_label("Find in the picture").press_sequentially("Latvia")
    still.keyboard.press("Tab")
    still.keyboard.press("Enter")
    still.get_by_role("region", name="Details").get_by_role("heading", name="Latvia").wait_for()
    count = len(names(still))
    other = next(node["label"] for node in drawn(still)["nodes"] if node["class_label"] == "person")
    still.get_by_label("Find in the picture").fill(other)
    expand = still.get_by_role("button", name=f"Expand {other}")
    expand.focus()
    still.keyboard.press("Enter")
    still.wait_for_function("n => graphwright.graph.data().nodes.length > n", arg=count)


def test_webgl_draws_where_it_is_chosen(still: Page, news_server: Server) -> None:
    opened(still, news_server, iri=BENKO)
    still.get_by_label("Drawn").select_option("webgl")
    still.wait_for_function("() => graphwright.graph.rendererName() === 'webgl'")
    assert still.locator(".graph-stage canvas").count() > 1
    click_on(still, DIKOVIC)
    still.get_by_role("region", name="Details").get_by_role("heading", name="Ljubisa Diković").wait_for()
    assert "renderer=webgl" in still.url


def test_a_graph_in_a_file_needs_no_server(still: Page, tmp_path: Any) -> None:
    """All in one page, as an export has it: no worker, no WebGL, no request."""
    from graphwright.server.static import ASSETS

    hostile = "</script><img src=x onerror=alert(1)>"
    data = {
        "nodes": [{"id": "a", "label": hostile, "class": "x", "color": "#3f8fc9"}, {"id": "b", "label": "B"}],
        "edges": [{"id": "e", "source": "a", "target": "b", "property": "p", "label": hostile, "quotes": [hostile]}],
    }
    told = json.dumps(data).replace("<", "\\u003c")
    page = (
        "<!doctype html><meta charset=utf-8><title>x</title><div id=g></div>"
        f"<script>{(ASSETS / 'vendor/force-graph.min.js').read_text('utf-8')}</script>"
        f"<script type=module>{(ASSETS / 'graph.js').read_text('utf-8')}\n"
        f"window.g = mountGraph(document.getElementById('g'), {told});</script>"
    )
    (tmp_path / "graph.html").write_text(page, encoding="utf-8")
    html = page
    still.route("http://127.0.0.1:1/", lambda route: route.fulfill(body=html, content_type="text/html"))
    still.goto("http://127.0.0.1:1/")
    still.wait_for_function("() => window.g")
    still.evaluate("g.select('e')")
    assert still.locator("blockquote").inner_text() == hostile
    assert still.locator("img").count() == 0
    ElementTree.fromstring(still.evaluate("g.svg()"))
    ElementTree.fromstring(still.evaluate("g.gexf()"))


# -- the query page ---------------------------------------------------------------------------------------------------


def asked(page: Page, server: Server, query: str) -> Page:
    page.goto(f"{server.url}/query?{urlencode({'query': query})}")
    page.wait_for_function("() => window.graphwrightQuery")
    page.get_by_role("button", name="Run query").first.click()
    page.locator(".yasr_response_chip:not(.empty)").first.wait_for()
    return page


def test_a_query_becomes_a_table_whose_things_lead_to_their_pages(still: Page, news_server: Server) -> None:
    asked(still, news_server, "SELECT ?who ?whom WHERE { ?who gw:received ?whom } ORDER BY ?who")
    assert "PREFIX gw:" in still.evaluate("graphwrightQuery.getTab().getQuery()")
    link = still.locator(f".yasr a.iri[href*='{quote(DIKOVIC, safe='')}']").first
    link.wait_for()
    link.click()
    still.wait_for_url("**/entity?iri=**")


def test_a_query_becomes_a_chart(still: Page, news_server: Server) -> None:
    query = "SELECT ?class (COUNT(?x) AS ?n) WHERE { ?d schema:mentions ?x . ?x a/rdfs:label ?class } GROUP BY ?class"
    asked(still, news_server, query)
    rows = still.locator(".yasr tbody tr").count()
    still.get_by_role("button", name="Shows Chart view").click()
    assert still.locator(".query-svg rect[rx]").count() == rows > 3
    still.get_by_label("Line").check()
    assert still.locator(".query-svg circle").count() == rows


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?a gw:received ?b . ?a rdfs:label ?l } WHERE { ?a gw:received ?b ; rdfs:label ?l }",
        "SELECT ?s ?p ?o WHERE { ?s ?p ?o . ?s gw:received ?o }",
        "SELECT ?host ?guest WHERE { ?host gw:received ?guest }",
    ],
)
def test_a_query_becomes_a_graph(still: Page, news_server: Server, query: str) -> None:
    asked(still, news_server, query)
    still.get_by_role("button", name="Shows Graph view").click()
    still.locator(".query-graph canvas").first.wait_for()
    assert {BENKO, DIKOVIC} <= {node["id"] for node in drawn(still)["nodes"]}
    assert (BENKO, DIKOVIC) in {(edge["source"], edge["target"]) for edge in drawn(still)["edges"]}
    still.wait_for_function("() => graphwright.graph.data().nodes.some((node) => node.label === 'Tibor Benkő')")


def test_classes_and_properties_are_completed(still: Page, news_server: Server) -> None:
    still.goto(f"{news_server.url}/query?{urlencode({'query': 'SELECT * WHERE { ?x a gw:Meet'})}")
    still.wait_for_function("() => window.graphwrightQuery")
    still.wait_for_timeout(300)
    still.evaluate(
        "(() => { const e = graphwrightQuery.getTab().getYasqe(); e.focus(); e.setCursor(e.lastLine(), 999); })()"
    )
    still.keyboard.press("Control+Space")
    still.locator(".CodeMirror-hints li", has_text="gw:Meeting").first.wait_for()


def test_an_example_is_there_to_begin_with(still: Page, news_server: Server) -> None:
    still.goto(f"{news_server.url}/query")
    still.wait_for_function("() => window.graphwrightQuery")
    still.get_by_label("Begin with").select_option(label="How many things there are of each class")
    still.locator(".yasr tbody tr").first.wait_for()
    assert "query=" in still.url


# -- for everybody ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page_of", ["graph", "query"])
def test_nothing_serious_stands_in_the_way_of_anybody(
    browser: Browser, news_server: Server, page_of: str, scheme: Any
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    with new_page(browser, reduced_motion="reduce", color_scheme=scheme, bypass_csp=True) as page:
        if page_of == "graph":
            opened(page, news_server, iri=BENKO)
            page.evaluate("iri => graphwright.graph.select(iri)", BENKO)
            for summary in page.locator(".graph-side summary").all():
                summary.click()
        else:
            asked(page, news_server, "SELECT ?who ?whom WHERE { ?who gw:received ?whom }")
        found = axe.Axe().run(page).response["violations"]
        serious = {
            (one["id"], node["html"][:120])
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        }
        assert serious == set()


def test_a_phone_shows_all_of_it(browser: Browser, news_server: Server) -> None:
    with new_page(browser, viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce") as page:
        opened(page, news_server, iri=BENKO)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        box = page.locator(".graph-stage").bounding_box()
        assert box is not None
        at = page.evaluate("iri => graphwright.graph.where(iri)", DIKOVIC)
        assert 0 < at["x"] < box["width"]
        page.touchscreen.tap(box["x"] + at["x"], box["y"] + at["y"])
        page.get_by_role("region", name="Details").get_by_role("heading", name="Ljubisa Diković").wait_for()
        asked(page, news_server, "SELECT ?who ?whom WHERE { ?who gw:received ?whom }")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
