"""Facts: what the default ontology finds in real sentences, read by the embedded model.

A row is a sentence and what it says of some properties: no more, and no less. A fact that is not asserted carries why.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwright.model import Value

DATE = "2016-06-16"  # a Thursday

RECEIVED = ("Tibor Kallas", "received", "Ana Kos")
VISITED = ("Mia Rand", "visited", "Riga")
SIGNED = ("Latvia", "signed", "agreement")
MET = ("Mia Rand", "metWith", "Olev Saar")


def about(facts: set[tuple[str, ...]], properties: str) -> set[tuple[str, ...]]:
    """The facts of some properties."""
    return {fact for fact in facts if fact[1] in properties.split()}


# -------------------------------------------------------------------------------------------------- guises of one fact


@pytest.mark.parametrize(
    "text",
    [
        "General Tibor Kallas received Colonel Ana Kos.",
        "Colonel Ana Kos was received by General Tibor Kallas.",
        "General Tibor Kallas, who received Colonel Ana Kos, spoke of trust.",
        "Colonel Ana Kos, who was received by General Tibor Kallas, spoke of trust.",
        "Colonel Ana Kos, whom General Tibor Kallas received, spoke of trust.",
        "General Tibor Kallas spoke of trust and received Colonel Ana Kos.",
        "Colonel Ana Kos spoke of trust and was received by General Tibor Kallas.",
        "The host, General Tibor Kallas, received his guest, Colonel Ana Kos.",
        "Colonel Ana Kos arrived on Monday. General Tibor Kallas received Colonel Kos.",
    ],
)
def test_receiving_in_every_guise(text: str, facts_of: Any) -> None:
    assert about(facts_of(text, DATE), "received metWith") == {RECEIVED}


@pytest.mark.parametrize(
    "text",
    [
        "Colonel Ana Kos led the delegation of Latvia.",
        "The delegation of Latvia was led by Colonel Ana Kos.",
        "The delegation of Latvia, headed by Colonel Ana Kos, spoke of trust.",
        "The delegation of Latvia, which was headed by Colonel Ana Kos, spoke of trust.",
        "Colonel Ana Kos, who heads the delegation of Latvia, spoke of trust.",
        "Colonel Ana Kos, head of the delegation of Latvia, spoke of trust.",
        "The head of the delegation of Latvia is Colonel Ana Kos.",
        "The head of the delegation of Latvia, Colonel Ana Kos, spoke of trust.",
        "Colonel Ana Kos spoke of trust and led the delegation of Latvia.",
        "The Latvian delegation is headed by Colonel Ana Kos.",
        "Colonel Ana Kos heads Latvia's delegation.",
    ],
)
def test_leading_in_every_guise(text: str, facts_of: Any) -> None:
    (leads,) = about(facts_of(text), "leads")
    (whose,) = about(facts_of(text), "delegationOf")
    assert leads[0] == "Ana Kos"
    assert leads[2] == whose[0]
    assert whose[2] == "Latvia"


@pytest.mark.parametrize(
    "text",
    [
        "Mia Rand visited Riga.",
        "Mia Rand paid a visit to Riga.",
        "Mia Rand made an official visit to Riga.",
        "Mia Rand's visit to Riga ended.",
        "Mia Rand travelled to Riga.",
        "Mia Rand arrived in Riga.",
        "After visiting Riga, Mia Rand spoke of trust.",
        "Mia Rand, who visited Riga, spoke of trust.",
        "Mia Rand and Olev Saar visited Riga.",
        "During her visit to Riga, Mia Rand spoke of trust.",
    ],
)
def test_visiting_in_every_guise(text: str, facts_of: Any) -> None:
    assert VISITED in facts_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Mia Rand met Olev Saar in Riga on 14 June.",
        "Mia Rand met with Olev Saar in Riga on 14 June.",
        "Mia Rand and Olev Saar met in Riga on 14 June.",
        "Mia Rand held talks with Olev Saar in Riga on 14 June.",
        "Talks between Mia Rand and Olev Saar were held in Riga on 14 June.",
        "A meeting between Mia Rand and Olev Saar took place in Riga on 14 June.",
    ],
)
def test_meeting_in_every_guise(text: str, facts_of: Any) -> None:
    """An event has place, date and participants even where only a verb tells of it."""
    found = facts_of(text, DATE)
    assert MET in found
    assert {fact[1:] for fact in about(found, "heldIn heldOn hasParticipant")} == {
        ("heldIn", "Riga"),
        ("heldOn", "2016-06-14"),
        ("hasParticipant", "Mia Rand"),
        ("hasParticipant", "Olev Saar"),
    }


# ------------------------------------------------------------------------------------------------------- the vocabulary

SAID = [
    ("General Tibor Kallas spoke.", "hasRank", {("Tibor Kallas", "hasRank", "General")}),
    ("Foreign Minister Mia Rand spoke.", "holdsPosition", {("Mia Rand", "holdsPosition", "Foreign Minister")}),
    ("Mia Rand is the Defence Minister of Latvia.", "worksFor", {("Mia Rand", "worksFor", "Latvia")}),
    (
        "Mia Rand, the commander of the Estonian Navy, spoke.",
        "holdsPosition leads worksFor",
        {
            ("Mia Rand", "holdsPosition", "commander"),
            ("Mia Rand", "leads", "Estonian Navy"),
            ("Mia Rand", "worksFor", "Estonian Navy"),
        },
    ),
    (
        "A mosque in Gao, in the north-east of Mali, burnt.",
        "locatedIn",
        {("Gao", "locatedIn", "Mali"), ("mosque", "locatedIn", "Gao")},
    ),
    ("Mia Rand flew to northern Mali.", "visited", {("Mia Rand", "visited", "Mali")}),
    ("Mia Rand visited towns in Mali, including Gao.", "locatedIn", {("Gao", "locatedIn", "Mali")}),
    (
        "Mia Rand presided over the conference.",
        "hostedBy hasParticipant",
        {("conference", "hostedBy", "Mia Rand"), ("conference", "hasParticipant", "Mia Rand")},
    ),
    (
        "Mia Rand joined Olev Saar in Riga for talks on tuna.",
        "hasParticipant",
        {("talks", "hasParticipant", "Mia Rand"), ("talks", "hasParticipant", "Olev Saar")},
    ),
    (
        "The Secretary-General of NATO, Mia Rand, spoke.",
        "leads",
        {("Mia Rand", "leads", "North Atlantic Treaty Organization")},
    ),
    ("Peru's armed forces struck an oil depot in Chad.", "attacked", {("armed forces", "attacked", "oil depot")}),
    (
        "Peruvian commandos wrapped up the exercise Condor at the Lima Training Area.",
        "heldIn",
        {("Condor", "heldIn", "Lima Training Area")},
    ),
    ("Mia Rand visited the National Museum.", "visited", {("Mia Rand", "visited", "National Museum")}),
    ("Troops will join KFOR. The battalion is based in Cyprus.", "basedIn", {("battalion", "basedIn", "Cyprus")}),
    (
        "The Head of the EU Delegation, Ambassador Mia Rand, spoke.",
        "holdsPosition leads",
        {
            ("Mia Rand", "holdsPosition", "Head"),
            ("Mia Rand", "holdsPosition", "Ambassador"),
            ("Mia Rand", "leads", "EU Delegation"),
        },
    ),
    (
        "The Defense Ministers of Argentina and Chile, Pablo Ferreyra and Camila Soto, presided.",
        "worksFor",
        {("Pablo Ferreyra", "worksFor", "Argentina"), ("Camila Soto", "worksFor", "Chile")},
    ),
    (
        "Peru's ambassador to NATO, Mia Rand, spoke.",
        "worksFor represents",
        {("Mia Rand", "worksFor", "Peru"), ("Mia Rand", "represents", "Peru")},
    ),
    ("The talks have resumed in Riga.", "heldIn", {("talks", "heldIn", "Riga")}),
    ("Mia Rand returned from a visit to Chad.", "visited", {("Mia Rand", "visited", "Chad")}),
    ("The Niger Delta is calm.", "locatedIn", set()),
    ("The king received the credentials in Riga on 3 May 2016.", "heldIn heldOn", set()),
    ("In Riga, the king received Mia Rand.", "heldIn", {("meeting", "heldIn", "Riga")}),
    ("Minister for the Middle East Tobias Kos spoke.", "holdsPosition", {("Tobias Kos", "holdsPosition", "Minister")}),
    ("Nordsek Systems, headquartered in Tartu, will close.", "basedIn", {("Nordsek Systems", "basedIn", "Tartu")}),
    ("Taiwanese President Chen Ya-ting spoke.", "leads", {("Chen Ya-ting", "leads", "Taiwan")}),
    ("Ana Kos nominated Mia Rand as commander of the Baltic Brigade.", "worksFor", set()),
    ("Mia Rand serves as commander of the Baltic Brigade.", "worksFor", {("Mia Rand", "worksFor", "Baltic Brigade")}),
    (
        "The Baltic Council held a meeting in Riga, chaired by Mia Rand.",
        "hostedBy leads",
        {("meeting", "hostedBy", "Mia Rand")},
    ),
    ("Peru stands with Chad.", "supports", {("Peru", "supports", "Chad")}),
    ("Peru delivered two helicopters to the Chadian army.", "supports", {("Peru", "supports", "Chadian army")}),
    ("Peru donated flowers to the Chadian army.", "supports", set()),
    ("The Chadian army clashed with Boko Haram.", "fights", {("Chadian army", "fights", "Boko Haram")}),
    (
        "The Peruvian Navy began Exercise Lumbas off Palawan.",
        "hasParticipant heldIn",
        {("Exercise Lumbas", "hasParticipant", "Peruvian Navy"), ("Exercise Lumbas", "heldIn", "Palawan")},
    ),
    ("Mia Rand, a Peruvian nurse, spoke.", "nationality", {("Mia Rand", "nationality", "Peru")}),
    ("Mia Rand works at the Baltic Institute.", "worksFor", {("Mia Rand", "worksFor", "Baltic Institute")}),
    ("Mia Rand met her Peruvian counterpart, Olev Saar.", "worksFor", {("Olev Saar", "worksFor", "Peru")}),
    ("Mia Rand took command of the Baltic Brigade.", "leads", {("Mia Rand", "leads", "Baltic Brigade")}),
    ("Mia Rand took over command of the Baltic Brigade.", "leads partOf", {("Mia Rand", "leads", "Baltic Brigade")}),
    ("Chief executive Mia Rand spoke.", "holdsPosition", {("Mia Rand", "holdsPosition", "Chief executive")}),
    ("UN Special Envoy Pedro de la Vega spoke.", "represents", {("Pedro de la Vega", "represents", "United Nations")}),
    (
        "A second round of talks with Peru on tuna was held in Riga.",
        "hasParticipant hasTopic heldIn",
        {("talks", "hasParticipant", "Peru"), ("talks", "hasTopic", "tuna"), ("talks", "heldIn", "Riga")},
    ),
    ("Mia Rand discussed issues related to tuna.", "discussed", {("Mia Rand", "discussed", "tuna")}),
    ("Mia Rand discussed cooperation between Peru and Chad.", "discussed", {("Mia Rand", "discussed", "cooperation")}),
    ("Estonia's President Mia Rand spoke.", "leads", {("Mia Rand", "leads", "Estonia")}),
    ("The Prime Minister of Estonia, Mia Rand, spoke.", "leads", {("Mia Rand", "leads", "Estonia")}),
    ("Defence Minister of Estonia Mia Rand spoke.", "leads", set()),  # a minister leads no country
    ("The Chadian ambassador Moussa Adoum spoke.", "represents", {("Moussa Adoum", "represents", "Chad")}),
    (
        "Mia Rand, spokeswoman for the Ministry of Defence, spoke.",
        "represents",
        {("Mia Rand", "represents", "Ministry of Defence")},
    ),
    ("Mia Rand serves as ambassador.", "holdsPosition", {("Mia Rand", "holdsPosition", "ambassador")}),
    ("Mia Rand was appointed ambassador.", "holdsPosition", {("Mia Rand", "holdsPosition", "ambassador")}),
    ("Latvia is a member of NATO.", "memberOf", {("Latvia", "memberOf", "North Atlantic Treaty Organization")}),
    ("Latvia joined NATO.", "memberOf", {("Latvia", "memberOf", "North Atlantic Treaty Organization")}),
    ("The Baltic Battalion is part of the Latvian Army.", "partOf", {("Baltic Battalion", "partOf", "Latvian Army")}),
    (
        "The conference in Oslo was chaired by Mia Rand.",
        "heldIn hostedBy hasParticipant",
        {
            ("conference", "heldIn", "Oslo"),
            ("conference", "hostedBy", "Mia Rand"),
            ("conference", "hasParticipant", "Mia Rand"),
        },
    ),
    (
        "Colonel Ana Kos and Captain Juri Tamm attended the conference.",
        "hasParticipant",
        {("conference", "hasParticipant", "Ana Kos"), ("conference", "hasParticipant", "Juri Tamm")},
    ),
    (
        "Latvia hosted the exercise Amber Shield from 15 to 18 April 2014.",
        "heldOn hostedBy",
        {
            ("Amber Shield", "heldOn", "2014-04-15"),
            ("Amber Shield", "heldOn", "2014-04-18"),
            ("Amber Shield", "hostedBy", "Latvia"),
        },
    ),
    (
        "The Latvian–Estonian talks were held in Riga.",
        "hasParticipant heldIn",
        {
            ("Latvian–Estonian talks", "hasParticipant", "Latvia"),
            ("Latvian–Estonian talks", "hasParticipant", "Estonia"),
            ("Latvian–Estonian talks", "heldIn", "Riga"),
        },
    ),
    (
        "Mia Rand and Olev Saar discussed air defence and border security.",
        "discussed",
        {
            ("Mia Rand", "discussed", "air defence"),
            ("Mia Rand", "discussed", "border security"),
            ("Olev Saar", "discussed", "air defence"),
            ("Olev Saar", "discussed", "border security"),
        },
    ),
    ("The talks focused on maritime security.", "hasTopic", {("talks", "hasTopic", "maritime security")}),
    (
        "The Ministry of Defence of Latvia signed an agreement with Airbus.",
        "signed",
        {("Ministry of Defence of Latvia", "signed", "agreement"), ("Airbus", "signed", "agreement")},
    ),
    ("The agreement was signed by Latvia and Estonia.", "signed", {SIGNED, ("Estonia", "signed", "agreement")}),
    ("Mia Rand succeeded Olev Saar.", "succeeds", {("Mia Rand", "succeeds", "Olev Saar")}),
    ("Mia Rand took a medal from Ana Kos.", "succeeds", set()),
    ("Latvia called on Chad to leave Mali.", "metWith visited", set()),
    ("Latvia gave the committee a task.", "founded", set()),
    ("Latvia set the committee a task.", "founded", set()),
    ("Latvia set up the Baltic Institute.", "founded", {("Latvia", "founded", "Baltic Institute")}),
    ("Moussa Adoum was born in Chad.", "bornIn", {("Moussa Adoum", "bornIn", "Chad")}),
    ("Moussa Adoum lives in Riga.", "livesIn", {("Moussa Adoum", "livesIn", "Riga")}),
    ("The Baltic Institute is based in Riga.", "basedIn", {("Baltic Institute", "basedIn", "Riga")}),
    ("Riga is located in Latvia.", "locatedIn", {("Riga", "locatedIn", "Latvia")}),
    ("Riga lies in Latvia.", "locatedIn", {("Riga", "locatedIn", "Latvia")}),
    ("Latvia cooperates with Estonia.", "cooperatesWith", {("Latvia", "cooperatesWith", "Estonia")}),
    ("Cooperation between Latvia and Estonia grew.", "cooperatesWith", {("Latvia", "cooperatesWith", "Estonia")}),
    ("Latvia supports Estonia.", "supports", {("Latvia", "supports", "Estonia")}),
    ("Latvia criticised Chad.", "criticises", {("Latvia", "criticises", "Chad")}),
    ("Latvia condemned Chad.", "criticises", {("Latvia", "criticises", "Chad")}),
    ("Latvia imposed sanctions on Chad.", "criticises", {("Latvia", "criticises", "Chad")}),
    ("Latvian troops were deployed in Mali.", "deployedIn", {("Latvian troops", "deployedIn", "Mali")}),
    ("Latvia sent troops to Mali.", "deployedIn", {("troops", "deployedIn", "Mali")}),
    ("Latvian troops fought the Azure Front.", "fights", {("Latvian troops", "fights", "Azure Front")}),
    ("Riga was attacked by the Azure Front.", "attacked", {("Azure Front", "attacked", "Riga")}),
    ("The Azure Front seized Riga.", "controls", {("Azure Front", "controls", "Riga")}),
]


@pytest.mark.parametrize(("text", "properties", "facts"), SAID, ids=[row[0] for row in SAID])
def test_what_a_sentence_says(text: str, properties: str, facts: set[tuple[str, ...]], facts_of: Any) -> None:
    assert about(facts_of(text, DATE), properties) == facts


# ------------------------------------------------------------------------------------- what is not simply asserted

FLAGGED = [
    ("Latvia did not sign the agreement.", (*SIGNED, "negated")),
    ("Latvia has not yet signed the agreement.", (*SIGNED, "negated")),
    ("Latvia refused to sign the agreement.", (*SIGNED, "negated")),
    ("Latvia failed to sign the agreement.", (*SIGNED, "negated")),
    ("It is not true that Latvia signed the agreement.", (*SIGNED, "negated")),
    ("Neither Latvia nor Estonia signed the agreement.", (*SIGNED, "negated")),
    ("Latvia will sign the agreement.", (*SIGNED, "planned")),
    ("Latvia plans to sign the agreement.", (*SIGNED, "planned")),
    ("Latvia is to sign the agreement.", (*SIGNED, "planned")),
    ("Latvia agreed to sign the agreement.", (*SIGNED, "planned")),
    ("Latvia may sign the agreement.", (*SIGNED, "possible")),
    ("Latvia should sign the agreement.", (*SIGNED, "possible")),
    ("Latvia wants to sign the agreement.", (*SIGNED, "possible")),
    ("Latvia is likely to sign the agreement.", (*SIGNED, "possible")),
    ("Latvia is ready to sign the agreement.", (*SIGNED, "possible")),
    ("If Latvia signs the agreement, Estonia will rejoice.", (*SIGNED, "possible")),
    ("Mia Rand hopes that Latvia will sign the agreement.", (*SIGNED, "possible")),
    ("Mia Rand urged Latvia to sign the agreement.", (*SIGNED, "possible")),
    ("Mia Rand invited Latvia to sign the agreement.", (*SIGNED, "possible")),
    ("Mia Rand asked whether Latvia signed the agreement.", (*SIGNED, "possible")),
    ("Latvia reportedly signed the agreement.", (*SIGNED, "possible")),
    ("Mia Rand said that Latvia signed the agreement.", (*SIGNED, "says Mia Rand")),
    ("Latvia signed the agreement, said Mia Rand.", (*SIGNED, "says Mia Rand")),
    ("According to Mia Rand, Latvia signed the agreement.", (*SIGNED, "says Mia Rand")),
    ("“Latvia signed the agreement,” said Mia Rand.", (*SIGNED, "says Mia Rand")),
    ('"Latvia signed the agreement," Mia Rand said.', (*SIGNED, "says Mia Rand")),
    ("Mia Rand said that Latvia will sign the agreement.", (*SIGNED, "planned", "says Mia Rand")),
    ("Mia Rand denied that Latvia signed the agreement.", (*SIGNED, "negated", "says Mia Rand")),
]


@pytest.mark.parametrize(("text", "fact"), FLAGGED, ids=[row[0] for row in FLAGGED])
def test_what_is_not_simply_asserted_says_why(text: str, fact: tuple[str, ...], facts_of: Any) -> None:
    found = about(facts_of(text), "signed")
    assert fact in found
    assert SIGNED not in found


NEVER = [
    ("No agreement was signed.", "signed"),
    ("No agreement was signed by Latvia.", "signed"),
    ("Nobody signed the agreement.", "signed"),
    ("Did Latvia sign the agreement?", "signed"),
    ("Perhaps Latvia signed the agreement.", "signed"),
    ("Latvia would have signed the agreement.", "signed"),
    ("Mia Rand supports neither Latvia nor Estonia.", "supports"),
    ("Mia Rand left Riga without meeting Olev Saar.", "metWith"),
    ("Mia Rand prevented Olev Saar from visiting Chad.", "visited"),
    ("Mia Rand accused Latvia of attacking Chad.", "attacked"),
    ("Mia Rand invited Olev Saar to visit Chad.", "visited"),
    ("Mia Rand called for talks in Oslo.", "heldIn"),
    ("Mia Rand hoped for talks in Oslo.", "heldIn"),
    ("Mia Rand agreed to a meeting in Oslo.", "heldIn"),
    ("Mia Rand proposed a meeting in Oslo.", "heldIn"),
    ("Mia Rand cancelled the meeting in Oslo.", "heldIn"),
    ("The meeting in Oslo was cancelled.", "heldIn"),
    ("The planned meeting in Oslo was discussed.", "heldIn"),
    ("The alleged attack on Riga by the Azure Front was discussed.", "heldIn hasParticipant attacked"),
    ("A possible visit to Chad by Mia Rand was discussed.", "heldIn hasParticipant visited"),
    ("Mia Rand's planned visit to Chad was cancelled.", "heldIn hasParticipant visited"),
    ("Mia Rand's visit to Chad did not take place.", "heldIn hasParticipant visited"),
    ("Mia Rand is due to visit Chad.", "visited"),
    ("Mia Rand has to visit Chad.", "visited"),
    ("Mia Rand, former commander of the Latvian Army, spoke.", "holdsPosition leads worksFor"),
    ("Former Defence Minister of Latvia Mia Rand spoke.", "holdsPosition leads worksFor"),
    ("Mia Rand had led the Latvian Army.", "leads worksFor"),
    ("Mia Rand, who had led the Latvian Army since 2013, spoke.", "leads worksFor"),
    ("Mia Rand previously commanded the Latvian Army.", "leads worksFor"),
]


@pytest.mark.parametrize(("text", "properties"), NEVER, ids=[row[0] for row in NEVER])
def test_what_did_not_happen_is_never_asserted(text: str, properties: str, facts_of: Any) -> None:
    assert {fact for fact in about(facts_of(text), properties) if len(fact) == 3} == set()


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("“I condemn Chad,” said Mia Rand.", ("Mia Rand", "criticises", "Chad")),
        ("Mia Rand managed to visit Riga.", VISITED),
        ("Latvia did not sign the agreement. Mia Rand visited Riga.", VISITED),
        ("Mia Rand, who will visit Chad, visited Riga.", VISITED),
        ("Mia Rand said that Latvia signed the agreement. She visited Riga.", VISITED),
        ("Mia Rand visited Riga but did not visit Oslo.", VISITED),
    ],
)
def test_what_stands_beside_a_flag_is_asserted(text: str, fact: tuple[str, ...], facts_of: Any) -> None:
    assert fact in facts_of(text)


def test_what_is_asserted_once_is_asserted(facts_of: Any) -> None:
    text = "Mia Rand said that Latvia signed the agreement. Latvia signed the agreement."
    assert about(facts_of(text), "signed") == {SIGNED}


# ------------------------------------------------------------------------------------------------- across sentences

TEXTS = [
    (
        "General Tibor Kallas received Colonel Ana Kos. Kallas then visited Riga.",
        ("Tibor Kallas", "visited", "Riga"),
    ),
    ("General Tibor Kallas met Mia Rand. The general then visited Riga.", ("Tibor Kallas", "visited", "Riga")),
    ("Foreign Minister Mia Rand spoke. The minister then visited Riga.", VISITED),
    ("Mia Rand spoke. She then visited Riga.", VISITED),
    ("Mia Rand and Olev Saar spoke. They then visited Riga.", VISITED),
    (
        "Foreign Minister Mia Rand met Defence Minister Olev Saar. The two ministers discussed border security.",
        ("Olev Saar", "discussed", "border security"),
    ),
    (
        "The Latvian delegation met the Estonian delegation. Both sides discussed border security.",
        ("Estonian delegation", "discussed", "border security"),
    ),
    (
        "The Union of Baltic Cities (UBC) met in Riga. Later the UBC joined NATO.",
        ("Union of Baltic Cities", "memberOf", "North Atlantic Treaty Organization"),
    ),
    (
        "The meeting was held in Riga. At the meeting, Mia Rand met Olev Saar.",
        ("meeting", "hasParticipant", "Olev Saar"),
    ),
    ("Latvia's Foreign Minister Mia Rand spoke. The Latvian minister then visited Riga.", VISITED),
    (
        "Latvia and Estonia signed a memorandum in Riga. The document covers border security.",
        ("memorandum", "hasTopic", "border security"),
    ),
    (
        "The talks were attended by the Envoy of Peru, Mia Rand, the Chief of the Navy, Gen. Olev Saar, and guests.",
        ("talks", "hasParticipant", "Olev Saar"),
    ),
    (
        "Latvia and Peru signed a treaty on tuna. The Riga Treaty is short.",
        ("Riga Treaty", "hasTopic", "tuna"),
    ),
    (
        "Mia Rand praised the talks that will be held in Riga.",
        ("talks", "heldIn", "Riga", "planned"),
    ),
    (
        "A Foreign Office spokesman said that Mia Rand visited Riga.",
        (*VISITED, "says Foreign Office spokesman"),
    ),
    (
        "Mia Rand visited Riga, according to a Foreign Ministry report.",
        (*VISITED, "says Foreign Ministry"),
    ),
    (
        "Peru reopened the border after two days of talks in Riga.",
        ("talks", "heldIn", "Riga"),
    ),
    (
        "ISIL fighters attacked Mosul on 3 May 2016; the group has not claimed the attack.",
        ("attack", "hasParticipant", "Islamic State"),
    ),
    (
        "Mia Rand met Olev Saar. Rand thanked Peru for its help for Chad. They then visited Riga.",
        ("Olev Saar", "visited", "Riga"),
    ),
    (
        "Peru and Chad signed a treaty. Ministers Mia Rand and Olev Saar met President Ana Kos. "
        "The two sides discussed border security.",
        ("Chad", "discussed", "border security"),
    ),
    (
        "After the talks in Riga, Mia Rand will visit Oslo.",
        ("talks", "heldIn", "Riga"),
    ),
    (
        "The summit was held in Oslo. The next summit will be held in Riga.",
        ("next summit", "heldIn", "Riga", "planned"),
    ),
    (
        "On 3 May 2016 the officers sat down in Riga.",
        ("meeting", "heldIn", "Riga"),
    ),
    (
        "Mia Rand met Olev Saar on 3 May 2016 to discuss border security.",
        ("meeting", "hasTopic", "border security"),
    ),
    (
        "Secretary of State Olev Saar met Foreign Secretary Mia Rand. The Foreign Secretary then visited Riga.",
        VISITED,
    ),
    (
        "The Global Maritime Coalition met in Oslo. Estonia joined the Coalition.",
        ("Estonia", "memberOf", "Global Maritime Coalition"),
    ),
    (
        "Kallas Defence Systems built the ship. Olev Saar works for Kallas.",
        ("Olev Saar", "worksFor", "Kallas Defence Systems"),
    ),
    (
        "On 3 May 2016 Mia Rand spoke by telephone with Olev Saar. They discussed border security.",
        ("meeting", "hasTopic", "border security"),
    ),
]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Latvia is committed to defeating Boko Haram.", ""),
        ("Latvia remains committed to defeating Boko Haram.", ""),
        ("Mia Rand praised Latvia's efforts to defeat Boko Haram.", ""),
        ("Mia Rand will discuss Latvia's efforts to defeat Boko Haram.", ""),
        ("Latvia has fought Boko Haram militants.", ""),
        ("Latvia decided to fight Boko Haram.", "planned"),
        ("Mia Rand praised Latvia's decision to fight Boko Haram.", "planned"),
        ("Latvia works to defeat Boko Haram.", ""),
        ("Latvia will continue to fight Boko Haram.", ""),
        ("Latvia will fight Boko Haram.", "planned"),
        ("Latvia may fight Boko Haram.", "possible"),
        ("Mia Rand did not rule out that Latvia would fight Boko Haram.", "possible"),
    ],
)
def test_whose_efforts_are_under_way_makes_them(text: str, says: str, facts_of: Any) -> None:
    assert about(facts_of(text, DATE), "fights") == {("Latvia", "fights", "Boko Haram", *([says] if says else []))}


def test_who_says_it_is_so_does_not_also_plan_it(facts_of: Any) -> None:
    text = "Mia Rand said that Latvia is committed to defeating Boko Haram and will fight Boko Haram."
    assert about(facts_of(text, DATE), "fights") == {("Latvia", "fights", "Boko Haram", "says Mia Rand")}


@pytest.mark.parametrize(("text", "fact"), TEXTS, ids=[row[0] for row in TEXTS])
def test_what_is_said_of_one_thing_in_several_sentences(text: str, fact: tuple[str, ...], facts_of: Any) -> None:
    assert fact in facts_of(text)


@pytest.mark.parametrize(
    ("text", "source", "fact"),
    [
        ("Lima, 3 May – The Minister of Defence, Ana Kos, spoke. Peru is calm.", "", ("Ana Kos", "worksFor", "Peru")),
        ("RIGA, Latvia – President Ana Kos spoke of trust.", "", ("Ana Kos", "leads", "Latvia")),
        ("LIMA. Defence Minister Ana Kos spoke. Peru is calm.", "", ("Ana Kos", "worksFor", "Peru")),
        ("Foreign Minister Ana Kos spoke. Norway agrees.", "Norwegian Ministry", ("Ana Kos", "worksFor", "Norway")),
        ("Norway agrees. We support Latvia.", "", ("Norway", "supports", "Latvia")),
        ("Many agree. We support Latvia. Norway is glad.", "Norwegian Embassy", ("Norway", "supports", "Latvia")),
        (
            "“We support Latvia,” said Ana Kos, the foreign minister of Norway.",
            "Reuters",
            ("Norway", "supports", "Latvia"),
        ),
    ],
)
def test_a_text_speaks_for_the_side_that_it_comes_from(
    text: str, source: str, fact: tuple[str, ...], facts_of: Any
) -> None:
    """By its dateline, its issuer, or the country that its voice or its speaker is of."""
    assert fact in facts_of(text, DATE, source)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Foreign Minister Ana Kos spoke. Norway agrees.", "Reuters"),
        ("Lima, 3 May – The Serbian Minister of Defence, Ana Kos, spoke. Peru is calm.", ""),
        ("Lima, 3 May – The Minister of Defence of Serbia, Ana Kos, spoke. Peru is calm.", ""),
        ("Lima, 3 May – The chief executive, Ana Kos, spoke. Peru is calm.", ""),
    ],
)
def test_a_post_is_of_no_country_that_only_stands_near(text: str, source: str, facts_of: Any) -> None:
    assert about(facts_of(text, DATE, source), "worksFor") <= {("Ana Kos", "worksFor", "Serbia")}


def test_a_description_of_nobody_known_makes_nobody(facts_of: Any) -> None:
    assert about(facts_of("The minister met the general in Riga."), "metWith") == set()


# ---------------------------------------------------------------------------------------------------------------- laws

SENTENCES = [row[0] for rows in (SAID, FLAGGED, NEVER, TEXTS) for row in rows]


@given(sentences=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6), space=st.sampled_from([" ", "\n\n"]))
@settings(max_examples=25, deadline=None)
def test_every_fact_leads_back_to_the_text(sentences: list[str], space: str, read: Any, ontology: Any) -> None:
    """Spans are mentions, evidence holds them whole, ids are chains, properties fit, and no fact is told twice."""
    text = space.join(sentences)
    found = read(text, DATE)
    chains = {chain.id: chain for chain in found.chains}
    assert [chain.id for chain in found.chains] == [f"e{n}" for n in range(1, len(chains) + 1)]
    for chain in found.chains:
        assert list(chain.mentions) == sorted(set(chain.mentions))
        assert all(0 <= start < end <= len(text) for start, end in chain.mentions)
        assert chain.name
        assert chain.cls in ontology.classes
    for fact in found.facts:
        start, end = fact.evidence
        assert text[start:end] == text[start:end].strip() != ""
        for a, b in (fact.subject_span, fact.object_span):
            assert start <= a < b <= end or fact.premises
        assert fact.subject_span in chains[fact.subject].mentions
        if not isinstance(fact.object, Value):
            assert fact.object_span in chains[fact.object].mentions
            assert fact.object != fact.subject
            assert ontology.fits(chains[fact.object].cls, ontology.properties[fact.property].range)
        assert ontology.fits(chains[fact.subject].cls, ontology.properties[fact.property].domain)
        assert fact.attributed_to is None or fact.attributed_to in chains
        assert 0 < fact.confidence <= 1
        assert not ontology.properties[fact.property].auxiliary
        assert not fact.asserted or all(premise.asserted for premise in fact.premises)
    keys = [fact.key for fact in found.facts]
    assert len(keys) == len(set(keys))
    asserted = {(f.subject, f.property, f.object) for f in found.facts if f.asserted}
    assert not asserted & {(f.subject, f.property, f.object) for f in found.facts if not f.asserted}


@pytest.mark.parametrize("text", SENTENCES[::7])
def test_the_evidence_of_a_fact_is_its_sentence(text: str, read: Any) -> None:
    whole = f"It rained.\n\n{text}\n\nIt rained."
    for fact in read(whole, DATE).facts:
        if not fact.premises:
            start, end = fact.evidence
            assert whole[start:end] in text
