"""What notebooks show: tables, facts with their sentences, a graph; and the example notebook runs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import hostile
import nbformat
import pytest
from lxml import html
from nbclient import NotebookClient

from graphwright import KnowledgeGraph, explain

TOP = Path(__file__).parents[1]
NOTEBOOK = TOP / "examples" / "notebook" / "graph.ipynb"


@pytest.fixture(scope="module")
def graph(news_store: Path) -> KnowledgeGraph:
    """The graph of the examples."""
    return KnowledgeGraph.open(news_store)


def test_the_example_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """From its first cell to its last, in a kernel of its own; each cell shows what it is there for."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TOP / "src"), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}})
    client.execute()
    shown = ["\n".join(map(json.dumps, cell.outputs)) for cell in notebook.cells if cell.cell_type == "code"]
    expected = [
        "documents",
        "Chief of Defence",
        "<blockquote>",
        "<iframe",
        "Hungarian delegation",
        "Tibor Benk",
        "near.gexf",
    ]
    assert [(told, cell) for told, cell in zip(expected, shown, strict=True) if told not in cell] == []


def test_the_example_is_kept_without_what_it_printed() -> None:
    """Outputs hold paths and pictures of somebody's machine."""
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []


def test_a_graph_is_shown_with_its_counts_and_some_facts(graph: KnowledgeGraph) -> None:
    """As a table."""
    shown = html.fromstring(graph._repr_html_())
    assert "4 documents" in shown.text_content()
    assert [cell.text for cell in shown.iter("th")] == ["subject", "property", "object"]
    assert len(list(shown.iter("tr"))) == 11


def test_an_answer_is_shown_as_a_table(graph: KnowledgeGraph) -> None:
    """Of not too many rows; IRIs are links; ASK is answered with a word."""
    shown = html.fromstring(graph.query("SELECT ?s ?o WHERE { ?s a ?o }")._repr_html_())
    assert "The first 50 rows." in shown.text_content()
    assert len(list(shown.iter("tr"))) == 51
    assert "gw:Position" in {link.text for link in shown.iter("a")}
    assert graph.query("ASK { ?x a gw:Person }")._repr_html_() == "<p>yes</p>"
    assert "gw:received" in graph.query("CONSTRUCT { ?a gw:received ?b } WHERE { ?a gw:received ?b }")._repr_html_()


def test_evidence_is_shown_with_its_sentence(graph: KnowledgeGraph) -> None:
    """Both ends of the fact are bold, and premises stand below."""
    [evidence] = explain(graph, "Tibor Benkő", "received", "Ljubisa Diković")
    shown = html.fromstring(evidence._repr_html_())
    [quote] = shown.iter("blockquote")
    assert [bold.text for bold in quote.iter("b")] == ["Tibor Benkő", "Ljubisa Diković"]
    assert quote.text_content() == evidence.quote
    [concluded] = explain(graph, "Tibor Benkő", "leads", "Hungarian delegation")
    assert len(html.fromstring(concluded._repr_html_()).findall(".//li")) == 5


def test_hostile_texts_are_texts(tmp_path: Path) -> None:
    """Whatever a document, a name or an IRI holds."""
    hostile.make(tmp_path / "g.store")
    graph = KnowledgeGraph.open(tmp_path / "g.store")
    shown = [graph._repr_html_(), graph.query("SELECT * { ?s ?p ?o } LIMIT 5000")._repr_html_()]
    shown += [graph.query("SELECT ?l ?s { ?s rdfs:label ?l }")._repr_html_()]
    shown += [evidence._repr_html_() for evidence in explain(graph, None)]
    for text in shown:
        tree = html.fromstring(f"<div>{text}</div>")
        tags = {element.tag for element in tree.iter()}
        assert tags <= {
            "div",
            "p",
            "b",
            "a",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "blockquote",
            "small",
            "br",
            "ul",
            "li",
        }
        assert {name for element in tree.iter() for name in element.attrib} <= {"href"}
        assert all(link.get("href").startswith(("http://", "https://")) for link in tree.iter("a"))
