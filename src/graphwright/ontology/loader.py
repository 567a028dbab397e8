"""Files become an ``Ontology``: read, join, and check with the line of whatever is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rdflib import Graph
from rdflib.collection import Collection
from rdflib.exceptions import ParserError
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import BNode, Literal, Node, URIRef

from graphwright.errors import OntologyError
from graphwright.ontology.checks import check_example, did_you_mean
from graphwright.ontology.data import data_folder
from graphwright.ontology.rules import read_rule
from graphwright.ontology.terms import (
    EVIDENCE,
    GW,
    KINDS,
    LEX,
    Example,
    Ontology,
    OntologyClass,
    Property,
    Rule,
    local,
)

DEFAULT = "https://w3id.org/graphwright/ontology"
"""The IRI to import (owl:imports) in order to extend the default ontology."""

TURTLE = (".ttl", ".turtle")
ABOUT_THE_GRAPH = frozenset(GW + name for name in ("Rule", "Identification", "Link", "Configuration", "contentHash"))
"""Classes, and a property, of what tells of the graph itself and its documents: no text is searched for it."""
RULE = ".rq"

_CLASS_TYPES = {OWL.Class, RDFS.Class}
_PROPERTY_TYPES = {
    RDF.Property,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.SymmetricProperty,
    OWL.AsymmetricProperty,
    OWL.TransitiveProperty,
    OWL.ReflexiveProperty,
    OWL.IrreflexiveProperty,
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
}
_SCHEMA = ("https://schema.org/", "http://schema.org/")
_CLASS_WORDS = ("entityLabel", "noun", "verb", "open", "omittedAfter")
_COMPARISON = ("comparedAs", "sameAbove", "sameWithin")
_ON_CLASSES = {URIRef(LEX + name) for name in (*_CLASS_WORDS, *_COMPARISON)}
_ON_PROPERTIES = {URIRef(LEX + name) for name in ("phrase", "pattern", "synonyms", "auxiliary", "evidence")}


@dataclass(frozen=True, slots=True)
class _File:
    """A Turtle file as read: its text for finding lines, its graph for everything else."""

    path: Path
    text: str
    graph: Graph

    def where(self, subject: Node | str, piece: str = "") -> str:
        return f"{self.path}:{self.line(subject, piece)}"

    def line(self, subject: Node | str, piece: str = "") -> int:
        """The line that holds ``piece`` in the block of ``subject``, as near as the text tells.

        rdflib keeps no lines, so look for the subject at the beginning of a statement, then for the piece after it.
        """
        name = re.escape(local(str(subject)))
        starts = [found.start() for found in re.finditer(rf"^\S*?[:#/]{name}>?(?=[\s;.])", self.text, re.MULTILINE)]
        if not piece:
            return self.text.count("\n", 0, starts[0]) + 1 if starts else 1
        escaped = piece.replace("\\", "\\\\").replace('"', '\\"')
        for form in (f'"{piece}"', f'"{escaped}"', f"'{piece}'", piece):
            for start in [*starts, 0]:
                block = re.compile(r"\.\s*$", re.MULTILINE).search(self.text, start)
                end = block.end() if block and start else len(self.text)
                if (found := self.text.find(form, start, end)) >= 0:
                    return self.text.count("\n", 0, found) + 1
        return self.line(subject)


def load(files: Sequence[str | Path] = ()) -> Ontology:
    """Read and check an ontology.

    Without ``files`` it is the default one. ``files`` are Turtle files (.ttl), rules (.rq), or folders of both; they
    replace the default ontology unless one of them says ``owl:imports <https://w3id.org/graphwright/ontology>``, or
    all of them are rules: then they extend it. The word lists of the language are always loaded, and a file may add to
    them. Raises OntologyError, with file and line, for whatever is broken.

    >>> load().class_named("Delegation").parents[0]
    'http://xmlns.com/foaf/0.1/Group'
    """
    if not files:
        return _default()
    paths = [path for one in files for path in listed(Path(one))]
    own = [read_turtle(path) for path in paths if path.suffix in TURTLE]
    rules = [path for path in paths if path.suffix == RULE]
    _check_imports(own)
    if not own or any(
        str(target).rstrip("#") == DEFAULT for file in own for target in file.graph.objects(None, OWL.imports)
    ):
        base = _default_paths()
        present = {file.path.resolve() for file in own}
        own = [read_turtle(path) for path in base if path.suffix in TURTLE and path.resolve() not in present] + own
        rules = [path for path in base if path.suffix == RULE] + rules
    return _assemble(own, rules)


def _check_imports(files: Sequence[_File]) -> None:
    """Refuse to import what is not given: nothing is fetched, and what is missing would be missed later."""
    given = {DEFAULT, *(str(one).rstrip("#") for file in files for one in file.graph.subjects(RDF.type, OWL.Ontology))}
    for file in files:
        for target in sorted(map(str, file.graph.objects(None, OWL.imports))):
            if target.rstrip("#") not in given:
                raise OntologyError(
                    f"an ontology is imported that is not given: {target[:200]}",
                    file.where(target, target),
                    "give its file as well, for nothing is fetched; or take the line out",
                )


@cache
def _default() -> Ontology:
    paths = _default_paths()
    return _assemble(
        [read_turtle(path) for path in paths if path.suffix in TURTLE], [path for path in paths if path.suffix == RULE]
    )


def _default_paths() -> list[Path]:
    folder = data_folder()
    turtle = [folder / name for name in ("graphwright.ttl", "phrases.ttl", "shapes.ttl") if (folder / name).is_file()]
    return [*turtle, *sorted((folder / "rules").glob(f"*{RULE}"))]


def listed(path: Path) -> list[Path]:
    """The files of an ontology at a path: itself, or those in the folder. Raises OntologyError where there is none."""
    if path.is_dir():
        found = sorted(one for one in path.rglob("*") if one.suffix in (*TURTLE, RULE))
        if not found:
            raise OntologyError(
                "the folder holds no ontology", str(path), "put a Turtle file (.ttl) or a rule (.rq) there"
            )
        return found
    if not path.is_file():
        raise OntologyError("there is no such ontology file", str(path), "check the path")
    if path.suffix not in (*TURTLE, RULE):
        raise OntologyError(
            f"an ontology cannot be read from a {path.suffix or 'nameless'} file",
            str(path),
            "give Turtle (.ttl) or a SPARQL rule (.rq)",
        )
    return [path]


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise OntologyError("the file is not UTF-8", f"{path}:{line}", "save it as UTF-8") from error
    except OSError as error:
        raise OntologyError(
            f"the file cannot be read: {error.strerror}", str(path), "check the path and its rights"
        ) from error


def read_turtle(path: Path) -> _File:
    """Read a Turtle file. Raises OntologyError, with the line, where it is broken."""
    text = _text(path)
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=text, format="turtle", publicID=path.resolve().as_uri())
    except BadSyntax as error:
        why = re.sub(r"\s+", " ", str(getattr(error, "_why", error)))
        line = min(error.lines + 1, len(text.splitlines()) or 1)  # at the end of a file rdflib counts too far
        raise OntologyError(
            f"broken Turtle: {why}", f"{path}:{line}", "mend the statement there or just before"
        ) from error
    except RecursionError:
        what = "brackets are nested too deeply in one another"
        raise OntologyError(f"broken Turtle: {what}", f"{path}:1", "give the nodes names") from None
    except (ParserError, ValueError, AssertionError, LookupError, TypeError, AttributeError) as error:
        # The parser trips over some texts instead of refusing them.
        what = "a statement or a quoted text does not end, or has a part too many or too few"
        told = str(error) if isinstance(error, ParserError | ValueError) else what
        raise OntologyError(f"broken Turtle: {told}", f"{path}:1", "mend the file") from error
    iris = {str(term) for triple in graph for term in triple if isinstance(term, URIRef)}
    wrong = sorted(iri for iri in iris if _NO_IRI.search(iri))
    if wrong:  # rdflib takes them, and no other program would
        line = text.count("\n", 0, max(text.find(wrong[0].rpartition("/")[2]), 0)) + 1
        what = f"<{wrong[0][:200]}> is no IRI"
        raise OntologyError(f"broken Turtle: {what}", f"{path}:{line}", "write a blank as %20, a quotation mark as %22")
    return _File(path, text, graph)


_NO_IRI = re.compile(r"""[<>"{}|\\^`\x00-\x20]""")
"""A character that no IRI has: Turtle, section 6.5."""


