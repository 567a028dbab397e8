"""Reads the corpora into documents of sentences, with trees, names or both."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kinds import is_date, refine
from labels import MAPPING, OUTSIDE, PLACE, UNKNOWN, silence
from wordlists import DEMONYMS

Phrase = tuple[int, int, str, str]  # start, end (past the last word), type, chain


@dataclass(frozen=True, slots=True)
class Word:
    form: str
    lemma: str = ""
    upos: str = ""  # empty: the corpus has no tags and trees
    xpos: str = ""
    feats: str = "_"
    head: int = 0  # 1-based within the sentence; 0: root
    relation: str = ""
    name: str = UNKNOWN  # a tag as in labels
    phrase: str = ""  # what noun phrase the word heads, one of PHRASES; empty: not annotated
    chain: str = ""  # the coreference chain of that phrase; empty: none


@dataclass(frozen=True, slots=True)
class Sentence:
    words: list[Word]
    paragraph: bool = False  # a paragraph starts here
    persons: list[tuple[int, int]] = field(default_factory=list)  # name spans that may be replaced, in order
    phrases: tuple[Phrase, ...] = ()  # GUM's noun phrases, as the corpus has them

    @property
    def parsed(self) -> bool:
        return bool(self.words[0].upos)


Documents = list[list[Sentence]]


def conllu(path: Path) -> Documents:
    """The documents of a CoNLL-U file; GUM's `Entity=` names become BIO tags of the words that they cover surely."""
    documents: Documents = []
    words: list[Word] = []
    entities: list[str] = []
    paragraph = True
    for line in path.read_text(encoding="utf8").split("\n"):
        if line.startswith("# newdoc"):
            documents.append([])
        if line.startswith(("# newpar", "# newdoc")):
            paragraph = True
        if line.startswith("#"):
            continue
        if not line:
            if words:
                phrases: tuple[Phrase, ...] = ()
                if "ud_english_gum" in path.parts:
                    phrases = tuple(gum_phrases(entities))
                    words = gum_names(with_phrases(words, phrases), phrases)
                documents[-1].append(Sentence(words, paragraph, persons(words), phrases))
                words, entities, paragraph = [], [], False
            continue
        columns = line.split("\t")
        if not columns[0].isdigit():
            continue
        words.append(Word(columns[1], columns[2], columns[3], columns[4], columns[5], int(columns[6]), columns[7]))
        entities.append(dict(pair.split("=", 1) for pair in columns[9].split("|") if "=" in pair).get("Entity", ""))
    return documents


def persons(words: Sequence[Word]) -> list[tuple[int, int]]:
    return [(start, end) for start, end, kind in spans([word.name for word in words]) if kind == "PERSON"]


