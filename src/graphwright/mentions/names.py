"""Names: of people, places, organisations, and whatever else the ontology names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from graphwright.language.parse import Parse
from graphwright.language.windows import dateline_end
from graphwright.mentions.aliases import acronym
from graphwright.mentions.labels import (
    LINKING,
    LONGEST_NAME,
    POSSESSIVES,
    common_labels,
    is_entered,
    label_of,
    root_of,
    thing_before,
)
from graphwright.mentions.lexicon import Lexicon, NounMatch, agent_classes, capitalised, text_of
from graphwright.mentions.model import NATION, Link, Mention
from graphwright.mentions.people import find_people
from graphwright.mentions.places import as_government

ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
NO_NAMES = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"})
"""Entity labels of what is read by other means."""
GREAT_CITY = 500_000
"""People of a city whose name of several words is taken for it whatever the model says: "Addis Ababa"."""
PLACES = ("city/", "region/", "country/")
"""What the keys of places begin with."""
NAMED_BY = frozenset({"appos", "compound", "flat", "nmod:desc", "nmod:unmarked"})
"""How a noun and the name of what it speaks of hang together."""
SHORTEST_ACRONYM = 3


@dataclass(frozen=True, slots=True)
class Names:
    """Names found in a text, the ranks before them, and what titles tell of them."""

    mentions: tuple[Mention, ...]
    links: tuple[Link, ...]
    fronts: dict[int, int]
    """For each person's head token the token where the titles before the name begin."""


def find_names(doc: Parse, lexicon: Lexicon) -> Names:
    """Find names by the model's entities, the gazetteer, and capitalised nouns of the ontology; the longest wins."""
    people, ranks, links, fronts = find_people(doc, lexicon)
    taken = [(mention.start, mention.end) for mention in people]
    blocked = taken + [
        (fronts[mention.head], mention.start) for mention in people if fronts[mention.head] < mention.start
    ]
    candidates = [*noun_names(doc, lexicon, blocked), *model_names(doc, lexicon), *gazetteer_names(doc, lexicon)]
    candidates += called_names(doc, lexicon)
    chosen: list[Mention] = []
    covered = {i for start, end in blocked for i in range(start, end)}
    for mention in sorted(candidates, key=lambda m: (m.start - m.end, m.start, not m.key)):
        if covered.isdisjoint(range(mention.start, mention.end)):
            covered.update(range(mention.start, mention.end))
            chosen.append(mention)
    chosen = [as_government(doc, typed_by_neighbour(doc, mention, lexicon), lexicon) for mention in chosen]
    chosen = typed_as_before(doc, chosen, lexicon)
    chosen = spelt_out_anew(doc, chosen, lexicon)
    spelt = spelt_out(chosen, lexicon)
    chosen = [typed_as_spelt_out(mention, spelt) for mention in chosen]
    chosen += repeated_acronyms(doc, chosen)
    nations, nation_links = nations_within(doc, lexicon, chosen)
    return Names((*people, *chosen, *ranks, *nations), (*links, *nation_links), fronts)


def repeated_acronyms(doc: Parse, names: list[Mention]) -> list[Mention]:
    """The other places of an acronym that was found once: "the MoD" after "the Ministry of Defence (MoD)"."""
    covered = {i for name in names for i in range(name.start, name.end)}
    known = {
        doc[n.start].text: n for n in names if n.end - n.start == 1 and sum(c.isupper() for c in doc[n.start].text) > 1
    }
    return [
        replace(known[token.text], start=token.i, end=token.i + 1, head=token.i)
        for token in doc
        if token.text in known and token.i not in covered
    ]


