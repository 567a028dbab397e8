"""textacy's triples of parsed documents; run with the Python that has textacy.

Usage: python textacy_triples.py PARSED.spacy     (a DocBin; prints JSON)
"""

import json
import sys
import time
from importlib.metadata import version

import spacy
from spacy.tokens import DocBin
from textacy.extract import subject_verb_object_triples


def words(tokens):
    """The words as they stand in the text, gaps left out."""
    return " ".join(token.text for token in tokens)


docs = list(DocBin().from_disk(sys.argv[1]).get_docs(spacy.blank("en").vocab))
list(subject_verb_object_triples(docs[0]))
start = time.process_time()
found = [list(subject_verb_object_triples(doc)) for doc in docs]
seconds = time.process_time() - start
triples = [
    [number, " ".join(one.verb[0].sent.text.split()), words(one.subject), words(one.verb), words(one.object)]
    for number, of_doc in enumerate(found)
    for one in of_doc
]
print(json.dumps({"version": version("textacy"), "seconds": seconds, "triples": triples}))