def spans(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Start, end (past the last) and type of each name in BIO tags; a stray I- opens a name."""
    found: list[tuple[int, int, str]] = []
    start, kind = 0, ""
    for position, tag in enumerate([*tags, OUTSIDE]):
        if kind and tag != f"I-{kind}":
            found.append((start, position, kind))
            kind = ""
        if not kind and tag[1:2] == "-":
            start, kind = position, tag[2:]
    return found


def tagged(length: int, names: Sequence[tuple[int, int, str]], silence: str) -> list[str]:
    tags = [silence] * length
    for start, end, kind in names:
        for position in range(start, end):
            loose = kind == UNKNOWN or (kind[0] == OUTSIDE and kind[1:2] in ("", "|"))
            tags[position] = kind if loose else ("B-" if position == start else "I-") + kind
    return tags


def gum_phrases(entities: Sequence[str]) -> list[Phrase]:
    """GUM's nested noun phrases in a sentence, in the order of their ends."""
    opened: list[tuple[str, str, int]] = []
    found: list[Phrase] = []
    for position, marks in enumerate(entities):
        for mark in re.findall(r"\([^()]*\)|\([^()]*|[^()]+\)", marks):
            label = mark.strip("()").split("-")
            if mark[0] == "(" and mark[-1] == ")":
                found.append((position, position + 1, label[1], label[0]))
            elif mark[0] == "(":
                opened.append((label[0], label[1], position))
            else:
                for index in range(len(opened) - 1, -1, -1):
                    if opened[index][0] == label[0]:
                        chain, kind, start = opened.pop(index)
                        found.append((start, position + 1, kind, chain))
                        break
    return found


def with_phrases(words: list[Word], phrases: Sequence[Phrase]) -> list[Word]:
    """The words with the noun phrases that they head; where a word heads several, the shortest."""
    result = [replace(word, phrase="none") for word in words]
    for start, end, kind, chain in sorted(phrases, key=lambda phrase: phrase[0] - phrase[1]):
        head = next(i for i in range(start, end) if not start < words[i].head <= end)
        result[head] = replace(result[head], phrase=kind, chain=chain)
    return result


def gum_names(words: list[Word], phrases: Sequence[Phrase]) -> list[Word]:
    """Names from GUM's noun phrases: persons, organisations, places and events whose words are all proper, and dates.

    What is written in lower case is outside or a date; capitalised words that no such phrase covers stay unknown.
    """
    kinds = {"person": "PERSON", "organization": "ORG", "place": PLACE, "event": "EVENT"}
    names: list[tuple[int, int, str]] = []
    tags = [UNKNOWN] * len(words)
    for start, end, kind, _ in sorted(phrases, key=lambda span: span[0] - span[1]):
        if kind == "time" and end - start < 8:
            if words[start].upos in ("DET", "PRON", "ADP"):
                start += 1
            calendar = is_date([word.form for word in words[start:end]])
            if calendar and not any(start < other and first < end for first, other, _ in names):
                names.append((start, end, "DATE"))
        if kind not in kinds:
            continue
        first = start
        while start < end and (words[start].upos in ("DET", "PRON", "NUM") or words[start].relation == "nmod:desc"):
            start += 1
        while end > start and words[end - 1].form in ("'s", "’s", "'", "’"):
            end -= 1
        inner = words[start:end]
        proper = [word.xpos in ("NNP", "NNPS") for word in inner]
        linking = [word.form in ("of", "the", "and", "for", "-", "–", "&", "'", ".", "de") for word in inner]
        if not inner or not (proper[0] and proper[-1]) or not all(map(max, zip(proper, linking, strict=True))):
            continue
        # "The Olmec" are a people.
        if kind == "person" and start > first and words[first].upos == "DET" and words[start - 1].upos == "DET":
            continue
        if kind == "person" and (any(word.form in ("of", "the", "and") for word in inner) or inner[0].upos != "PROPN"):
            continue
        if any(start < other_end and other_start < end for other_start, other_end, _ in names):
            continue
        names.append((start, end, refine(kinds[kind], [word.form for word in inner])))
    tags = tagged(len(words), names, UNKNOWN)
    for position, word in enumerate(words):
        if tags[position] == UNKNOWN:
            if word.form in DEMONYMS:
                tags[position] = "B-NORP"
            elif word.form == word.form.lower() or word.xpos not in ("NNP", "NNPS", "JJ", "NN", "NNS", "CD"):
                tags[position] = f"{OUTSIDE}|DATE"
    return [replace(word, name=tag) for word, tag in zip(words, tags, strict=True)]


def conll(path: Path) -> Iterator[list[tuple[str, str]]]:
    """The sentences of a file of token, tab, tag; the tags are mapped to ours."""
    unmarked = silence(path.parent.name)
    for block in path.read_text(encoding="utf8").split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if line.strip() and not line.startswith("# ")]
        if not rows:
            continue
        forms = [row[0] for row in rows]
        names = [
            (start, end, refine(MAPPING[kind], forms[start:end]))
            for start, end, kind in spans([row[-1] for row in rows])
        ]
        tags = tagged(len(forms), names, unmarked)
        yield list(zip(forms, [sure(form, tag) for form, tag in zip(forms, tags, strict=True)], strict=True))


def sure(form: str, tag: str) -> str:
    """The tag of an unmarked word, narrowed by the word: a demonym is one, and lower case is at most a date."""
    if tag[0] != OUTSIDE:
        return tag
    if form in DEMONYMS:
        return "B-NORP"
    return f"{OUTSIDE}|DATE" if "|DATE" in tag and form.islower() else OUTSIDE if form.islower() else tag