def model_names(doc: Parse, lexicon: Lexicon) -> Iterator[Mention]:
    """Names that the model found, with the class that the gazetteer, a noun in the name, or the label gives."""
    dateline = dateline_end(doc.parsed)
    fixed = lexicon.inside_compounds(doc, lexicon.post)
    labels = common_labels(doc, lexicon)
    for entity in doc.ents:
        label = "LOC" if entity.start < dateline else label_of(entity, labels, lexicon)
        start, end = entity.start, entity.end
        if label in {"PERSON", "PER"}:
            thing = thing_before(doc, start, lexicon)
            if is_entered(doc, start, end):
                yield classified(doc, start, end, "GPE", lexicon)
            elif thing is not None and not capitalised(doc[start - 1]):
                yield Mention(start, end, root_of(doc, start, end), thing.cls, "name", text_of(doc, start, end))
            continue
        if label in NO_NAMES:
            continue
        while end > start and (doc[end - 1].text in POSSESSIVES or doc[end - 1].is_space or doc[end - 1].pos_ == "ADP"):
            end -= 1
        while start < end and (doc[start].lower_ == "the" or doc[start].is_space):
            start += 1
        start = after_posts(doc, start, end, lexicon)
        start = after_compass(doc, start, end, lexicon)
        end = before_place(doc, start, end, lexicon)
        start, end = with_acronyms(doc, start, end, lexicon)
        if set(range(start, end)) <= fixed or is_pair_of_names(doc, start, end, lexicon):
            continue
        alone = lexicon.noun_at(doc, start) if end - start == 1 else None
        if is_prefixed(doc, start) or (alone is not None and alone.cls in lexicon.human):
            continue
        if start < end and any(capitalised(token) or token.like_num for token in doc[start:end]):
            yield classified(doc, start, end, label, lexicon)


def with_acronyms(doc: Parse, start: int, end: int, lexicon: Lexicon) -> tuple[int, int]:
    """An acronym with those that hyphens join to it: "CJTF-OIR" is one body, "EU-NATO" are two known ones."""

    def is_open(i: int) -> bool:
        look_ups = (lexicon.gazetteer.country, lexicon.gazetteer.demonym, lexicon.gazetteer.organisation)
        text = doc[i].text
        return len(text) > 1 and text.isalpha() and text.isupper() and not any(find(text) for find in look_ups)

    def joined(i: int) -> bool:
        return doc[i].text == "-" and not (doc[i - 1].whitespace_ or doc[i].whitespace_)

    first, last = start - LONGEST_NAME, end + LONGEST_NAME
    while start > max(1, first) and is_open(start) and joined(start - 1) and is_open(start - 2):
        start -= 2
    while end + 1 < min(len(doc), last) and is_open(end - 1) and joined(end) and is_open(end + 1):
        end += 2
    return start, end


