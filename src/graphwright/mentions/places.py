"""What tells where: the side of a country that a place is in, the dateline of a text, and who issued it.

A press release of Ecuador says "the Minister of Defence" for its own, and "we" for Ecuador.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from graphwright.language.parse import Parse, Word
from graphwright.language.windows import dateline_end
from graphwright.mentions.lexicon import Lexicon
from graphwright.mentions.model import HOME, Link, Mention
from graphwright.ontology.gazetteer import Entry, Gazetteer

COUNTRY, CITY = "country/", "city/"
LONGEST_SIDE = 6  # words of "in the north-east of"
LONGEST_NAME = 7  # words of a name in the source of a document
BELONGING = frozenset({"nmod", "nmod:poss", "nmod:desc", "amod", "compound"})
JOINING = frozenset({"of", "for", "to", "at"})
_ADDRESS = re.compile(r"\S*(?:://|www\.|/)\S*")


def side_links(doc: Parse, names: Iterable[Mention], lexicon: Lexicon) -> Iterator[Link]:
    """Links "in" from names to the place on whose side they lie: "Gao, in the north-east of Mali".

    Parsers hang such a side on the verb before it, as where something happens.
    """
    compass = lexicon.ontology.words.get("compassWords", frozenset())
    starts = {name.start: name for name in names}
    for name in names:
        i = name.end + (name.end < len(doc) and doc[name.end].text == ",")
        words = [token.lower_ for token in doc[i : i + LONGEST_SIDE]]
        if words[:2] != ["in", "the"] or "of" not in words:
            continue
        of = words.index("of")
        after = i + of + 1
        outer = starts.get(after + (after < len(doc) and doc[after].lower_ == "the"))
        if outer is not None and "".join(words[2:of]) in compass and not name.values:
            yield name.head, "in", outer.head


def as_government(doc: Parse, name: Mention, lexicon: Lexicon) -> Mention:
    """A capital that stands for its government as a name of the country; any other name as it is.

    That is told by what only a state does ("Belgrade rejected the claim"), has ("Wellington's envoy"), or shares with
    another ("talks between Belgrade and Pristina").
    """
    country = capital_of(name, lexicon)
    if country is None or not acts_for_state(doc, name, lexicon):
        return name
    return replace(name, cls=lexicon.class_of_entry(country), name=country.name, key=country.key, metonym=True)


def capital_of(name: Mention, lexicon: Lexicon) -> Entry | None:
    """The country that a city is the capital of."""
    city = lexicon.gazetteer.entry(name.key) if name.key.startswith(CITY) else None
    country = lexicon.gazetteer.entry(COUNTRY + city.country) if city is not None else None
    return country if city is not None and country is not None and country.capital == city.name else None


def acts_for_state(doc: Parse, name: Mention, lexicon: Lexicon) -> bool:
    """Whether a name stands where only that of a state can."""
    words, head = lexicon.ontology.words, doc[name.head]
    first = head
    while first.dep_ == "conj":  # "between Belgrade and | Pristina"
        first = first.head
    governor = first.head
    if first.dep_ == "nsubj" and not any(child.dep_ == "cop" for child in governor.children):
        return governor.lemma_.lower() in words.get("stateVerbs", frozenset())
    if first.dep_ == "nmod:poss":
        noun = lexicon.noun_at(doc, governor.i)
        nouns = {
            governor.lemma_.lower(),
            noun.noun if noun is not None else "",
            f"{doc[governor.i - 1].lower_} {governor.lower_}",
        }
        return bool(nouns & words.get("stateNouns", frozenset()))
    between = any(child.lower_ == "between" for child in first.children)
    return first.dep_ == "nmod" and between and governor.lemma_.lower() in words.get("stateDealings", frozenset())


def issuer(source: str, gazetteer: Gazetteer) -> str:
    """The gazetteer's key of the first country or organisation that the source of a document names, else "".

    "US State Department" gives "country/US": a body of a state speaks for the state. Addresses say nothing.
    """
    words = re.findall(r"[\w.&'’-]+", _ADDRESS.sub(" ", source))
    for start in range(len(words)):
        longest = min(LONGEST_NAME, len(words) - start)
        names = [" ".join(words[start : start + length]) for length in range(longest, 0, -1)]
        for look_up in (gazetteer.country, gazetteer.demonym, gazetteer.organisation):
            for name in names if words[start][0].isupper() else ():
                entry = look_up(name)
                if entry is not None:
                    return entry.key
    return ""


def home(doc: Parse, names: Iterable[Mention], source: str, lexicon: Lexicon) -> str:
    """The key of the country of the dateline, or else of the issuer, "" where neither tells of one."""
    dateline = dateline_end(doc.parsed)
    for name in names:
        if name.end <= dateline and (country := country_of(name, lexicon)):
            return country
    return issuer(source, lexicon.gazetteer)


def home_links(doc: Parse, names: list[Mention], posts: list[Mention], source: str, lexicon: Lexicon) -> Iterator[Link]:
    """Links from posts that name no country or body to the one that the text is written from.

    From posts of a state to a country, from those of international bodies to such a body; only where the text names it
    somewhere: what it does not speak of is no part of its facts.
    """
    key = home(doc, names, source, lexicon)
    side = next((name for name in names if key and name.key == key), None)
    if side is None:
        return
    listed = lexicon.ontology.words.get("nationalPosts" if key.startswith(COUNTRY) else "bodyPosts", frozenset())
    covered = {i for name in names for i in range(name.start, name.end)}
    for post in posts:
        head = doc[post.head]
        told = any(child.dep_ in BELONGING and child.i in covered for child in head.children)
        joined = post.end < len(doc) and doc[post.end].lower_ in JOINING
        told = told or post.start - 1 in covered or (joined and bool({post.end + 1, post.end + 2} & covered))
        if told or not any(f" {name} " in f" {post.name.lower()} " for name in listed):
            continue
        abroad = abroad_before(doc, post, key, names, lexicon)
        if not abroad:
            yield post.head, HOME, side.head
        elif is_met(doc[post.head]):
            host = next((name for name in names if name.key == abroad), None)
            if is_visited(doc, post, abroad, names):  # "the Mongolian delegation called on | Minister X": ours
                yield post.head, HOME, side.head
            elif host is not None:
                yield post.head, HOME, host.head


def abroad_before(doc: Parse, post: Mention, key: str, names: list[Mention], lexicon: Lexicon) -> str:
    """The key of the other country that a sentence has turned to before a post: "In Port Vila she met Minister X"."""
    start = doc[post.head].sent.start
    countries = [country_of(name, lexicon) for name in names if start <= name.start and name.end <= post.start]
    return next((c for c in reversed(countries) if key.startswith(COUNTRY) and c and c != key), "")


def is_visited(doc: Parse, post: Mention, abroad: str, names: list[Mention]) -> bool:
    """Whether a sentence speaks of another country before a post only as that of those who come, by its adjective.

    They stand before the verb: who "received his Ghanaian counterpart, | President X", is visited by him.
    """
    start, verb = doc[post.head].sent.start, met_by(doc[post.head]).head.i
    told = [name for name in names if start <= name.start and name.end <= post.start and name.key == abroad]
    return bool(told) and all(doc[name.head].pos_ == "ADJ" and name.end <= verb for name in told)


def is_met(post: Word) -> bool:
    """Whether who holds a post is no subject of the clause, but whom somebody meets, calls or is received by."""
    return met_by(post).dep_.split(":")[0] in {"obj", "obl", "nmod"}


def met_by(post: Word) -> Word:
    """The noun that a post is part of, or is said of."""
    while post.dep_ in {"nmod:desc", "appos", "conj", "compound"} and post.head.i != post.i:
        post = post.head
    return post


def country_of(name: Mention, lexicon: Lexicon) -> str:
    """The key of the country that a name is, or that the city it names lies in, "" where neither is known."""
    if name.key.startswith(COUNTRY):
        return name.key
    entry = lexicon.gazetteer.entry(name.key) if name.key else None
    return COUNTRY + entry.country if entry is not None and entry.country else ""
