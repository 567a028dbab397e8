"""Writing to a store: quads out and quads in, as one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store

MANY = 10_000
"""From how many quads on they are written in bulk, straight to files: in half the time, and a third of the room."""


LOADS = 2
"""How many loads in bulk go on at once."""


def exchange(store: Store, removed: list[Quad], added: list[Quad]) -> None:
    """Take quads away and add others: either all of it is done or, where that fails, nothing.

    Quads with blank nodes are taken away one by one, before the others are added: broken off, it has to be repeated.
    """
    if removed and any(
        isinstance(term, BlankNode) for quad in (*removed, *added) for term in (quad.subject, quad.object)
    ):
        # SPARQL has no word for a blank node that is there already. Only an ontology has such nodes.
        for quad in removed:
            store.remove(quad)
        store.extend(added)
    elif removed:
        store.update(update_text(removed, added))
    elif len(added) < MANY:
        store.extend(added)
    else:
        store.bulk_extend(added)


def load_lines(store: Store, graphs: Mapping[NamedNode, Sequence[str]]) -> None:
    """Write graphs in bulk, and into their union, from triples in N-Triples without their full stops.

    Broken off, each graph is there with its part of the union, or is not.
    """
    told = list(graphs.items())

    def load(part: list[tuple[NamedNode, Sequence[str]]]) -> None:
        quads = BytesIO()  # nothing else holds them while they are loaded
        for name, lines in part:
            for end in (f" {name} .\n", " .\n") if lines else ():
                quads.write(f"{end.join(lines)}{end}".encode())
        # Their IRIs were looked at when the lines were made.
        store.bulk_load(quads.getvalue(), format=RdfFormat.N_QUADS, lenient=True)

    # A load is the work of one core, and leaves the interpreter to others meanwhile.
    with ThreadPoolExecutor(LOADS) as loaders:
        for done in [loaders.submit(load, part) for start in range(LOADS) if (part := told[start::LOADS])]:
            done.result()


def update_text(removed: Iterable[Quad], added: Iterable[Quad]) -> str:
    """The SPARQL Update that takes quads away and adds others; without blank nodes it may be repeated."""
    parts = [("DELETE DATA", list(removed)), ("INSERT DATA", list(added))]
    return " ;\n".join(f"{verb} {{\n{''.join(_data(quads))}}}" for verb, quads in parts if quads)


def _data(quads: Iterable[Quad]) -> Iterator[str]:
    by_graph: dict[NamedNode | BlankNode | DefaultGraph, list[Quad]] = defaultdict(list)
    for quad in quads:
        by_graph[quad.graph_name].append(quad)
    for name, found in by_graph.items():
        lines = "".join(f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in found)
        yield lines if isinstance(name, DefaultGraph) else f"GRAPH {name} {{\n{lines}}}\n"
