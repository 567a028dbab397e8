"""The bridge to Universal Dependencies on whole sentences: what ClearNLP documents, and what the treebanks write."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from spacy.vocab import Vocab

from graphwright.language import bridge

# A word a line: form, tag, relation and head in ClearNLP, relation and head in Universal Dependencies ("=": the same).
# A head is named by its form, the second of equal ones as "in.2"; roots have none. The words of a person's name have a
# star behind the tag.
CASES = {
    "an active clause": """
        The         DT     det minister           =
        minister    NN     nsubj visited          =
        visited     VBD    ROOT                   =
        the.2       DT     det garrison           =
        garrison    NN     dobj visited           obj visited
        in          IN     prep visited           case May
        May         NNP    pobj in                obl visited
        .           .      punct visited          =""",
    "a passive with its agent": """
        The         DT     det bridge             =
        bridge      NN     nsubjpass opened       nsubj:pass opened
        was         VBD    auxpass opened         aux:pass opened
        opened      VBN    ROOT                   =
        by          IN     agent opened           case mayor
        the.2       DT     det mayor              =
        mayor       NN     pobj by                obl:agent opened
        of          IN     prep mayor             case Sad
        Novi        NNP    compound Sad           =
        Sad         NNP    pobj of                nmod mayor
        .           .      punct opened           =""",
    "a noun as predicate, with what goes before it": """
        In          IN     prep was               case 2015
        2015        CD     pobj In                obl head
        Ana         NNP*   nsubj was              nsubj head
        was         VBD    ROOT                   cop head
        not         RB     neg was                advmod head
        the         DT     det head               =
        head        NN     attr was               ROOT
        of          IN     prep head              case council
        the.2       DT     det council            =
        council     NN     pobj of                nmod head
        .           .      punct was              punct head""",
    "an adjective as predicate, with auxiliaries": """
        Talks       NNS    nsubj been             nsubj difficult
        may         MD     aux been               aux difficult
        have        VB     aux been               aux difficult
        been        VBN    ROOT                   cop difficult
        difficult   JJ     acomp been             ROOT
        for         IN     prep difficult         case sides
        both        DT     det sides              =
        sides       NNS    pobj for               obl difficult
        .           .      punct been             punct difficult""",
    "a place as predicate, with a time": """
        The         DT     det seat               =
        seat        NN     nsubj is               nsubj Riga
        of          IN     prep seat              case agency
        the.2       DT     det agency             =
        agency      NN     pobj of                nmod seat
        is          VBZ    ROOT                   cop Riga
        in          IN     prep is                case Riga
        Riga        NNP    pobj in                ROOT
        since       IN     prep is                case June
        June        NNP    pobj since             obl Riga
        .           .      punct is               punct Riga""",
    "an adverb as predicate, and one that is none": """
        They        PRP    nsubj are              nsubj here
        are         VBP    ROOT                   cop here
        still       RB     advmod are             advmod here
        here        RB     advmod are             ROOT
        .           .      punct are              punct here""",
    "a clause as predicate": """
        The         DT     det problem            =
        problem     NN     nsubj is               nsubj:outer withdrew
        is          VBZ    ROOT                   cop withdrew
        that        IN     mark withdrew          =
        nobody      NN     nsubj withdrew         =
        withdrew    VBD    ccomp is               ROOT
        .           .      punct is               punct withdrew""",
    "what something is, to do": """
        The         DT     det aim                =
        aim         NN     nsubj is               nsubj:outer protect
        is          VBZ    ROOT                   cop protect
        to          TO     aux protect            mark protect
        protect     VB     xcomp is               ROOT
        ports       NNS    dobj protect           obj protect
        .           .      punct is               punct protect""",
    "what somebody is to do": """
        Ana         NNP*   compound Kos           nsubj visit
        Kos         NNP*   nsubj is               flat Ana
        is          VBZ    ROOT                   aux visit
        to          TO     aux visit              mark visit
        visit       VB     xcomp is               ROOT
        Vilnius     NNP    dobj visit             obj visit
        .           .      punct is               punct visit""",
    "what is to be done": """
        Talks       NNS    nsubj are              nsubj:pass held
        are         VBP    ROOT                   aux held
        to          TO     aux held               mark held
        be          VB     auxpass held           aux:pass held
        held        VBN    xcomp are              ROOT
        .           .      punct are              punct held""",
    "relative clauses with a copula, and with a preposition": """
        The         DT     det general            =
        general     NN     nsubj met              =
        who         WP     nsubj was              nsubj guest
        was         VBD    relcl general          cop guest
        a           DT     det guest              =
        guest       NN     attr was               acl:relcl general
        met         VBD    ROOT                   =
        a.2         DT     det team               =
        team        NN     dobj met               obj met
        with        IN     prep trained           case which
        which       WDT    pobj with              obl trained
        he          PRP    nsubj trained          =
        trained     VBD    relcl team             acl:relcl team
        .           .      punct met              =""",
    "a relative clause that ends in a preposition": """
        It          PRP    nsubj is               nsubj town
        is          VBZ    ROOT                   cop town
        the         DT     det town               =
        town        NN     attr is                ROOT
        they        PRP    nsubj came             =
        came        VBD    relcl town             acl:relcl town
        from        IN     prep came              obl came
        .           .      punct is               punct town""",
    "participles and infinitives that modify nouns": """
        A           DT     det meeting            =
        meeting     NN     nsubj settled          =
        held        VBN    acl meeting            =
        in          IN     prep held              case Szeged
        Szeged      NNP    pobj in                obl held
        settled     VBD    ROOT                   =
        a.2         DT     det plan               =
        plan        NN     dobj settled           obj settled
        to          TO     aux build              mark build
        build       VB     acl plan               =
        ships       NNS    dobj build             obj build
        .           .      punct settled          =""",
    "two objects": """
        Norway      NNP    nsubj gave             =
        gave        VBD    ROOT                   =
        Latvia      NNP    dative gave            iobj gave
        two         CD     nummod boats           =
        boats       NNS    dobj gave              obj gave
        .           .      punct gave             =""",
    "a recipient behind a preposition": """
        Norway      NNP    nsubj gave             =
        gave        VBD    ROOT                   =
        boats       NNS    dobj gave              obj gave
        to          IN     dative gave            case Latvia
        Latvia      NNP    pobj to                obl gave
        .           .      punct gave             =""",
    "who is told, and what": """
        He          PRP    nsubj told             =
        told        VBD    ROOT                   =
        reporters   NNS    dobj told              iobj told
        that        IN     mark failed            =
        talks       NNS    nsubj failed           =
        failed      VBD    ccomp told             =
        .           .      punct told             =""",
    "three nouns": """
        Ministers   NNS    nsubj met              =
        of          IN     prep Ministers         case Serbia
        Serbia      NNP    pobj of                nmod Ministers
        ,           ,      punct Serbia           punct Austria
        Austria     NNP    conj Serbia            =
        and         CC     cc Austria             cc Hungary
        Hungary     NNP    conj Austria           conj Serbia
        met         VBD    ROOT                   =
        .           .      punct met              =""",
    "verbs that share their subject": """
        The         DT     det envoy              =
        envoy       NN     nsubj came             =
        came        VBD    ROOT                   =
        ,           ,      punct came             punct saw
        saw         VBD    conj came              =
        troops      NNS    dobj saw               obj saw
        and         CC     cc saw                 cc left
        left        VBD    conj saw               conj came
        .           .      punct came             =""",
    "coordinated predicates": """
        She         PRP    nsubj is               nsubj rich
        is          VBZ    ROOT                   cop rich
        rich        JJ     acomp is               ROOT
        and         CC     cc is                  cc minister
        was         VBD    conj is                cop minister
        minister    NN     attr was               conj rich
        .           .      punct is               punct rich""",
    "both … and, of phrases with prepositions": """
        He          PRP    nsubj served           =
        served      VBD    ROOT                   =
        both        CC     preconj in             cc:preconj Mali
        in          IN     prep served            case Mali
        Mali        NNP    pobj in                obl served
        and         CC     cc in                  cc Chad
        in.2        IN     conj in                case Chad
        Chad        NNP    pobj in.2              conj Mali
        .           .      punct served           =""",
    "two prepositions of one noun, which hangs on the second": """
        Troops      NNS    nsubj fought           =
        fought      VBD    ROOT                   =
        in          IN     prep fought            case Mosul
        and         CC     cc in                  cc around
        around      IN     conj in                =
        Mosul       NNP    pobj around            obl fought
        .           .      punct fought           =""",
    "two prepositions of one noun, which hangs on the first": """
        Troops      NNS    nsubj fought           =
        fought      VBD    ROOT                   =
        in          IN     prep fought            case Mosul
        and         CC     cc in                  cc around
        around      IN     conj in                =
        Mosul       NNP    pobj in                obl fought
        .           .      punct fought           =""",
    "an apposition": """
        Mr.         NNP    compound Orbán         nmod:desc Viktor
        Viktor      NNP*   compound Orbán         nsubj spoke
        Orbán       NNP*   nsubj spoke            flat Viktor
        ,           ,      punct Orbán            punct Viktor
        the         DT     det premier            =
        premier     NN     appos Orbán            appos Viktor
        ,.2         ,      punct Orbán            punct Viktor
        spoke       VBD    ROOT                   =
        .           .      punct spoke            =""",
    "possessives": """
        Its         PRP$   poss army              nmod:poss army
        army        NN     nsubj left             =
        left        VBD    ROOT                   =
        Jens        NNP*   compound Stoltenberg   nmod:poss office
        Stoltenberg NNP*   poss office            flat Jens
        's          POS    case Stoltenberg       case Jens
        office      NN     dobj left              obj left
        .           .      punct left             =""",
    "a post before a name, all hung on the surname": """
        Hungarian   JJ     amod Simicskó          amod Minister
        Defence     NNP    compound Simicskó      compound Minister
        Minister    NNP    compound Simicskó      nmod:desc István
        István      NNP*   compound Simicskó      nsubj met
        Simicskó    NNP*   nsubj met              flat István
        met         VBD    ROOT                   =
        his         PRP$   poss counterpart       nmod:poss counterpart
        Serbian     JJ     amod counterpart       =
        counterpart NN     dobj met               obj met
        in          IN     prep met               case Budapest
        Budapest    NNP    pobj in                obl met
        .           .      punct met              =""",
    "a post before a name, as a phrase": """
        Defence     NNP    compound Minister      =
        Minister    NNP    compound Simicskó      nmod:desc István
        István      NNP*   compound Simicskó      nsubj spoke
        Simicskó    NNP*   nsubj spoke            flat István
        spoke       VBD    ROOT                   =
        .           .      punct spoke            =""",
    "two abbreviated titles, and a title of a single name": """
        Gen.        NNP    compound Benkő         nmod:desc Tibor
        Dr.         NNP    compound Benkő         nmod:desc Tibor
        Tibor       NNP*   compound Benkő         nsubj welcomed
        Benkő       NNP*   nsubj welcomed         flat Tibor
        welcomed    VBD    ROOT                   =
        President   NNP    compound Niinistö      nmod:desc Niinistö
        Niinistö    NNP*   dobj welcomed          obj welcomed
        .           .      punct welcomed         =""",
    "names of bodies keep their last word as head": """
        The         DT     det Forces             =
        Serbian     NNP    compound Forces        =
        Armed       NNP    compound Forces        =
        Forces      NNPS   nsubj grew             =
        grew        VBD    ROOT                   =
        .           .      punct grew             =""",
    "a preposition behind a preposition": """
        Smoke       NN     nsubj came             =
        came        VBD    ROOT                   =
        from        IN     prep came              case border
        across      IN     prep from              case border
        the         DT     det border             =
        border      NN     pobj across            obl came
        near        IN     prep border            case Oslo
        Oslo        NNP    pobj near              nmod border
        .           .      punct came             =""",
    "prepositions of two words": """
        According   VBG    prep closed            case report
        to          IN     prep According         fixed According
        the         DT     det report             =
        report      NN     pobj to                obl closed
        ports       NNS    nsubj closed           =
        such        JJ     amod as                case Odesa
        as          IN     prep ports             fixed such
        Odesa       NNP    pobj as                nmod ports
        closed      VBD    ROOT                   =
        because     IN     prep closed            case mines
        of          IN     pcomp because          fixed because
        mines       NNS    pobj of                obl closed
        .           .      punct closed           =""",
    "an adverb and a preposition that are one": """
        They        PRP    nsubj sent             =
        sent        VBD    ROOT                   =
        aid         NN     dobj sent              obj sent
        instead     RB     advmod sent            case troops
        of          IN     prep instead           fixed instead
        troops      NNS    pobj of                obl sent
        .           .      punct sent             =""",
    "clauses behind prepositions": """
        After       IN     prep left              mark visiting
        visiting    VBG    pcomp After            advcl left
        Kyiv        NNP    dobj visiting          obj visiting
        ,           ,      punct left             =
        he          PRP    nsubj left             =
        left        VBD    ROOT                   =
        with        IN     prep left              case hopes
        hopes       NNS    pobj with              obl left
        of          IN     prep hopes             mark returning
        returning   VBG    pcomp of               acl hopes
        .           .      punct left             =""",
    "a copula behind a preposition": """
        Before      IN     prep left              mark minister
        being       VBG    pcomp Before           cop minister
        minister    NN     attr being             advcl left
        he          PRP    nsubj left             =
        left        VBD    ROOT                   =
        .           .      punct left             =""",
    "time before a preposition": """
        Two         CD     nummod days            =
        days        NNS    npadvmod after         nmod:unmarked talks
        after       IN     prep left              case talks
        the         DT     det talks              =
        talks       NNS    pobj after             obl left
        they        PRP    nsubj left             =
        left        VBD    ROOT                   =
        .           .      punct left             =""",
    "negation, modality and a particle": """
        No          DT     neg party              det party
        party       NN     nsubj give             =
        would       MD     aux give               =
        ever        RB     neg give               advmod give
        give        VB     ROOT                   =
        up          RP     prt give               compound:prt give
        arms        NNS    dobj give              obj give
        .           .      punct give             =""",
    "what there is": """
        There       EX     expl were              =
        were        VBD    ROOT                   =
        no          DT     det talks              =
        talks       NNS    attr were              nsubj were
        in          IN     prep were              case Geneva
        Geneva      NNP    pobj in                obl were
        .           .      punct were             =""",
    "control by the subject, and an object with its predicate": """
        He          PRP    nsubj agreed           =
        agreed      VBD    ROOT                   =
        to          TO     aux help               mark help
        help        VB     xcomp agreed           =
        them        PRP    nsubj elect            obj help
        elect       VB     ccomp help             xcomp help
        him         PRP    dobj elect             obj elect
        president   NN     oprd elect             xcomp elect
        .           .      punct agreed           =""",
    "want somebody to do something": """
        They        PRP    nsubj want             =
        want        VBP    ROOT                   =
        the         DT     det army               =
        army        NN     nsubj leave            obj want
        to          TO     aux leave              mark leave
        leave       VB     ccomp want             xcomp want
        .           .      punct want             =""",
    "a complement with a conjunction keeps its subject": """
        They        PRP    nsubj ask              =
        ask         VBP    ROOT                   =
        that        IN     mark leave             =
        the         DT     det army               =
        army        NN     nsubj leave            =
        leave       VB     ccomp ask              =
        .           .      punct ask              =""",
    "becoming something": """
        She         PRP    nsubj became           =
        became      VBD    ROOT                   =
        chancellor  NN     attr became            xcomp became
        as          IN     mark grew              =
        tensions    NNS    nsubj grew             =
        grew        VBD    advcl became           =
        worse       JJR    acomp grew             xcomp grew
        .           .      punct became           =""",
    "an adverbial clause with a copula": """
        Although    IN     mark was               mark ready
        it          PRP    nsubj was              nsubj ready
        was         VBD    advcl waited           cop ready
        ready       JJ     acomp was              advcl waited
        ,           ,      punct waited           =
        the         DT     det fleet              =
        fleet       NN     nsubj waited           =
        waited      VBD    ROOT                   =
        .           .      punct waited           =""",
    "dates": """
        On          IN     prep met               case 14
        14          CD     nummod June            obl met
        June        NNP    pobj On                nmod:unmarked 14
        2016        CD     nummod June            nmod:unmarked 14
        they        PRP    nsubj met              =
        met         VBD    ROOT                   =
        until       IN     prep met               case 2
        July        NNP    pobj until             compound 2
        2           CD     nummod July            obl met
        .           .      punct met              =""",
    "time without a preposition": """
        Last        JJ     amod week              =
        week        NN     npadvmod met           obl:unmarked met
        55          CD     nummod years           =
        years       NNS    npadvmod old           obl:unmarked old
        old         JJ     amod envoys            =
        envoys      NNS    nsubj met              =
        met         VBD    ROOT                   =
        two         CD     nummod months          =
        months      NNS    npadvmod ago           obl:unmarked ago
        ago         RB     advmod met             =
        .           .      punct met              =""",
    "numbers": """
        More        JJR    amod 200               advmod 200
        than        IN     quantmod 200           fixed More
        200         CD     nummod soldiers        =
        soldiers    NNS    nsubj spent            =
        spent       VBD    ROOT                   =
        about       RB     quantmod million       advmod $
        $           $      quantmod million       obj spent
        5           CD     compound million       =
        million     CD     dobj spent             nummod $
        on          IN     prep million           case aid
        aid         NN     pobj on                nmod $
        under       IN     prep spent             case Article
        Article     NNP    pobj under             obl spent
        7           CD     nummod Article         nmod:unmarked Article
        .           .      punct spent            =""",
    "what is said, in quotation marks": """
        “           ``     punct said             =
        The         DT     det war                =
        war         NN     nsubj ended            =
        ended       VBD    ccomp said             =
        ,           ,      punct said             =
        ”           ''     punct said             =
        he          PRP    nsubj said             =
        said        VBD    ROOT                   =
        .           .      punct said             =""",
    "an inserted clause": """
        The         DT     det war                =
        war         NN     nsubj ended            =
        ,           ,      punct ended            =
        he          PRP    nsubj believes         =
        believes    VBZ    parataxis ended        =
        ,.2         ,      punct ended            =
        ended       VBD    ROOT                   =
        .           .      punct ended            =""",
    "a clause as passive subject, and a word before the article": """
        That        IN     mark left              =
        all         PDT    predet troops          det:predet troops
        the         DT     det troops             =
        troops      NNS    nsubj left             =
        left        VBD    csubjpass doubted      csubj:pass doubted
        was         VBD    auxpass doubted        aux:pass doubted
        doubted     VBN    ROOT                   =
        .           .      punct doubted          =""",
    "purpose": """
        They        PRP    nsubj met              =
        met         VBD    ROOT                   =
        in          IN     prep met               mark end
        order       NN     pobj in                fixed in
        to          TO     aux end                mark end
        end         VB     acl order              advcl met
        war         NN     dobj end               obj end
        .           .      punct met              =""",
    "a clause about a clause": """
        Troops      NNS    nsubj left             =
        left        VBD    ROOT                   =
        ,           ,      punct left             =
        which       WDT    nsubj surprised        =
        surprised   VBD    relcl left             advcl:relcl left
        us          PRP    dobj surprised         obj surprised
        as          RB     advmod well            advmod surprised
        well        RB     advmod surprised       fixed as
        .           .      punct left             =""",
    "what modifies in a way that ClearNLP leaves open": """
        West        NNP    nmod officials         compound officials
        African     JJ     nmod officials         amod officials
        officials   NNS    nsubj left             =
        left        VBD    ROOT                   =
        taking      VBG    acl left               advcl left
        nothing     NN     dobj taking            obj taking
        .           .      punct left             =""",
    "labels of older versions": """
        The         DT     det chief              =
        defence     NN     nn chief               compound chief
        chief       NN     nsubj said             =
        said        VBD    ROOT                   =
        that        IN     complm left            mark left
        ships       NNS    nsubj left             =
        seen        VBN    partmod ships          acl ships
        near        IN     prep seen              case Malta
        Malta       NNP    pobj near              obl seen
        left        VBD    ccomp said             =
        .           .      punct said             =""",
}

POS = {
    "CC": "CCONJ", "CD": "NUM", "DT": "DET", "EX": "PRON", "IN": "ADP", "JJ": "ADJ", "JJR": "ADJ", "MD": "AUX",
    "NN": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "NNS": "NOUN", "PDT": "DET", "POS": "PART", "PRP": "PRON",
    "PRP$": "PRON", "RB": "ADV", "RP": "ADP", "TO": "PART", "VB": "VERB", "VBD": "VERB", "VBG": "VERB", "VBN": "VERB",
    "VBP": "VERB", "VBZ": "VERB", "WDT": "PRON", "WP": "PRON", "$": "SYM",
}  # fmt: skip

Row = list[str]


def rows_of(case: str) -> list[Row]:
    """The lines of a case as form, tag, relation, head, and the expected relation and head; heads of roots are ""."""
    rows = []
    for line in case.strip().splitlines():
        form, tag, *rest = line.split()
        given = [*rest[: 1 if rest[0] == "ROOT" else 2], ""][:2]
        wanted = [*rest[1 if rest[0] == "ROOT" else 2 :], ""][:2]
        rows.append([form, tag, *given, *(given if wanted[0] == "=" else wanted)])
    return rows


def document(rows: list[Row], vocab: Vocab) -> Doc:
    """A Doc with the ClearNLP analysis of a case, as a pipeline would give it."""
    places = {row[0]: place for place, row in enumerate(rows)}
    words = [row[0] if row[0] in {".", ","} else row[0].split(".")[0] if ".2" in row[0] else row[0] for row in rows]
    tags = [row[1].rstrip("*") for row in rows]
    be = {"is", "are", "was", "were", "be", "been", "being"}
    doc = Doc(
        vocab,
        words=words,
        tags=tags,
        pos=["AUX" if word in be else POS.get(tag, "PUNCT") for word, tag in zip(words, tags, strict=True)],
        heads=[places[row[3]] if row[3] else place for place, row in enumerate(rows)],
        deps=[row[2] for row in rows],
    )
    people = [place for place, row in enumerate(rows) if row[1].endswith("*")]
    starts = [place for place in people if place - 1 not in people]
    ends = [place + 1 for place in people if place + 1 not in people]
    doc.ents = [Span(doc, start, end, "PERSON") for start, end in zip(starts, ends, strict=True)]
    return doc


def shown(token: Token, rows: list[Row]) -> str:
    """A token with its relation and head."""
    head = "" if token.head.i == token.i else rows[token.head.i][0]
    return f"{rows[token.i][0]}: {token.dep_} {head}".rstrip()


@pytest.fixture(scope="module")
def blank() -> Language:
    return spacy.blank("en")


@pytest.mark.parametrize("name", CASES)
def test_a_construction_gets_the_tree_of_the_treebanks(name: str, blank: Language) -> None:
    rows = rows_of(CASES[name])
    doc = bridge.bridge(document(rows, blank.vocab))
    expected = [f"{form}: {relation} {head}".rstrip() for form, *_, relation, head in rows]
    assert [shown(token, rows) for token in doc] == expected
