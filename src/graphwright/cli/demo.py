"""The command that shows in a minute what Graphwright does: demo."""

from __future__ import annotations

from graphwright.cli.graphs import answer_table, evidence_table, evidence_text
from graphwright.cli.options import Model
from graphwright.cli.printing import heading, show
from graphwright.cli.running import Progress
from graphwright.settings import Settings

_DEMO_TEXT = """\
On Tuesday, General Ana Kos, Chief of the General Staff of the Latvian Armed Forces, received Lieutenant General Jon \
Berg in Riga. The two generals discussed border security. Berg leads the Norwegian delegation. The talks were held in \
Riga Castle. Kos will visit Oslo in September. The visit was not announced by the Norwegian government.
"""
_DEMO_QUERY = """\
SELECT ?host ?guest WHERE {
  ?a gw:received ?b .
  ?a rdfs:label ?host .
  ?b rdfs:label ?guest .
}"""


def demo_command(model: Model = None) -> int:
    """Show in a minute what Graphwright does: a text, its facts, a question, and where an answer comes from.

    \b
    Example:
      graphwright demo
    """
    from graphwright.building import build
    from graphwright.documents import from_text
    from graphwright.graph import explain

    document = from_text(_DEMO_TEXT, id="demo", title="Border talks", date="2024-05-14", source="graphwright demo")
    with Progress() as progress:
        graph = build([document], Settings(model=model), on_document=progress.count)
    show(heading("The text"), document.text)
    show(heading("What it says"), evidence_table(explain(graph, None)))
    show(heading("A question in SPARQL"), _DEMO_QUERY)
    show(answer_table(graph.query(_DEMO_QUERY), graph.prefixes))
    for one in explain(graph, None, "received")[:1]:
        show(heading("Where a fact comes from"), evidence_text(one))
    show(heading("Your turn"), "graphwright build my-texts/ --to my.store\ngraphwright serve my.store")
    return 0