def name_documents(path: Path, size: int) -> Documents:
    """Sentences with names only, `size` consecutive ones to a document."""
    sentences = []
    for rows in conll(path):
        words = with_types_of_names([Word(form, name=tag) for form, tag in rows])
        sentences.append(Sentence(words, False, persons(words)))
    return [sentences[start : start + size] for start in range(0, len(sentences), size)]


TYPE_OF_NAME = {
    "PERSON": "person", "ORG": "organization", "GPE": "place", "LOC": "place", "FAC": "place", "EVENT": "event",
    "DATE": "time",
}  # fmt: skip


def with_types_of_names(words: list[Word]) -> list[Word]:
    """The words with the types of the noun phrases that names head, for corpora that type no other phrases.

    Without a tree the first word heads a person's name, and any other name the word before "of" or the last.
    """
    result = list(words)
    for start, end, kind in spans([word.name for word in words]):
        types = {TYPE_OF_NAME.get(part) for part in kind.split("|")}
        if len(types) != 1 or None in types:
            continue
        if words[0].upos:
            heads = [i for i in range(start, end) if not start < words[i].head <= end]
        elif kind == "PERSON":
            heads = [start]
        else:
            heads = [next((i - 1 for i in range(start + 1, end) if words[i].form in ("of", "for", "in")), end - 1)]
        if len(heads) == 1:
            result[heads[0]] = replace(words[heads[0]], phrase=types.pop() or "")
    return result


def with_names(documents: Documents, path: Path) -> Documents:
    """The documents of the English Web Treebank with the names that Universal NER marks in them."""
    marked: dict[tuple[str, ...], list[str]] = {}
    for rows in conll(path):
        marked[tuple(form for form, _ in rows)] = [tag for _, tag in rows]
    result: Documents = []
    missing = 0
    for document in documents:
        result.append([])
        for sentence in document:
            tags = marked.get(tuple(word.form for word in sentence.words))
            words = sentence.words
            if tags:
                words = [replace(word, name=tag) for word, tag in zip(words, tags, strict=True)]
                words = with_types_of_names(words)
            else:
                missing += 1
            result[-1].append(Sentence(words, sentence.paragraph, persons(words)))
    print(f"{path}: {missing} sentences without names")
    return result


# Words of titles, which re3d counts to the name of a person.
TITLES = frozenset(
    """President Prime Minister Secretary General Gen. Lt. Col. Colonel Major Maj. Captain Capt. Brigadier Admiral Sir
    Mr Mr. Mrs Mrs. Ms Ms. Dr Dr. Ambassador Foreign Defence Defense Deputy Vice Representative High Special Envoy King
    Commander Lord Chief Press Spokesman Spokesperson State Assistant US U.S. UK UN EU Senator Premier Chancellor of
    """.split()  # noqa: SIM905
)


