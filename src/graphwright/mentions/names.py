"""Names: of people with their ranks and titles, of places, organisations, and whatever else the ontology names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from graphwright.language.parse import Parse, Stretch
from graphwright.language.windows import dateline_end
from graphwright.mentions.aliases import acronym
from graphwright.mentions.lexicon import LONGEST_POST, Lexicon, NounMatch, agent_classes, capitalised, text_of
from graphwright.mentions.model import IDENTITY, NATION, PERSON_LABEL, RANK, Link, Mention
from graphwright.mentions.places import as_government
from graphwright.model import Value

ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
LINKING = frozenset({"of", "for", "de", "del", "la", "al", "bin", "von", "van"})
PARTICLES = frozenset({"de", "del", "della", "di", "da", "von", "van", "le"})
"""Small words that a family name may begin with."""
NOT_RANKS_AFTER = frozenset(
    {
        "secretary",
        "attorney",
        "governor",
        "consul",
        "inspector",
        "director",
        "adjutant",
        "solicitor",
        "auditor",
        "surgeon",
        "-",
    }
)
NO_NAMES = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"})
"""Entity labels of what is read by other means."""
POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
KNOWN = 1000  # outweighs the model
PLACING = frozenset({"in", "at", "near"})
TOWARDS = PLACING | {"to", "from"}
GREAT_CITY = 500_000
"""People of a city whose name of several words is taken for it whatever the model says: "Addis Ababa"."""
DASHES = frozenset({"-", "–", "—"})
PLACES = ("city/", "region/", "country/")
"""What the keys of places begin with."""
NAMED_BY = frozenset({"appos", "compound", "flat", "nmod:desc", "nmod:unmarked"})
"""How a noun and the name of what it speaks of hang together."""
SERVICES = frozenset({"army", "navy", "air", "marine"})
SHORTEST_ACRONYM = 3
LONGEST_NAME = 60  # tokens; what goes on in capitals is no longer one name
NICKNAME = 4  # tokens at most, between quotation marks inside a name
STRING = "http://www.w3.org/2001/XMLSchema#string"
GENERATIONS = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"})
"""What tells fathers and sons of one name apart, after it."""
RETIRED = frozenset({"(", ")", ".", "ret", "ret.", "retd", "retd.", "rtd"})


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


def root_of(doc: Parse, start: int, end: int) -> int:
    """The token of a span that the rest of it hangs on."""
    return doc.stretch(start, end).root.i


# ------------------------------------------------------------------------------------------------------------- people


def find_people(doc: Parse, lexicon: Lexicon) -> tuple[list[Mention], list[Mention], list[Link], dict[int, int]]:
    """People by the model's entities and by the capitalised words after a rank."""
    cls = lexicon.class_of_label(PERSON_LABEL)
    dateline = dateline_end(doc.parsed)
    labels = common_labels(doc, lexicon)
    spans = [
        trimmed
        for entity in doc.ents
        if entity.start >= dateline and label_of(entity, labels, lexicon) in {"PERSON", "PER"}
        for trimmed in [trim_person(doc, entity, lexicon)]
        if trimmed
    ]
    found = set(spans)
    listed = [span for span in lexicon.listed_people(doc) if span not in found]
    known = {i for start, end in listed for i in range(start, end)}
    spans = [one for one in spans if known.isdisjoint(range(*one))] + listed
    spans += after_ranks(doc, lexicon, spans)
    people, ranks, links, fronts = [], [], [], {}
    whole = sorted((start, after_generation(doc, after_hyphens(doc, end))) for start, end in spans)
    for start, end in with_nicknames(doc, whole):
        entry = lexicon.gazetteer.listed(text_of(doc, start, end))
        if entry is not None and lexicon.class_of_entry(entry) != cls:
            continue
        if entry is None and end - start == 1 and lexicon.gazetteer.country(doc[start].text) is not None:
            continue
        if entry is None and is_no_person(doc, start, end, lexicon):
            continue
        if entry is None and (thing_before(doc, start, lexicon) is not None or is_entered(doc, start, end)):
            continue
        head = root_of(doc, start, end)
        front, rank = titles_before(doc, start, lexicon)
        name, key = (entry.name, entry.key) if entry is not None else (text_of(doc, start, end), "")
        people.append(Mention(start, end, head, cls, "name", name, key))
        fronts[head] = front
        if rank is not None:
            first, last, full = rank
            ranks.append(Mention(first, last, last - 1, "", "value", full, values=(Value(full, STRING),)))
            links.append((head, RANK, last - 1))
    return people, ranks, links, fronts


