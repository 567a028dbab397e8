"""Labels: what the language model takes the names of a document for, over all that it says of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from graphwright.language.parse import Parse, Stretch
from graphwright.mentions.lexicon import Lexicon, NounMatch

LINKING = frozenset({"of", "for", "de", "del", "la", "al", "bin", "von", "van"})
POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
KNOWN = 1000  # outweighs the model
PLACING = frozenset({"in", "at", "near"})
TOWARDS = PLACING | {"to", "from"}
LONGEST_NAME = 60  # tokens; what goes on in capitals is no longer one name


def root_of(doc: Parse, start: int, end: int) -> int:
    """The token of a span that the rest of it hangs on."""
    return doc.stretch(start, end).root.i


def common_labels(doc: Parse, lexicon: Lexicon) -> dict[str, str]:
    """The label that each name of a document has most often: a firm is no person in one place only.

    Against the model, an organisation that the gazetteer knows is no person, what one is "in" is a place, and what
    begins the name of an organisation, and no person's, is that organisation ("Hohenwart" beside "Hohenwart Technik").
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    longer = [entity for entity in doc.ents if len(entity) > 1]
    of_people = {word.text for entity in longer if entity.label_ == "PERSON" for word in entity}
    of_bodies = {entity[0].text for entity in longer if entity.label_ == "ORG"} - of_people
    for entity in doc.ents:
        counts[entity.text][entity.label_] += 1
        if entity.text in of_bodies and entity.label_ in {"PERSON", "GPE", "LOC"} and not is_place(entity, lexicon):
            counts[entity.text]["ORG"] += KNOWN
        if entity.label_ == "PERSON":
            before = doc[entity.start - 1].lower_ if entity.start else ""
            if lexicon.gazetteer.organisation(entity.text) is not None:
                counts[entity.text]["ORG"] += KNOWN
            elif (
                before in (TOWARDS if len(entity) > 1 else PLACING) and lexicon.gazetteer.city(entity.text) is not None
            ):
                counts[entity.text]["LOC"] += KNOWN
    return {text: max(sorted(labels), key=lambda label: labels[label]) for text, labels in counts.items()}


def label_of(entity: Stretch, labels: Mapping[str, str], lexicon: Lexicon) -> str:
    """The label that a name has most often; but its own where that and the words around make it a place.

    The tanker Gdynia is built "in Gdynia"; who comes from "Cambridge, Massachusetts" comes from no university.
    """
    doc = entity.doc
    if entity.label_ in {"GPE", "LOC"} and (cities := lexicon.gazetteer.cities(entity.text)):
        if entity.start and doc[entity.start - 1].lower_ in PLACING:
            return entity.label_
        after = entity_at(doc, entity.end + 1) if entity.end < len(doc) and doc[entity.end].text == "," else ""
        within = {division.division for division in lexicon.gazetteer.divisions(after)}
        country = lexicon.gazetteer.country(after)
        if any(city.division in within or (country and city.country == country.country) for city in cities):
            return entity.label_
    return labels[entity.text]


def entity_at(doc: Parse, start: int) -> str:
    """The text of the model's entity that begins at a token, "" where none does."""
    end = start
    while end < len(doc) and doc[end].ent_iob_ == ("B" if end == start else "I"):
        end += 1
    return doc.written(start, end)


def is_place(entity: Stretch, lexicon: Lexicon) -> bool:
    """Whether the gazetteer has a place of this name."""
    look_ups = (lexicon.gazetteer.country, lexicon.gazetteer.region, lexicon.gazetteer.city)
    return any(look_up(entity.text) is not None for look_up in look_ups)


def is_entered(doc: Parse, start: int, end: int) -> bool:
    """Whether what the model took for a person is somewhere: "in Bria", "near Kidal"."""
    return end - start == 1 and start > 0 and doc[start - 1].lower_ in PLACING and doc[start].dep_ in {"obl", "nmod"}


def thing_before(doc: Parse, start: int, lexicon: Lexicon) -> NounMatch | None:
    """The noun right before a name that says that it names no person: "the frigate Otto Ruge"."""
    if start == 0 or doc[start - 1].tag_ in {"NNS", "NNPS"}:
        return None
    noun = lexicon.noun_before(doc, start)
    if noun is None or noun.cls in lexicon.human or lexicon.ontology.fits(noun.cls, lexicon.actors):
        return None
    return noun