def re3d(path: Path, held_out: set[str]) -> Documents:
    """The defence documents of re3d, cut to proper names; `held_out` are texts not to be trained on."""
    import spacy

    nlp = spacy.blank("en")
    documents: Documents = []
    for line in path.read_text(encoding="utf8").split("\n"):
        if not line.strip():
            continue
        record = json.loads(line)
        text = record["text"]
        if any(text[:200] in other or other[:200] in text for other in held_out):
            print("left out: also an evaluation document:", record["title"])
            continue
        doc = nlp(text)
        forms = [token.text for token in doc]
        unmarked = silence("re3d")
        tags = [unmarked] * len(doc)
        for entity in sorted(record["entities"], key=lambda entity: entity["start"] - entity["end"]):
            span = doc.char_span(entity["start"], entity["end"], alignment_mode="contract")
            if span is None:
                continue
            kind = MAPPING[entity["type"]]
            start, end = span.start, span.end
            if any(tag != unmarked for tag in tags[start:end]):
                continue
            person = kind == "PERSON"
            while start < end and (
                not forms[start][0].isupper()
                or (person and (forms[start] in TITLES or forms[start] in DEMONYMS))
                or forms[start] in ("The", "A", "An", "Members", "We", "He", "She", "They", "It", "I", "Our", "This")
            ):
                start += 1
            if kind == PLACE and "," in forms[start:end]:  # "Palmyra, Syria" is two places
                comma = forms.index(",", start)
                if comma + 1 < end:
                    outer = refine(kind, forms[comma + 1 : end])
                    tags[comma + 1 : end] = tagged(end - comma - 1, [(0, end - comma - 1, outer)], OUTSIDE)
                end = comma
            if kind == "DATE":
                if is_date(forms[start:end]):
                    tags[start:end] = tagged(end - start, [(0, end - start, "DATE")], OUTSIDE)
                else:
                    tags[start:end] = [f"{OUTSIDE}|DATE"] * (end - start)
                continue
            trimmed = end
            while end > start and not (forms[end - 1][0].isupper() or forms[end - 1][0].isdigit()):
                end -= 1
            if start == end or kind == OUTSIDE or all(word == word.lower() for word in forms[start:end]):
                continue
            if person and (
                end < trimmed
                or any(form == form.lower() and form not in ("al", "-", "bin", "de") for form in forms[start:end])
            ):
                kind = UNKNOWN
            if kind != UNKNOWN:
                kind = refine(kind, forms[start:end])
            for position, tag in enumerate(tagged(end - start, [(0, end - start, kind)], OUTSIDE)):
                tags[start + position] = tag
        sentences: list[Sentence] = []
        words: list[Word] = []
        for token, tag in zip(doc, tags, strict=True):
            if token.is_space:
                if "\n" in token.text and words:
                    sentences.append(Sentence(words, False, persons(words)))
                    words = []
                continue
            words.append(Word(token.text, name=sure(token.text, tag)))
            abbreviated = len(words) > 1 and words[-2].form in ("Lt", "Maj", "Col", "Gen", "Brig")
            if (token.text in (".", "?", "!") and not abbreviated) or len(words) > 100:
                sentences.append(Sentence(words, False, persons(words)))
                words = []
        if words:
            sentences.append(Sentence(words, False, persons(words)))
        documents.extend(sentences[start : start + 4] for start in range(0, len(sentences), 4))
    return documents


NAME_CORPORA = {
    "redocred/train": 6,
    "wikigold/train": 6,
    "crossner_politics/train": 1,
    **{
        f"crossner_{domain}/{part}": 1
        for part in ("train", "dev")
        for domain in ("science", "music", "literature", "ai")
    },
}
"""Corpora of names, and how many consecutive sentences make a document. The dev parts named here are not scored."""


FILES = (
    *(f"ud_english_{part}/{name}.conllu" for part in ("ewt", "gum") for name in ("train", "dev", "test")),
    "ner/uner_ewt/train.conll", "ner/uner_ewt/dev.conll", "ner/crossner_politics/dev.conll", "ner/redocred/dev.conll",
    *(f"ner/{name}.conll" for name in NAME_CORPORA),
    "re3d/re3d-shared.jsonl",
)  # fmt: skip


def check(corpora: Path) -> None:
    """Stop if a corpus is missing or is not the one that the shipped model was trained on (corpora.sha256)."""
    known = (Path(__file__).parent / "corpora.sha256").read_text(encoding="utf8").splitlines()
    wrong = []
    for line in known:
        digest, name = line.split("  ")
        path = corpora / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            wrong.append(f"{name} is another version")
    if wrong:
        raise SystemExit(
            f"{corpora}: {'; '.join(wrong)}\nTo mend: get the corpora that training/README.md names, or, to train on "
            "others, write their hashes: (cd CORPORA && sha256sum FILE...) > corpora.sha256"
        )


def training(corpora: Path, held_out: Path | None) -> tuple[Documents, Documents]:
    """Documents with trees, and documents with names only."""
    trees = with_names(conllu(corpora / "ud_english_ewt/train.conllu"), corpora / "ner/uner_ewt/train.conll")
    trees += conllu(corpora / "ud_english_gum/train.conllu")
    texts = set()
    if held_out:
        texts = {json.loads(line)["text"] for line in held_out.read_text(encoding="utf8").split("\n") if line.strip()}
    names = re3d(corpora / "re3d/re3d-shared.jsonl", texts)
    for name, size in NAME_CORPORA.items():
        names += name_documents(corpora / "ner" / f"{name}.conll", size)
    return trees, names
