"""From Universal Dependencies to the labels of ClearNLP, as far as textacy's triples look at them.

The other way round is `graphwright.language.bridge`. Here only subjects, objects, agents, auxiliaries, negation and
names are of interest; all other words keep their heads and labels.
"""

from __future__ import annotations

from spacy.tokens import Doc

LABELS = {
    "obj": "dobj", "iobj": "dative", "nsubj:pass": "nsubjpass", "csubj:pass": "csubjpass", "aux:pass": "auxpass",
    "flat": "compound", "compound:prt": "prt", "acl:relcl": "relcl", "nmod:poss": "poss", "nsubj:outer": "nsubj",
}  # fmt: skip
NEGATIONS = {"not", "n't", "n’t", "never"}


def cleared(doc: Doc) -> Doc:
    """The document with ClearNLP's labels; the preposition of an agent heads it, as "by" does there."""
    heads = [token.head.i for token in doc]
    labels = [LABELS.get(token.dep_, token.dep_) for token in doc]
    for token in doc:
        if token.dep_ == "advmod" and token.lower_ in NEGATIONS:
            labels[token.i] = "neg"
        elif token.dep_ == "xcomp" and token.pos_ == "ADJ":
            labels[token.i] = "acomp"
        elif token.dep_ == "obl:agent":
            by = next((child for child in token.children if child.dep_ == "case"), None)
            if by is not None:
                heads[by.i], labels[by.i] = token.head.i, "agent"
                heads[token.i], labels[token.i] = by.i, "pobj"
    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=[token.tag_ for token in doc],
        pos=[token.pos_ for token in doc],
        lemmas=[token.lemma_ for token in doc],
        heads=heads,
        deps=labels,
    )
