"""People: their names, and the ranks and posts before these."""

from __future__ import annotations

from collections.abc import Iterator

from graphwright.language.parse import Parse, Stretch
from graphwright.language.windows import dateline_end
from graphwright.mentions.labels import (
    LINKING,
    LONGEST_NAME,
    POSSESSIVES,
    common_labels,
    is_entered,
    is_place,
    label_of,
    root_of,
    thing_before,
)
from graphwright.mentions.lexicon import Lexicon, capitalised, text_of
from graphwright.mentions.model import PERSON_LABEL, RANK, Link, Mention
from graphwright.model import Value

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
DASHES = frozenset({"-", "–", "—"})
SERVICES = frozenset({"army", "navy", "air", "marine"})
NICKNAME = 4  # tokens at most, between quotation marks inside a name
STRING = "http://www.w3.org/2001/XMLSchema#string"
GENERATIONS = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"})
"""What tells fathers and sons of one name apart, after it."""
RETIRED = frozenset({"(", ")", ".", "ret", "ret.", "retd", "retd.", "rtd"})


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