def _assemble(files: Sequence[_File], rule_paths: Sequence[Path]) -> Ontology:
    """Join the files, and check what only shows when they are joined."""
    folder = data_folder()
    vocabulary = read_turtle(folder / "lex.ttl")
    language = [vocabulary, read_turtle(folder / "english.ttl")]
    whole = Graph(bind_namespaces="none")
    for number, file in enumerate(files):
        for triple in with_steady_nodes(file.graph, f"ontology{number}b"):
            whole.add(triple)
    _check_annotations(files, vocabulary)

    parents = parents_in(whole)
    _check_cycles(files, parents)
    ancestors = ancestors_in(whole, parents)
    about_statements = {cls for cls, above in ancestors.items() if str(RDF.Statement) in above} | ABOUT_THE_GRAPH
    class_iris = _class_iris(whole)
    property_iris = properties_in(whole)
    for file in files:
        _check_subjects(file, class_iris, property_iris)

    _check_identity(files)
    classes = {iri: _class(whole, iri, parents) for iri in sorted(class_iris - about_statements)}
    properties = {}
    for iri in sorted(property_iris):
        described = _property(whole, iri, files)
        about = [set(ends) <= about_statements for ends in (described.domain, described.range) if ends]
        if not any(about) and iri not in ABOUT_THE_GRAPH:
            properties[iri] = described
    rules, used = _rules(rule_paths)
    ontology = Ontology(
        classes=classes,
        properties=_inherited(properties),
        rules=tuple(rules),
        words=_words([*language, *files]),
        prefixes=_prefixes([vocabulary, *files]),
        triples=tuple(sorted(whole, key=lambda triple: tuple(map(_sort_key, triple)))),
        ancestors=ancestors,
        by_name=_names(classes),
    )
    for described in ontology.properties.values():
        for kind, examples in (("phrase", described.phrases), ("pattern", described.patterns)):
            for example in examples:
                check_example(kind, example, described, ontology)
    _check_rules(rules, used, {*class_iris, *property_iris})
    return ontology