def after_hyphens(doc: Parse, end: int) -> int:
    """Where a name ends with what hyphens join to it: "Chen Ya|-ting"."""
    most = min(len(doc), end + LONGEST_NAME)
    while end + 1 < most and doc[end].text == "-" and not (doc[end - 1].whitespace_ or doc[end].whitespace_):
        if not doc[end + 1].is_alpha:
            break
        end += 2
    return end


def after_generation(doc: Parse, end: int) -> int:
    """Where a name ends with the generation after it: "Ernesto Catindig, | Jr."."""
    comma = end + 1 < len(doc) and doc[end].text == "," and doc[end + 1].text.startswith(("Jr", "Sr"))
    last = end + comma
    return last + 1 if last < len(doc) and doc[last].text in GENERATIONS else end


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


def with_nicknames(doc: Parse, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans of names, those on either side of a nickname in quotation marks joined: John "J. D." Dorrian."""
    reached, ends = 0, dict(reversed(spans))
    for start, end in spans:
        if start < reached:
            continue
        if end < len(doc) and doc[end].is_quote:
            closing = next((i for i in range(end + 2, min(end + NICKNAME + 2, len(doc))) if doc[i].is_quote), None)
            if closing is not None and closing + 1 < len(doc) and capitalised(doc[closing + 1]):
                end = ends.get(closing + 1, closing + 2)
        reached = end
        yield start, end


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


def is_no_person(doc: Parse, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether what the model took for a person's name is a noun ("Officers"), ends in one ("Al Nour Garrison"), or is
    the end of a body's name ("Multinational Brigade | Daugava", "Joint Task Force – | Northern Shield Commander")."""
    if start > 1 and doc[start - 1].text in DASHES and (body := lexicon.noun_at(doc, start - 2)) is not None:
        after = lexicon.noun_at(doc, end) if end < len(doc) and capitalised(doc[end]) else None
        if body.cls not in lexicon.human and after is not None and after.cls == lexicon.post:
            return True
    before = lexicon.noun_at(doc, start - 1) if start and end - start == 1 and capitalised(doc[start - 1]) else None
    if before is not None and before.cls not in lexicon.human and not doc[start - 1].is_sent_start:
        return True
    noun = lexicon.noun_at(doc, end - 1, lower_bound=start)
    if noun is None:
        return False
    return end - start == 1 or noun.cls not in lexicon.human


def trim_person(doc: Parse, entity: Stretch, lexicon: Lexicon) -> tuple[int, int] | None:
    """A person's name without ranks and titles before and the possessive after it."""
    start, end = entity.start, entity.end
    while end > start and (doc[end - 1].text in POSSESSIVES or doc[end - 1].is_punct or doc[end - 1].is_space):
        end -= 1
    while end - 1 > start and doc[end - 1].text in GENERATIONS:
        end -= 1  # put back by `after_generation`
    if lexicon.gazetteer.rank(doc.written(start, end)) or all(word.lower_ in RETIRED for word in doc[start:end]):
        return None
    while start < end:
        length = next(
            (n for n in (4, 3, 2, 1) if start + n < end and lexicon.gazetteer.rank(doc.written(start, start + n))), 0
        )
        if not length and (
            lexicon.gazetteer.is_title(doc[start].text) or doc[start].is_punct or doc[start].lower_ == "the"
        ):
            length = 1
        if not length and start and doc[start - 1].lower_ in {"the", "for", "of"}:  # "for the Middle East | Ana Kos"
            sizes = (n for n in (3, 2) if start + n < end and is_place(doc.stretch(start, start + n), lexicon))
            length = next(sizes, 0)
        if not length:
            found = [lexicon.noun_at(doc, i, lower_bound=start) for i in range(start, end - 1)]
            posts = [match for match in found if match is not None and match.cls == lexicon.post]
            length = posts[-1].end - start if posts else 0
        if not length:
            break
        start += length
    return (start, end) if start < end and (capitalised(doc[start]) or doc[start].lower_ in PARTICLES) else None


def after_ranks(doc: Parse, lexicon: Lexicon, known: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Capitalised words after a rank, which are a name even where the model saw none."""
    covered = {i for start, end in known for i in range(start, end)}
    compound = lexicon.inside_compounds(doc)
    for token in doc:
        if not capitalised(token) or token.i in covered:
            continue
        length = next(
            (n for n in (4, 3, 2, 1) if token.i + n < len(doc) and rank_at(doc, token.i, token.i + n, lexicon)), 0
        )
        if not length or (token.i and doc[token.i - 1].lower_ in NOT_RANKS_AFTER) or token.i in compound:
            continue
        start = token.i + length
        while start < len(doc) and doc[start].lower_ in RETIRED:
            start += 1
        end = start
        while (
            end < len(doc)
            and (capitalised(doc[end]) or (doc[end].lower_ in LINKING and end > start))
            and end not in covered
            and end - start < 5
        ):
            if lexicon.gazetteer.rank(doc[end].text) or lexicon.gazetteer.is_title(doc[end].text) or doc[end].is_punct:
                break
            end += 1
        while end > start and not capitalised(doc[end - 1]):
            end -= 1
        if end - start > 0 and not any(lexicon.noun_at(doc, i, lower_bound=start) for i in range(start, end)):
            covered.update(range(start, end))
            yield start, end


def rank_at(doc: Parse, start: int, end: int, lexicon: Lexicon) -> str | None:
    """The full form of the rank that is exactly these tokens.

    "Navy, Captain" is none, nor is "Commander" before a rank (a post), nor the "Navy" of "of the Navy Captain X".
    """
    if not lexicon.may_begin_rank(doc[start].text):
        return None
    text = doc.written(start, end)
    full = None if "," in text else lexicon.gazetteer.rank(text)
    if full is None:
        return None
    words = [word.lower_ for word in doc[max(0, start - 3) : start]]
    if end - start > 1 and doc[start].lower_ in SERVICES and "of" in words:
        return None
    match = lexicon.noun_at(doc, end - 1, lower_bound=start)
    before_rank = end < len(doc) and any(lexicon.gazetteer.rank(doc.written(end, end + length)) for length in (1, 2))
    of_body = (
        start > 0 and doc[start - 1].pos_ == "PROPN" and doc[start - 1].ent_type_ not in {"", "PERSON"}
    )  # "SDF Commander X"
    return None if match is not None and match.cls == lexicon.post and (before_rank or of_body) else full


def titles_before(doc: Parse, start: int, lexicon: Lexicon) -> tuple[int, tuple[int, int, str] | None]:
    """Where the titles before a name begin, and the rank among them (its tokens and full form)."""
    rank: tuple[int, int, str] | None = None
    while start > 0 and not doc[start].is_sent_start:
        stop = doc[start - 1].text == "." and doc[max(0, start - 2)].lower_ not in RETIRED
        if (doc[start - 1].lower_ in RETIRED and not stop) or lexicon.gazetteer.is_title(doc[start - 1].text):
            start -= 1
            continue
        for length in (4, 3, 2, 1):
            first = start - length
            full = rank_at(doc, first, start, lexicon) if first >= 0 else None
            if full and capitalised(doc[first]) and not (first and doc[first - 1].lower_ in NOT_RANKS_AFTER):
                rank = rank or (first, start, full)
                start = first
                break
        else:
            break
    return start, rank


# ------------------------------------------------------------------------------------------------------- other names


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


def identity_links(doc: Parse, names: Names, posts: list[Mention], nominals: list[Mention]) -> Iterator[Link]:
    """Posts that stand right before a name (with or without a comma) or right after it and a comma.

    A post between two names belongs to the one without comma: "X, Minister Y" is about two people.
    """
    by_front = {names.fronts[person.head]: person for person in names.mentions if person.head in names.fronts}
    by_end = {person.end: person for person in names.mentions if person.head in names.fronts}
    post_ends = {post.start: post.end for post in posts}
    titled: set[int] = set()
    holders: set[int] = set()
    for post in posts:
        person = by_front.get(after_blanks(doc, post.end))
        if person is not None:
            titled.add(post.start)
            holders.add(person.head)
            yield person.head, IDENTITY, post.head
    are_posts = set(posts)
    described = [mention for mention in nominals if mention not in are_posts and mention.kind == "nominal"]
    named = [mention for mention in names.mentions if mention.head not in names.fronts and mention.kind == "name"]
    bodies = sorted([*named, *described], key=lambda mention: mention.end)
    starts = {mention.start: mention for mention in bodies}  # the longest of those that start together
    whole = {end_with_bodies(doc, post.end, starts): post for post in reversed(posts)}  # by where it ends
    claimed: set[int] = set()
    for post in posts:
        if post.start in titled:
            continue
        end = end_with_bodies(doc, post.end, starts)
        person = by_front.get(end)
        if person is not None:
            claimed.add(person.head)
            yield person.head, IDENTITY, post.head
            continue
        first = post.start - (post.start > 0 and doc[post.start - 1].lower_ in {"the", "a", "an"})
        person = by_end.get(first - 1) if first and doc[first - 1].text == "," else None
        # "Head of the Delegation, Ambassador X": another post may stand between.
        next_front = post_ends.get(end + 1, end + 1)
        follower = by_front.get(next_front) if end < len(doc) and doc[end].text == "," else None
        listed = (
            person is not None and person.head in holders and follower is not None
        )  # "Mayor X, the head of Y, Z, and"
        if person is not None and person.head not in claimed and not listed:
            claimed.add(person.head)
            yield person.head, IDENTITY, post.head
            continue
        if follower is not None:
            claimed.add(follower.head)
            yield follower.head, IDENTITY, post.head
            other = post_before_and(doc, post, whole)
            if other is not None and other.start not in titled:
                yield follower.head, IDENTITY, other.head


def post_before_and(doc: Parse, post: Mention, posts: Mapping[int, Mention]) -> Mention | None:
    """The post that is joined to a second one: "The Special Representative and | Head of the Mission, X".

    ``posts`` are found by where they end with their bodies.
    """
    if post.start < 2 or doc[post.start - 1].lower_ != "and":
        return None  # with an article of its own the second post is of somebody else
    return posts.get(post.start - 1)


def after_blanks(doc: Parse, i: int) -> int:
    """The first token from here on that is no blank; a new line is none to step over."""
    while i < len(doc) and doc[i].is_space and "\n" not in doc[i].text:
        i += 1
    return i


def end_with_bodies(doc: Parse, end: int, starts: Mapping[int, Mention]) -> int:
    """Where a post ends with the bodies it belongs to: "Chief of the General Staff | of the Serbian Armed Forces".

    A body may own another: "Commander of the Army's 3rd Brigade".
    """
    last = end + LONGEST_POST
    while end < min(len(doc), last):
        if end + 2 < len(doc) and doc[end].text == "(" and doc[end + 2].text == ")":
            end += 3  # "Head of the United Nations Mission | (UNMISS)"
        if end >= len(doc) or doc[end].lower_ not in {"of", "for", "to", "at", "in", "'s", "’s"}:
            break
        found = starts.get(end + 1)
        if found is None and end + 1 < len(doc) and doc[end + 1].lower_ == "the":
            found = starts.get(end + 2)
        if found is None:
            break
        end = found.end
    return end
