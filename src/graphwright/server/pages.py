"""The pages that people read: all there is to see is in them before any script runs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright.graph import ONTOLOGY_GRAPH
from graphwright.graph.vocabulary import GW
from graphwright.server import search
from graphwright.server.caching import cached
from graphwright.server.colours import colour
from graphwright.server.mapping import frame
from graphwright.server.marking import arguments, marked
from graphwright.server.refusal import Refusal
from graphwright.server.rendering import render
from graphwright.server.state import state_of
from graphwright.server.views import documents as of_documents
from graphwright.server.views import entities, facts, overview, terms

Told = dict[str, Any]

PAGE = 50
"""How many items a page of a list has."""

DRAWN = 40
"""How many facts the small picture of a page shows."""

_SHOWN = ("all", "asserted", "flagged")


async def start(request: Request) -> Response:
    """The start page: how much there is, what came last, and ways in."""

    async def make() -> Response:
        told = await state_of(request).workers.call(overview.overview)
        return render(request, "start.html", **told, questions=questions_for(told["properties"]))

    return await cached(request, make)


async def document_list(request: Request) -> Response:
    """The list of documents, the latest first."""
    number = page_number(request)

    async def make() -> Response:
        told = await state_of(request).workers.call(of_documents.latest, number * PAGE, PAGE)
        return render(request, "documents.html", **told, page=number, pages=-(-told["total"] // PAGE))

    return await cached(request, make)


async def document(request: Request) -> Response:
    """A document: its text with mentions and facts in place, and its facts beside it."""
    lit = request.query_params.get("fact", "")
    show = request.query_params.get("show", "all")
    if show not in _SHOWN:
        raise Refusal(400, f"{show!r} is no choice of facts", "the parameter show", f"use one of {', '.join(_SHOWN)}")

    async def make() -> Response:
        told = await state_of(request).workers.call(of_documents.document, given(request))
        counts = {"all": len(told["facts"]), "asserted": sum(fact["asserted"] for fact in told["facts"])}
        counts["flagged"] = counts["all"] - counts["asserted"]
        chosen = [fact for fact in told["facts"] if show == "all" or fact["asserted"] == (show == "asserted")]
        paragraphs = marked(told["pieces"], told["mentions"], told["facts"])
        light(paragraphs, [fact for fact in told["facts"] if fact["iri"] == lit])
        return render(
            request,
            "document.html",
            **{**told, "facts": chosen},
            paragraphs=paragraphs,
            counts=counts,
            show=show,
            lit=lit,
            picture=picture(chosen),
        )

    return await cached(request, make)


async def entity(request: Request) -> Response:
    """A thing: what is told of it, each fact with its sentences."""
    property, direction = request.query_params.get("property", ""), request.query_params.get("as", "")
    number = page_number(request)
    inverse = {"subject": False, "object": True}.get(direction)
    most = PAGE if property else 6

    async def make() -> Response:
        told = await state_of(request).workers.call(
            entities.entity, given(request), property, inverse, number * most, most
        )
        shown = [fact for group in told["groups"] for fact in group["facts"]]
        return render(
            request,
            "entity.html",
            **told,
            property=property,
            direction=direction,
            page=number,
            size=most,
            map=frame(told["places"]),
            picture=picture(shown),
        )

    return await cached(request, make)


async def fact(request: Request) -> Response:
    """A fact: every sentence that states it, and what it was concluded from."""

    async def make() -> Response:
        told = await state_of(request).workers.call(facts.fact, given(request))
        return render(request, "fact.html", fact=told)

    return await cached(request, make)


async def term(request: Request) -> Response:
    """A class with its things, a property with what it says, or the list of all."""
    number = page_number(request)

    async def make() -> Response:
        if given(request).get("iri") == ONTOLOGY_GRAPH.value:
            return render(request, "ontology.html", **await state_of(request).workers.call(terms.ontology))
        told = await state_of(request).workers.call(terms.term, given(request), number * PAGE, PAGE)
        return render(request, "term.html", **told, page=number, size=PAGE)

    return await cached(request, make)


async def found(request: Request) -> Response:
    """What a search finds: things by their names, and sentences by their words."""
    state = state_of(request)
    text = request.query_params.get("q", "").strip()
    things: list[Told] = []
    sentences: list[Told] = []
    if text:
        path = await state.index.ready(state.options.seconds)
        things = await state.workers.call(search.find_things, path, text, "", PAGE)
        sentences = await state.workers.call(search.find_sentences, path, text, PAGE)
    return render(request, "search.html", text=text, things=things, sentences=sentences)


async def corrections(request: Request) -> Response:
    """What people corrected, for whoever has the token."""
    return render(request, "corrections.html")


def given(request: Request) -> dict[str, str]:
    """Return the IRI or id that a request asks about."""
    return {name: value for name in ("iri", "id") if (value := request.query_params.get(name, ""))}


def page_number(request: Request) -> int:
    """Return the number of the page that is asked for, from 0. Raises Refusal (400) where it is none."""
    text = request.query_params.get("page", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Refusal(400, f"{text!r} is no number of a page", "the parameter page", "count from 0")
    return int(text)


def picture(shown: Iterable[Told]) -> Told:
    """Return facts as a graph to draw: things are nodes, facts between them are edges."""
    nodes: dict[str, Told] = {}
    edges: list[Told] = []
    for one in shown:
        ends = (one["subject"], one["object"])
        if len(edges) == DRAWN or any("iri" not in end for end in ends):
            continue
        for end in ends:
            nodes[end["iri"]] = {"id": end["iri"], **end, "color": colour(end["class"])}
        edges.append(
            {
                "id": one["iri"],
                "source": ends[0]["iri"],
                "target": ends[1]["iri"],
                "property": one["property"]["iri"],
                "label": one["property"]["label"],
                "modality": one["modality"],
                "attributed_to": one["attributed_to"]["label"] if one["attributed_to"] else None,
                "confidence": one["confidence"],
                "documents": sorted({place["document"]["id"] for place in one["evidence"]}),
                "dates": sorted({place["document"]["date"] for place in one["evidence"]} - {""}),
                "quotes": [place["quote"] for place in one["evidence"]],
            }
        )
    return {"nodes": list(nodes.values()), "edges": edges}


def light(paragraphs: Iterable[Told], lit: Iterable[Told]) -> None:
    """Note in the runs of a text what the facts that are to be lit say there: "lit", "subject", "object"."""
    places = [place for one in lit for place in one["evidence"]]
    for paragraph in paragraphs:
        for run in paragraph["runs"]:
            roles = set()
            for place in places:
                if place["start"] <= run["start"] and run["end"] <= place["end"]:
                    roles.add("lit")
                for role, span in zip(("subject", "object"), arguments(place), strict=True):
                    if span is not None and span[0] <= run["start"] and run["end"] <= span[1]:
                        roles.add(role)
            run["roles"] = sorted(roles)


def questions_for(properties: Iterable[Told]) -> tuple[tuple[str, str], ...]:
    """Return questions that fit a graph: the examples where it speaks of what they ask, else of what it says most."""
    known = list(properties)
    if not known or any(one["iri"].startswith(GW) for one in known):
        return questions()
    return tuple(
        (
            f"What {one['label']} what?",
            f"# What {one['label']} what?\nSELECT ?subject ?object WHERE {{\n  ?s <{one['iri']}> ?o .\n"
            "  OPTIONAL { ?s rdfs:label ?subjectLabel } OPTIONAL { ?o rdfs:label ?objectLabel }\n"
            "  BIND (COALESCE(?subjectLabel, ?s) AS ?subject) BIND (COALESCE(?objectLabel, ?o) AS ?object)\n"
            "} ORDER BY ?subject ?object LIMIT 100",
        )
        for one in known[:6]
    )


@cache
def questions() -> tuple[tuple[str, str], ...]:
    """Return the example questions: what each asks in words, and in SPARQL."""
    installed = Path(str(resources.files("graphwright"))) / "examples"
    folder = installed if installed.is_dir() else Path(__file__).parents[3] / "examples"
    texts = [path.read_text(encoding="utf-8") for path in sorted((folder / "diplomacy" / "queries").glob("*.rq"))]
    return tuple((text.partition("\n")[0].lstrip("# "), text) for text in texts if text.startswith("#"))


ROUTES = [
    Route("/", start),
    Route("/documents", document_list),
    Route("/document", document),
    Route("/entity", entity),
    Route("/fact", fact),
    Route("/term", term),
    Route("/search", found),
    Route("/corrections", corrections),
]