def with_steady_nodes(graph: Graph, prefix: str) -> list[tuple[Node, Node, Node]]:
    """The triples with blank nodes named alike on every run: rdflib's names are random up to a running number."""
    nodes = {term for triple in graph for term in triple if isinstance(term, BNode)}
    steady: dict[Node, Node] = {
        node: BNode(f"{prefix}{number}")
        for number, node in enumerate(sorted(nodes, key=lambda node: (len(node), node)), start=1)
    }
    return [(steady.get(s, s), steady.get(p, p), steady.get(o, o)) for s, p, o in graph]


def _sort_key(term: Node) -> tuple[int, str]:
    return (0 if isinstance(term, URIRef) else 1 if isinstance(term, BNode) else 2, str(term))


# ---- classes ----


def _class_iris(graph: Graph) -> set[str]:
    found = {one for kind in _CLASS_TYPES for one in graph.subjects(RDF.type, kind)}
    found |= set(graph.subjects(RDFS.subClassOf, None))
    return {str(one) for one in found if isinstance(one, URIRef)}


def parents_in(graph: Graph) -> dict[str, tuple[str, ...]]:
    """Every class that has direct superclasses, with their sorted IRIs."""
    pairs: dict[str, set[str]] = {}
    for lower, upper in graph.subject_objects(RDFS.subClassOf):
        if isinstance(lower, URIRef) and isinstance(upper, URIRef) and lower != upper:
            pairs.setdefault(str(lower), set()).add(str(upper))
    return {cls: tuple(sorted(above)) for cls, above in pairs.items()}


def _check_cycles(files: Sequence[_File], parents: Mapping[str, tuple[str, ...]]) -> None:
    done: set[str] = set()
    for start in sorted(parents):
        # Not by recursion: a hierarchy may be deeper than the stack.
        path = {start: iter(parents[start])}
        while path:
            last, above = next(reversed(path.items()))
            cls = next(above, None)
            if cls is None:
                done.add(last)
                del path[last]
            elif cls in path:
                ring = list(path)
                _refuse_cycle(files, [*ring[ring.index(cls) :], cls])
            elif cls not in done:
                path[cls] = iter(parents.get(cls, ()))


def _refuse_cycle(files: Sequence[_File], ring: Sequence[str]) -> None:
    for file in files:
        if (URIRef(ring[-2]), RDFS.subClassOf, URIRef(ring[-1])) in file.graph:
            raise OntologyError(
                f"a cycle of rdfs:subClassOf: {' < '.join(local(one) for one in ring)}",
                file.where(ring[-2]),
                "take one of the links out; two names for one class are owl:equivalentClass",
            )