def is_pair_of_names(doc: Parse, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a dash joins two names that are known apart: "EU–Mauritania"."""
    dash = next((i for i in range(start + 1, end - 1) if doc[i].text in {"-", "–", "—", "/"}), None)
    if dash is None:
        return False
    look_ups = (lexicon.gazetteer.country, lexicon.gazetteer.demonym, lexicon.gazetteer.organisation)
    return all(any(find(part) for find in look_ups) for part in (doc.written(start, dash), doc.written(dash + 1, end)))


def after_posts(doc: Parse, start: int, end: int, lexicon: Lexicon) -> int:
    """Where a name begins once the post before it is taken off: "Commander of | Multinational Corps Baltic"."""
    first = start
    for i in range(start, end - 1):
        match = lexicon.noun_at(doc, i, lower_bound=first)
        if match is not None and match.cls == lexicon.post and doc[i + 1].lower_ in {"of", "for"}:
            start = i + 2
            while start < end and doc[start].lower_ == "the":
                start += 1
    return start


def after_compass(doc: Parse, start: int, end: int, lexicon: Lexicon) -> int:
    """Where the name of a country begins of which a side is told: "Northern | Iraq", but not "North Korea"."""
    compass = lexicon.ontology.words.get("compassWords", frozenset())
    if end - start > 1 and doc[start].lower_ in compass and lexicon.gazetteer.country(doc.written(start, end)) is None:
        return start + (lexicon.gazetteer.country(doc.written(start + 1, end)) is not None)
    return start


def before_place(doc: Parse, start: int, end: int, lexicon: Lexicon) -> int:
    """Where the name of a body ends before the town that it only is in: "Cooperation Council | in Brussels"."""
    if lexicon.gazetteer.organisation(doc.written(start, end)) is not None:
        return end
    for i in range(start + 1, end - 1):
        if doc[i].lower_ == "in" and lexicon.gazetteer.city(doc.written(i + 1, end)) is not None:
            return i
    return end


def before_posts(doc: Parse, start: int, end: int, lexicon: Lexicon) -> int:
    """Where a name ends once the posts after it are taken off: "Foreign Office | Minister"."""
    while end > start:
        match = lexicon.noun_at(doc, end - 1, lower_bound=start)
        if match is None or match.cls != lexicon.post:
            break
        end = match.start
    return end


def classified(doc: Parse, start: int, end: int, label: str, lexicon: Lexicon) -> Mention:
    """A name with the class and key that the gazetteer gives it, else a noun in it, else its label."""
    text, gazetteer = text_of(doc, start, end), lexicon.gazetteer
    cls, key = "", ""
    entry = gazetteer.listed(text) or gazetteer.country(text) or gazetteer.demonym(text)
    entry = entry or gazetteer.organisation(text) or gazetteer.region(text)
    if entry is None and label in {"LOC", "GPE"}:
        entry = gazetteer.city(text) or gazetteer.division(text)
    elif entry is None and end - start > 1 and (city := gazetteer.city(text)) is not None:
        entry = city if city.population >= GREAT_CITY else None
    if entry is not None:
        cls, key = lexicon.class_of_entry(entry), entry.key
    else:
        noun = lexicon.noun_in(doc, start, end)
        cls = (
            noun.cls
            if noun is not None
            else lexicon.class_of_label(label, *(("LOC",) if label in {"GPE", "FAC"} else ()))
        )
    return Mention(start, end, root_of(doc, start, end), cls, "name", entry.name if entry else text, key)


def is_prefixed(doc: Parse, start: int) -> bool:
    """Whether a prefix makes something else of a name: "intra-Syrian", "anti-Russian"."""
    return start > 1 and doc[start - 1].text == "-" and doc[start - 2].is_lower and not doc[start - 1].whitespace_


def gazetteer_names(doc: Parse, lexicon: Lexicon) -> Iterator[Mention]:
    """Names and adjectives of the gazetteer."""
    for start, end, entry in lexicon.gazetteer_matches(doc):
        if is_prefixed(doc, start):
            continue
        yield Mention(
            start, end, root_of(doc, start, end), lexicon.class_of_entry(entry), "name", entry.name, entry.key
        )


def noun_names(doc: Parse, lexicon: Lexicon, blocked: list[tuple[int, int]]) -> Iterator[Mention]:
    """Capitalised runs that hold a noun of the ontology: "Ministry of Defence of Tajikistan", "Southern Garrison"."""
    closed = {i for start, end in blocked for i in range(start, end)} | lexicon.inside_compounds(doc, lexicon.post)
    i = 0
    while i < len(doc):
        if i in closed or not capitalised(doc[i]) or doc[i].lower_ in {"the", "this", "a", "in", "on", "at"}:
            i += 1
            continue
        start = i
        if start and ORDINAL.fullmatch(doc[start - 1].text):
            start -= 1
        while i < len(doc) and i not in closed and capitalised(doc[i]) and i - start < LONGEST_NAME:
            i += 1
            i = skip_link(doc, i, closed)
        begin = after_posts(doc, start, i, lexicon)
        begin = after_first_noun(doc, begin, i, lexicon)
        end = before_posts(doc, begin, i, lexicon)
        noun = lexicon.noun_in(doc, begin, end)
        if noun is not None and end - begin > 1 and sum(capitalised(token) for token in doc[begin:end]) > 1:
            for first, last in parts_of_one_kind(doc, begin, end, lexicon):
                yield Mention(first, last, root_of(doc, first, last), noun.cls, "name", text_of(doc, first, last))
        i = max(i, start + 1)


def called_names(doc: Parse, lexicon: Lexicon) -> Iterator[Mention]:
    """Names that only the noun before them gives away: "the exercise Bright Arrow"."""
    for token in doc:
        if token.pos_ != "NOUN" or capitalised(token):
            continue
        end = token.i + 1
        while end < len(doc) and capitalised(doc[end]) and not doc[end].ent_type_:
            end += 1
        if end - token.i < 3:
            continue
        thing = thing_before(doc, token.i + 1, lexicon)
        if thing is not None:
            head = root_of(doc, token.i + 1, end)
            yield Mention(token.i + 1, end, head, thing.cls, "name", text_of(doc, token.i + 1, end))


def after_first_noun(doc: Parse, start: int, end: int, lexicon: Lexicon) -> int:
    """Where a name begins after a noun that only opens the sentence: "Command of | Multinational Brigade X".

    Plurals are of people or things that belong to it: "Members of the | Foreign Affairs Committee".
    """
    article = start > 0 and doc[start - 1].lower_ == "the" and doc[start - 1].is_sent_start
    plural = doc[start].tag_ in {"NNS", "NNPS"}
    first = lexicon.noun_at(doc, start)
    opens = doc[start].is_sent_start or (article and plural and (first is None or first.cls != lexicon.post))
    if not opens or start + 2 >= end or doc[start + 1].lower_ != "of":
        return start
    begin = start + 2 + (doc[start + 2].lower_ == "the")
    rest = lexicon.noun_in(doc, begin, end)
    return begin if rest is not None and (plural or first is not None) else start


def parts_of_one_kind(doc: Parse, start: int, end: int, lexicon: Lexicon) -> list[tuple[int, int]]:
    """A name and the name of its like that it is part of: "Zemgale Regiment | of the | National Guard"."""
    for i in range(start + 2, end - 2):
        if doc[i].lower_ == "of" and doc[i + 1].lower_ == "the" and end - i > 3:
            one, other = lexicon.noun_in(doc, start, i), lexicon.noun_in(doc, i + 2, end)
            if one is not None and other is not None and one.cls == other.cls:
                return [(start, i), *parts_of_one_kind(doc, i + 2, end, lexicon)]
    return [(start, end)]


def skip_link(doc: Parse, i: int, closed: set[int]) -> int:
    """Step over "of the", "for", "and" (after "of") or a hyphen inside a name, where a capitalised word follows."""
    j = i
    if j < len(doc) and doc[j].lower_ in LINKING:
        j += 1
        if j < len(doc) and doc[j].lower_ == "the":
            j += 1
    elif (j < len(doc) and doc[j].text in {"-", "–", "&"} and not doc[j].whitespace_) or (
        j + 1 < len(doc)
        and doc[j].lower_ == "and"
        and j >= 2
        and doc[j - 2].lower_ in LINKING
        and doc[j + 1].text not in {"the"}
    ):
        j += 1
    return j if j > i and j < len(doc) and j not in closed and capitalised(doc[j]) else i


def typed_by_neighbour(doc: Parse, mention: Mention, lexicon: Lexicon) -> Mention:
    """A name with no telling noun of its own takes the class of the noun right before it: "the exercise Aibalta"."""
    if mention.start == 0 or not doc[mention.start - 1].is_alpha:
        return mention
    if mention.key:
        thing = thing_named(doc, mention, lexicon)
        return mention if thing is None else named_anew(doc, mention, thing.cls)
    if lexicon.noun_in(doc, mention.start, mention.end) is not None:
        return mention
    noun = lexicon.noun_before(doc, mention.start)
    return mention if noun is None or noun.cls == lexicon.post else replace(mention, cls=noun.cls)


def thing_named(doc: Parse, place: Mention, lexicon: Lexicon) -> NounMatch | None:
    """The noun right before the name of a place that says that it names a thing: "the frigate | Bremen".

    The noun is one of no place ("the port Gdynia") and none that the place may be ("the ally Poland"), and the name
    tells which: in "the summit Poland hosted" it does not.
    """
    noun = lexicon.noun_before(doc, place.start)
    if noun is None or not place.key.startswith(PLACES) or doc[noun.head].tag_ != "NN" or capitalised(doc[noun.head]):
        return None
    ontology, located = lexicon.ontology, lexicon.class_of_label("LOC")
    if noun.cls in lexicon.human or ontology.is_a(noun.cls, located) or ontology.is_a(place.cls, noun.cls):
        return None
    name, word = doc[place.head], doc[noun.head]
    joined = (name.head.i == word.i and name.dep_ in NAMED_BY) or (word.head.i == name.i and word.dep_ in NAMED_BY)
    twice = name.head.i == word.head.i and name.dep_ == word.dep_ and name.dep_ != "conj"  # two subjects of a verb
    articles = (child for token in (word, name) for child in token.children if child.dep_ in {"det", "nmod:poss"})
    return noun if (joined or twice) and any(child.i < noun.start for child in articles) else None


def named_anew(doc: Parse, mention: Mention, cls: str) -> Mention:
    """A name that is of something else than the gazetteer knows by it."""
    return replace(mention, cls=cls, key="", name=text_of(doc, mention.start, mention.end), metonym=False)


def typed_as_before(doc: Parse, names: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Names with an article are of the thing of that name: "the Bremen" after "the frigate Bremen" is no city."""
    told = [(name, lexicon.noun_before(doc, name.start)) for name in names if not name.key]
    things = {name.name: name.cls for name, noun in told if noun is not None and noun.cls == name.cls}

    def typed(name: Mention) -> Mention:
        cls = things.get(text_of(doc, name.start, name.end))
        article = name.start > 0 and doc[name.start - 1].lower_ == "the" and doc[name.start - 1].head.i == name.head
        return named_anew(doc, name, cls) if cls is not None and article else name

    return [typed(name) for name in names]


def spelt_out_anew(doc: Parse, names: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Acronyms are of what the text spells out right before them in brackets, not of what the gazetteer knows by them:
    "the National Salvation Party (NSPA)" is no agency of NATO."""
    by_end = {name.end: name for name in names if not name.key and name.end - name.start > 1}
    anew: dict[str, str] = {}
    for name in names:
        whole = by_end.get(name.start - 1)
        in_brackets = doc[name.start - 1].text == "(" and doc.written(name.end, name.end + 1) == ")"
        entry = lexicon.gazetteer.entry(name.key) if name.key and whole is not None and in_brackets else None
        if entry is None or whole is None or not acronym(whole.name).startswith(doc[name.start].text[0]):
            continue
        known = {word for other in entry.names for word in other.lower().split()}
        if known.isdisjoint(word for word in whole.name.lower().split() if len(word) > 3):
            anew[doc.written(name.start, name.end)] = whole.cls
    texts = [doc.written(name.start, name.end) for name in names]
    return [
        named_anew(doc, name, anew[text]) if name.key and text in anew else name
        for name, text in zip(names, texts, strict=True)
    ]


def spelt_out(names: list[Mention], lexicon: Lexicon) -> dict[str, set[str]]:
    """For each acronym the classes of the names, but people's, that it is the initials of."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if " " in name.name and name.cls not in lexicon.human:
            found[acronym(name.name)].add(name.cls)
    return found


def typed_as_spelt_out(mention: Mention, spelt: Mapping[str, set[str]]) -> Mention:
    """An acronym with the class of the one name that it is the initials of, whatever the model took it for."""
    if mention.key or len(mention.name) < SHORTEST_ACRONYM or not mention.name.isupper():
        return mention
    classes = spelt.get(mention.name, set())
    return replace(mention, cls=next(iter(classes))) if len(classes) == 1 else mention


def nations_within(doc: Parse, lexicon: Lexicon, names: list[Mention]) -> tuple[list[Mention], list[Link]]:
    """Countries inside longer names ("Serbian Armed Forces"), linked to what they name.

    Of a place that is no agent only by an adjective: Iraqi Kurdistan is in Iraq, the Niger Delta is not in Niger.
    """
    actors = tuple(sorted(agent_classes(lexicon.ontology)))
    found: list[Mention] = []
    links: list[Link] = []
    inside = {i: name for name in names for i in range(name.start, name.end)}
    starts: set[int] = set()
    for start, end, entry in lexicon.gazetteer_matches(doc):
        outer = inside.get(start)
        if outer is None or end > outer.end or (outer.start, outer.end) == (start, end):
            continue
        if entry.cls != "Country":
            continue
        if not lexicon.ontology.fits(outer.cls, actors) and doc.written(start, end) not in entry.demonyms:
            continue
        head = end - 1 if outer.head != end - 1 else start
        if head == outer.head or start in starts:
            continue
        starts.add(start)
        found.append(Mention(start, end, head, lexicon.class_of_entry(entry), "name", entry.name, entry.key))
        links.append((outer.head, NATION, head))
    return found, links
