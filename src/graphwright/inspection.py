"""What was understood of a document, step by step: mentions, the things they speak of, propositions, facts."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphwright.model import Extraction, Fact, Modality, Span

if TYPE_CHECKING:  # the words of a graph's facts need no reader of texts
    from graphwright.facts import Reading
    from graphwright.mentions import Mention

COLOURS = ("#7aecec", "#ff9561", "#ddd", "#feca74", "#bfe1d9", "#aa9cfc", "#c887fb", "#e4e7d2", "#9cc9cc", "#ffeb80")
"""Those that displaCy paints the entities of spaCy's own models with."""


@dataclass(frozen=True, slots=True)
class SeenMention:
    """A place in the text: its span, the class by its local name ("" for a date or rank), how it mentions, and the
    names of the things that it speaks of."""

    span: Span
    text: str
    cls: str
    kind: str
    things: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenProposition:
    """Who does what: the predicate as written, and its arguments as roles with words; ``speaker`` may be empty."""

    predicate: str
    arguments: tuple[tuple[str, str], ...]
    modality: Modality
    speaker: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """All steps of the reading of one document. ``extraction`` holds the things with their mentions, and the facts."""

    extraction: Extraction
    mentions: tuple[SeenMention, ...]
    propositions: tuple[SeenProposition, ...]


def inspect(reading: Reading, extraction: Extraction, local: Callable[[str], str]) -> Inspection:
    """The steps of a reading; ``local`` gives the local name of a class."""

    def words(token: int) -> str:
        mention = reading.mentions.at.get(token)
        start, end = (mention.start, mention.end) if mention is not None else (token, token + 1)
        return " ".join(reading.doc.written(start, end).split())

    def seen(mention: Mention) -> SeenMention:
        things = reading.chain_of.get(mention, ())
        values = tuple(value.lexical for value in mention.values)
        return SeenMention(
            reading.span(mention),
            " ".join(reading.doc.written(mention.start, mention.end).split()),
            local(mention.cls) if mention.cls else "",
            mention.kind,
            tuple(reading.name_of(thing) for thing in things) or values,
        )

    propositions = sorted(reading.propositions.by_token.values(), key=lambda one: one.predicate)
    return Inspection(
        extraction,
        tuple(seen(mention) for mention in reading.mentions.all),
        tuple(
            SeenProposition(
                reading.doc[one.predicate].text,
                tuple((argument.role, words(argument.token)) for argument in one.arguments),
                one.modality,
                "" if one.speaker is None else "somebody" if one.speaker < 0 else words(one.speaker),
            )
            for one in propositions
        ),
    )


def said(modality: str, speaker: str | None) -> str:
    """How something is said, for people: "planned", or "asserted, by Russia alone" where one speaker vouches for it."""
    return modality if speaker is None else f"{modality}, by {speaker} alone"


def fact_cells(fact: Fact, names: Mapping[str, str], local: Callable[[str], str]) -> tuple[str, str, str, str, str]:
    """Subject, property, object, how it is said, and confidence of a fact, as words."""
    speaker = None if fact.attributed_to is None else names[fact.attributed_to]
    target = names[fact.object] if isinstance(fact.object, str) else fact.object.lexical
    return names[fact.subject], local(fact.property), target, said(fact.modality, speaker), f"{fact.confidence:.2f}"


def page(inspections: Iterable[Inspection], local: Callable[[str], str]) -> str:
    """A web page of some inspections, that needs nothing else: texts with their mentions, things and facts below.

    The text is painted by displaCy; of mentions within each other the outer one is shown.
    """
    found = list(inspections)
    labels = sorted({mention.cls or mention.kind for one in found for mention in one.mentions})
    colours = {label: COLOURS[i % len(COLOURS)] for i, label in enumerate(labels)}
    return _PAGE.replace("BODY", "\n".join(_section(one, colours, local) for one in found))


def _section(one: Inspection, colours: Mapping[str, str], local: Callable[[str], str]) -> str:
    from spacy import displacy

    document = one.extraction.document
    outer: list[SeenMention] = []
    for mention in sorted(one.mentions, key=lambda m: (m.span[0], -m.span[1])):
        if not outer or mention.span[0] >= outer[-1].span[1]:
            outer.append(mention)
    entities = [{"start": m.span[0], "end": m.span[1], "label": html.escape(m.cls or m.kind)} for m in outer]
    painted = displacy.render(
        {"text": document.text, "ents": entities, "title": None},
        style="ent",
        manual=True,
        page=False,
        jupyter=False,
        options={"colors": {html.escape(label): colour for label, colour in colours.items()}},
    )
    names = {chain.id: chain.name for chain in one.extraction.chains}
    facts = [fact_cells(fact, names, local) for fact in one.extraction.facts]
    sentences = [" ".join(document.text[slice(*fact.evidence)].split()) for fact in one.extraction.facts]
    things = [
        (chain.name, local(chain.cls), " · ".join(dict.fromkeys(document.text[slice(*m)] for m in chain.mentions)))
        for chain in one.extraction.chains
    ]
    told = [
        (p.predicate, "; ".join(f"{role}: {text}" for role, text in p.arguments), p.modality, p.speaker)
        for p in one.propositions
    ]
    return "\n".join(
        [
            f"<section><h1 dir='auto'>{html.escape(' '.join(f'{document.id} {document.title}'.split()))}</h1>",
            f"<div dir='auto'>{painted}</div>",
            _table("Facts", ("subject", "property", "object", "said as", "confidence", "sentence"),
                   [(*cells, sentence) for cells, sentence in zip(facts, sentences, strict=True)]),
            _table("Things", ("name", "class", "mentions"), things),
            _table("Propositions", ("predicate", "arguments", "said as", "by"), told),
            "</section>",
        ]
    )  # fmt: skip


def _table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    def row(tag: str, cells: Iterable[str]) -> str:
        return "<tr>" + "".join(f"<{tag} dir='auto'>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    lines = [row("td", cells) for cells in rows]
    return f"<h2>{title} ({len(lines)})</h2><table>{row('th', columns)}{''.join(lines)}</table>"


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What Graphwright understood</title>
<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem }
mark, mark * { color: #111 }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem }
table { border-collapse: collapse; display: block; overflow-x: auto }
th, td { text-align: start; vertical-align: top; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #8884 }
</style>
</head>
<body>
BODY
</body>
</html>
"""