def ancestors_in(graph: Graph, parents: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Every class with itself and all above it; equivalent classes are above one another."""
    up: dict[str, set[str]] = {cls: set(above) for cls, above in parents.items()}
    for one, other in graph.subject_objects(OWL.equivalentClass):
        if isinstance(one, URIRef) and isinstance(other, URIRef):
            up.setdefault(str(one), set()).add(str(other))
            up.setdefault(str(other), set()).add(str(one))
    closure = {}
    for cls in {*up, *(upper for above in up.values() for upper in above), *_class_iris(graph)}:
        seen = {cls}
        todo = [cls]
        while todo:
            new = up.get(todo.pop(), set()) - seen
            seen |= new
            todo += new
        closure[cls] = frozenset(seen)
    return dict(sorted(closure.items()))


def _class(graph: Graph, iri: str, parents: Mapping[str, tuple[str, ...]]) -> OntologyClass:
    return OntologyClass(
        iri=iri,
        label=label_of(graph, iri),
        comment=_text_of(graph, iri, RDFS.comment),
        parents=parents.get(iri, ()),
        entity_labels=_texts(graph, iri, "entityLabel"),
        nouns=_texts(graph, iri, "noun"),
        verbs=_texts(graph, iri, "verb"),
        open=_flag(graph, iri, "open"),
        named=_flag(graph, iri, "named"),
        omitted_after=_texts(graph, iri, "omittedAfter"),
        compared_as=next(iter(_texts(graph, iri, "comparedAs")), ""),
        same_above=next((float(text) for text in _texts(graph, iri, "sameAbove")), None),
        same_within=next((int(text) for text in _texts(graph, iri, "sameWithin")), None),
    )


def _names(classes: Mapping[str, OntologyClass]) -> dict[str, str]:
    names: dict[str, str] = {}
    for cls in sorted(classes.values(), key=lambda one: (not one.iri.startswith(GW), one.iri)):
        names.setdefault(local(cls.iri), cls.iri)
    for cls in sorted(classes.values(), key=lambda one: (not one.iri.startswith(GW), one.iri)):
        for name in (local(cls.iri).lower(), cls.label.lower()):
            names.setdefault(name, cls.iri)
    return names


# ---- properties ----


def properties_in(graph: Graph) -> set[str]:
    """The IRIs of all that is a property by its type or by an axiom."""
    found = {one for kind in _PROPERTY_TYPES for one in graph.subjects(RDF.type, kind)}
    for predicate in (RDFS.domain, RDFS.range, RDFS.subPropertyOf):  # RDFS: whoever has one of these is a property
        found |= set(graph.subjects(predicate, None))
    return {str(one) for one in found if isinstance(one, URIRef)}


def _property(graph: Graph, iri: str, files: Sequence[_File]) -> Property:
    subject = URIRef(iri)
    types = set(graph.objects(subject, RDF.type))
    range_ = alternatives(graph, subject, RDFS.range, "rangeIncludes")
    return Property(
        iri=iri,
        label=label_of(graph, iri),
        comment=_text_of(graph, iri, RDFS.comment),
        domain=alternatives(graph, subject, RDFS.domain, "domainIncludes"),
        range=range_,
        literal=OWL.DatatypeProperty in types or (bool(range_) and all(is_datatype(graph, one) for one in range_)),
        symmetric=OWL.SymmetricProperty in types,
        auxiliary=_flag(graph, iri, "auxiliary"),
        parents=tuple(sorted(str(o) for o in graph.objects(subject, RDFS.subPropertyOf) if isinstance(o, URIRef))),
        phrases=_examples(files, subject, "phrase"),
        patterns=_examples(files, subject, "pattern"),
        synonyms=_synonyms(files, subject),
        state=_flag(graph, iri, "state"),
        evidence=next(iter(_texts(graph, iri, "evidence")), ""),
    )


def alternatives(graph: Graph, subject: URIRef, predicate: URIRef, includes: str) -> tuple[str, ...]:
    """The classes of a domain or range in the order written; several statements are read as alternatives."""
    found: list[str] = []
    for target in sorted(graph.objects(subject, predicate), key=_sort_key):
        for union in graph.objects(target, OWL.unionOf):
            found += [str(one) for one in Collection(graph, union) if isinstance(one, URIRef)]
        if isinstance(target, URIRef):
            found.append(str(target))
    narrower = sorted(str(one) for base in _SCHEMA for one in graph.objects(subject, URIRef(base + includes)))
    if narrower:
        found = [one for one in found if one != str(RDFS.Literal)] + narrower
    anything = {str(OWL.Thing), str(RDFS.Resource)}
    return () if anything & set(found) else tuple(dict.fromkeys(found))


def is_datatype(graph: Graph, iri: str) -> bool:
    """Whether an IRI is that of a datatype rather than a class."""
    return (
        iri.startswith(str(XSD))
        or iri in (str(RDFS.Literal), str(RDF.langString), str(RDF.HTML), str(RDF.XMLLiteral))
        or (URIRef(iri), RDF.type, RDFS.Datatype) in graph
    )


def _inherited(properties: Mapping[str, Property]) -> dict[str, Property]:
    """Give a property without domain or range that of its nearest parent, as RDFS concludes."""

    def nearest(iri: str, side: str, seen: frozenset[str]) -> tuple[str, ...]:
        own: tuple[str, ...] = getattr(properties[iri], side)
        if own:
            return own
        for parent in properties[iri].parents:
            if parent in properties and parent not in seen and (found := nearest(parent, side, seen | {parent})):
                return found
        return ()

    result = {}
    for iri, one in properties.items():
        domain, range_ = nearest(iri, "domain", frozenset({iri})), nearest(iri, "range", frozenset({iri}))
        result[iri] = replace(one, domain=domain, range=range_)
    return result


def _examples(files: Sequence[_File], subject: URIRef, name: str) -> tuple[Example, ...]:
    found: dict[str, Example] = {}
    for file in files:
        texts = {str(text) for text in file.graph.objects(subject, URIRef(LEX + name))}
        here = [Example(text, str(file.path), file.line(subject, text)) for text in texts]
        for example in sorted(here, key=lambda example: (example.line, file.text.find(example.text), example.text)):
            found.setdefault(example.text, example)
    return tuple(found.values())


def _synonyms(files: Sequence[_File], subject: URIRef) -> tuple[frozenset[str], ...]:
    sets = []
    for file in files:
        for text in file.graph.objects(subject, URIRef(LEX + "synonyms")):
            words = frozenset(word.strip() for word in str(text).split(",") if word.strip())
            if len(words) < 2:
                raise OntologyError(
                    f"lex:synonyms of {local(subject)} needs two words or more, not {str(text)!r}",
                    file.where(subject, str(text)),
                    'write them in one literal with commas: lex:synonyms "lead, head, command"',
                )
            sets.append(words)
    return tuple(sorted(sets, key=sorted))


# ---- rules and words ----


def _rules(paths: Iterable[Path]) -> tuple[list[Rule], dict[str, frozenset[str]]]:
    rules: dict[str, Rule] = {}
    used: dict[str, frozenset[str]] = {}
    for path in paths:
        rule, terms = read_rule(path, _text(path))
        if rule.name in rules:
            raise OntologyError(
                f"two rules are named {rule.name!r}", f"{path} and {rules[rule.name].file}", "rename one of the files"
            )
        rules[rule.name], used[rule.name] = rule, terms
    return [rules[name] for name in sorted(rules)], used


def _check_rules(rules: Iterable[Rule], used: Mapping[str, frozenset[str]], known: set[str]) -> None:
    spaces = {iri[: -len(local(iri))] for iri in known} | {GW}
    for rule in rules:
        for term in sorted(used[rule.name] - known):
            if term[: -len(local(term))] in spaces:
                text = _text(Path(rule.file))
                found = re.search(rf"[:#/]{re.escape(local(term))}\b", text)
                line = text.count("\n", 0, found.start()) + 1 if found else rule.line
                raise OntologyError(
                    f"unknown term {local(term)!r} in the rule {rule.name!r}",
                    f"{rule.file}:{line}",
                    did_you_mean(local(term), {local(one) for one in known}) or "declare it in the ontology",
                )


def _words(files: Iterable[_File]) -> dict[str, frozenset[str]]:
    lists: dict[str, set[str]] = {}
    for file in files:
        for subject in file.graph.subjects(RDF.type, URIRef(LEX + "WordList")):
            lists.setdefault(local(str(subject)), set())
        for subject, word in file.graph.subject_objects(URIRef(LEX + "word")):
            name = local(str(subject))
            if name not in lists:
                raise OntologyError(
                    f"unknown word list {name!r}",
                    file.where(subject),
                    did_you_mean(name, set(lists)) or f"declare it: lex:{name} a lex:WordList",
                )
            lists[name].add(str(word))
    return {name: frozenset(lists[name]) for name in sorted(lists)}


def _prefixes(files: Iterable[_File]) -> dict[str, str]:
    prefixes = {"gw": GW, "lex": LEX, "rdf": str(RDF), "rdfs": str(RDFS), "xsd": str(XSD), "owl": str(OWL)}
    for file in files:
        for prefix, namespace in file.graph.namespaces():
            if prefix != "xml":
                prefixes.setdefault(prefix, str(namespace))
    return dict(sorted(prefixes.items()))


# ---- checks of single files ----


def _check_annotations(files: Iterable[_File], vocabulary: _File) -> None:
    """Refuse a term of the lex: namespace that the vocabulary does not know."""
    known = {str(term) for term in vocabulary.graph.subjects() if str(term).startswith(LEX)}
    for file in files:
        for subject, predicate, object_ in sorted(file.graph, key=lambda triple: tuple(map(_sort_key, triple))):
            for term in (predicate, object_ if predicate == RDF.type else predicate):
                if str(term).startswith(LEX) and str(term) not in known:
                    name = local(str(term))
                    raise OntologyError(
                        f"unknown annotation lex:{name}",
                        file.where(subject, f"lex:{name}"),
                        did_you_mean(name, {local(one) for one in known}, prefix="lex:") or "take it out",
                    )


def _check_subjects(file: _File, classes: set[str], properties: set[str]) -> None:
    """Refuse annotations of classes on anything but classes, and of properties on anything but properties."""
    for terms, known, kind, declare in (
        (_ON_CLASSES, classes, "class", "a owl:Class"),
        (_ON_PROPERTIES, properties, "property", "a owl:ObjectProperty"),
    ):
        for predicate in sorted(terms):
            for subject, text in sorted(file.graph.subject_objects(predicate), key=lambda pair: str(pair[1])):
                if str(subject) not in known:
                    name = local(str(subject))
                    names = {local(one) for one in known}
                    raise OntologyError(
                        f"lex:{local(predicate)} stands on {name}, which is no known {kind}",
                        file.where(subject, str(text)),
                        did_you_mean(name, names)
                        or f"declare it ({name} {declare}), or move the annotation to a {kind}",
                    )


def _check_identity(files: Iterable[_File]) -> None:
    """Refuse values that say nothing about how things are compared."""

    def share(text: str) -> bool:
        return re.fullmatch(r"0?\.\d+|1(\.0*)?", text) is not None and float(text) > 0

    for name, fits, mend in (
        ("comparedAs", KINDS.__contains__, f"write one of: {', '.join(KINDS)}"),
        ("evidence", EVIDENCE.__contains__, f"write one of: {', '.join(EVIDENCE)}"),
        ("sameAbove", share, "write a number above 0 and up to 1, as 0.92"),
        ("sameWithin", str.isdecimal, "write a whole number of days, as 200"),
    ):
        for file in files:
            for subject, value in sorted(file.graph.subject_objects(URIRef(LEX + name)), key=str):
                if not fits(str(value)):
                    what = f"lex:{name} of {local(str(subject))} cannot be {str(value)!r}"
                    raise OntologyError(what, file.where(subject, str(value)), mend)


# ---- literals ----


def label_of(graph: Graph, iri: str) -> str:
    """The English rdfs:label of a term, else its local name in words."""
    return _text_of(graph, iri, RDFS.label) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", local(iri)).lower()


def _text_of(graph: Graph, iri: str, predicate: URIRef) -> str:
    """The English literal, else one without language, else the first."""
    literals = [one for one in graph.objects(URIRef(iri), predicate) if isinstance(one, Literal)]
    best = min(
        literals, key=lambda one: (not (one.language or "").startswith("en"), bool(one.language), str(one)), default=""
    )
    return str(best)


def _texts(graph: Graph, iri: str, name: str) -> tuple[str, ...]:
    return tuple(sorted({str(one).strip() for one in graph.objects(URIRef(iri), URIRef(LEX + name))}))


def _flag(graph: Graph, iri: str, name: str) -> bool:
    return any(str(one).lower() in ("true", "1") for one in graph.objects(URIRef(iri), URIRef(LEX + name)))
