"""Coreference: which mentions of a document speak of the same thing.

Rules in the order of their precision, after the multi-pass sieve of Lee et al. 2013, "Deterministic coreference
resolution based on entity-centric, precision-ranked rules", Computational Linguistics 39(4): identity in a gazetteer,
equal names, parts of people's names, acronyms, definite descriptions of the same kind, groups, pronouns. Pronouns, and
what "this" points back at, also heed the chains that the language model finds (`doc.spans["coref_clusters_…"]`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from graphwright.language.parse import Parse
from graphwright.mentions.aliases import Aliases
from graphwright.mentions.descriptions import Descriptions
from graphwright.mentions.discourse import CoreferenceChain, Discourse
from graphwright.mentions.groups import Groups
from graphwright.mentions.lexicon import Lexicon
from graphwright.mentions.model import Mention, Mentions
from graphwright.mentions.pronouns import GENDERS, Pronouns

PLURAL_PRONOUNS = frozenset({"they", "them", "their", "both"})
OWN_PRONOUNS = frozenset({"we", "us", "our"})


def find_chains(
    doc: Parse,
    mentions: Mentions,
    lexicon: Lexicon,
    quoted: Mapping[int, int] = MappingProxyType({}),
    issuer: str = "",
) -> dict[Mention, tuple[CoreferenceChain, ...]]:
    """The chains of each mention: one, several for a group ("the two ministers"), or none where it stays unclear.

    ``quoted`` gives for each token inside a quotation the token that names its speaker, whom "I" stands for;
    ``issuer`` is the gazetteer's key of the country or body that issued the document, whom "we" may stand for.
    """
    known = Discourse(doc, mentions, lexicon, quoted, issuer)
    aliases, descriptions, groups, pronouns = Aliases(known), Descriptions(known), Groups(known), Pronouns(known)
    several, unnamed = [], []
    for mention in mentions.all:
        if mention.kind == "pronoun":
            unnamed.append(mention)
        elif not mention.cls:
            continue
        elif mention.kind == "nominal" and groups.is_group(mention):
            several.append(mention)
        elif mention.kind == "name":
            chain = aliases.named(mention) or known.new(mention)
            aliases.learn(mention, chain)
            known.put(mention, chain)
        else:
            before = descriptions.described(mention) if mention.kind == "nominal" else None
            chain = before or known.new(mention)
            descriptions.learn(mention, chain)
            known.put(mention, chain)
    descriptions.unify_appositions()
    descriptions.unify_events()
    descriptions.unify_posts()
    descriptions.find_holders()
    for mention in several:
        members = groups.members(mention)
        known.put(mention, *(members or (descriptions.described(mention) or known.new(mention),)))
    for mention in unnamed:
        if mention.name in PLURAL_PRONOUNS:
            known.put(mention, *groups.pronoun(mention))
            continue
        found = pronouns.voice(mention) if mention.name in OWN_PRONOUNS else pronouns.antecedent(mention)
        if found is not None:
            known.put(mention, found)
            found.gender = found.gender or GENDERS.get(mention.name, "")
    return {mention: tuple(dict.fromkeys(chain.resolved() for chain in chains)) for mention, chains in known.of.items()}
