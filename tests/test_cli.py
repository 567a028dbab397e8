"""The command line is a good citizen: results on standard output alone, all else on standard error, exit codes."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import types
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from resolving import resolved

from graphwright import cli
from graphwright.building import Report
from graphwright.documents import Failure, read
from graphwright.errors import LanguageWarning
from graphwright.graph import GW, KnowledgeGraph, assemble
from graphwright.model import Chain, Document, Extraction, Fact
from graphwright.settings import Settings

MEETING = re.compile(r"(\w+) (met|may meet) (\w+)\.")


def read_meetings(document: Document) -> Extraction:
    """Read each "Ada met Bob." and "Ada may meet Bob." of a document: an extractor that needs no model."""
    spans: dict[str, list[tuple[int, int]]] = {}
    found = list(MEETING.finditer(document.text))
    for match in found:
        for group in (1, 3):
            spans.setdefault(match[group], []).append(match.span(group))
    chains = {
        name: Chain(f"e{n}", GW + "Person", name, tuple(at), True) for n, (name, at) in enumerate(spans.items(), 1)
    }
    facts = tuple(
        Fact(
            chains[match[1]].id,
            GW + "metWith",
            chains[match[3]].id,
            match.span(),
            match.span(1),
            match.span(3),
            0.8,
            "phrases",
            "[Agent] met [Agent]",
            "asserted" if match[2] == "met" else "possible",
        )
        for match in found
    )
    return Extraction(document, tuple(chains.values()), facts)


def extract(documents: Iterable[Document], settings: Settings, *, on_failure: object = None) -> Iterator[Extraction]:
    return map(read_meetings, documents)


def update(
    sources: Iterable[str | Path | Document],
    settings: Settings,
    *,
    store: str | None = None,
    ledger: str | None = None,
    prune: bool = False,
    workers: int = 0,
    time_limit: float = 0,
    on_document: Callable[[Document | Failure], None],
    on_step: object = None,
    meter: object = None,
) -> tuple[KnowledgeGraph, Report]:
    documents = []
    for source in sources:
        for found in [source] if isinstance(source, Document) else read([source], date=settings.date):
            on_document(found)
            if isinstance(found, Document):
                documents.append(found)
    extractions = list(extract(documents, settings))
    graph = KnowledgeGraph.create()
    names = resolved(extractions, settings.base)
    graph.add(assemble(extractions, names, base=settings.base))
    if store is not None and documents:
        graph.save(store)
    counts = graph.counts()
    return graph, Report(read=len(documents), entities=counts["entities"], facts=counts["facts"])


def build(
    sources: Iterable[str | Path | Document],
    settings: Settings,
    *,
    on_document: Callable[[Document | Failure], None],
) -> KnowledgeGraph:
    return update(sources, settings, on_document=on_document)[0]


@pytest.fixture
def run(monkeypatch, capfd, tmp_path):
    """Run a command with a build that needs no model; return its exit code, standard output and standard error."""
    monkeypatch.setitem(sys.modules, "graphwright.pipeline", types.SimpleNamespace(extract=extract))
    monkeypatch.setitem(sys.modules, "graphwright.building", types.SimpleNamespace(build=build, update=update))
    monkeypatch.chdir(tmp_path)

    def _run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["graphwright", *arguments])
        with pytest.raises(SystemExit) as exit:
            cli.main()
        out, err = capfd.readouterr()
        return int(exit.value.code or 0), out, err

    return _run


@pytest.fixture
def texts(tmp_path) -> Path:
    """Two readable documents."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "one.txt").write_text("Ada met Bob. Bob may meet Eve.", encoding="utf-8")
    (folder / "two.txt").write_text("Eve met Ada.", encoding="utf-8")
    return folder


class TestBuild:
    def test_a_graph_is_built_into_a_folder_and_summed_up(self, run, texts):
        code, out, err = run("build", "texts", "--to", "news.store")
        assert (code, out) == (0, "")
        assert re.fullmatch(r"2 documents read, 3 entities, 2 facts in \d+\.\d s\n", err)
        assert KnowledgeGraph.open("news.store").counts()["documents"] == 2

    def test_a_graph_is_built_into_a_file(self, run, texts):
        assert run("build", "texts", "--to", "news.ttl")[0] == 0
        assert "gw:metWith" in Path("news.ttl").read_text(encoding="utf-8")

    def test_failures_are_told_with_their_mend_and_the_exit_code_is_1(self, run, texts):
        (texts / "empty.txt").touch()
        code, out, err = run("build", "texts", "missing.txt", "--to", "news.store")
        assert (code, out) == (1, "")
        assert "failed: the document has no text\n  where: texts/empty.txt\n  to mend:" in err
        assert "2 documents read, 2 failed (1 × the document has no text; 1 × there is no such file or folder)" in err

    def test_the_exit_code_is_2_when_no_document_could_be_read(self, run):
        code, out, err = run("build", "missing.txt", "--to", "news.ttl")
        assert (code, out) == (2, "")
        assert "0 documents read, 1 failed" in err
        assert not Path("news.ttl").exists()

    def test_errors_say_what_where_and_how_to_mend_it(self, run, texts):
        Path("news.store").mkdir()
        Path("news.store/mine").touch()
        code, out, err = run("build", "texts", "--to", "news.store")
        assert (code, out) == (2, "")
        assert err == (
            "error: there is something else than a graph\n  where: news.store\n  to mend: give another folder\n"
        )

    def test_a_place_that_cannot_be_written_is_told_before_the_work(self, run, texts):
        code, out, err = run("build", "texts", "--to", "no/such/folder/news.ttl")
        assert (code, out) == (2, "")
        assert "documents read" not in err
        assert "where: no/such/folder/news.ttl" in err

    def test_a_build_that_reads_nothing_leaves_what_is_there(self, run, texts):
        run("build", "texts", "--to", "news.ttl")
        before = Path("news.ttl").read_bytes()
        assert run("build", "missing.txt", "--to", "news.ttl")[0] == 2
        assert Path("news.ttl").read_bytes() == before

    @pytest.mark.parametrize(
        "arguments",
        [("build", "texts"), ("build", "--to", "x"), ("build", "texts", "--to", "x", "--min-confidence", "2")],
    )
    def test_wrong_arguments_have_exit_code_2(self, run, texts, arguments):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert "Usage" in err

    def test_options_reach_the_build(self, run, texts, monkeypatch):
        seen: list[Settings] = []
        others: list[tuple[int, float, bool]] = []

        def spy(sources: Any, settings: Settings, **more: Any) -> tuple[KnowledgeGraph, Report]:
            seen.append(settings)
            others.append((more["workers"], more["time_limit"], more["prune"]))
            return update(sources, settings, **more)

        monkeypatch.setattr(sys.modules["graphwright.building"], "update", spy)
        options = "--ontology a.ttl --ontology b.ttl --model m --date 2016 --min-confidence 0.5 --base https://a.org/"
        options += " --max-characters 500 --language-check skip --workers 3 --time-limit 9 --prune"
        assert run("build", "texts", "--to", "news.store", *options.split())[0] == 0
        assert others == [(3, 9.0, True)]
        assert seen == [
            Settings(
                ontology=("a.ttl", "b.ttl"),
                model="m",
                date="2016",
                min_confidence=0.5,
                base="https://a.org/",
                max_characters=500,
                language_check="skip",
            )
        ]


class TestExtract:
    def test_each_document_is_a_line_of_json(self, run, texts):
        code, out, err = run("extract", "texts")
        records = [json.loads(line) for line in out.splitlines()]
        assert code == 0
        assert [record["id"] for record in records] == ["one", "two"]
        assert records[0]["facts"][1] == {
            **{"s": "e2", "p": "metWith", "o": "e3", "evidence": [13, 30], "confidence": 0.8, "modality": "possible"},
        }
        assert "2 documents read, 5 entities, 3 facts" in err

    def test_a_table_shows_the_facts_with_their_sentences(self, run, texts):
        _, out, _ = run("extract", "texts", "--format", "table")
        assert re.search(r"Bob +metWith +Eve +possible +0.80 +Bob may meet Eve\.", out)

    def test_an_unknown_format_is_refused(self, run, texts):
        code, out, err = run("extract", "texts", "--format", "yaml")
        assert (code, out) == (2, "")
        assert "jsonl, table" in err


class TestQuery:
    @pytest.fixture(autouse=True)
    def store(self, run, texts):
        run("build", "texts", "--to", "news.nq")

    SELECT = "SELECT ?x ?name WHERE { ?x gw:metWith ?y ; rdfs:label ?name } ORDER BY ?name"

    def test_a_table_is_for_people(self, run):
        code, out, err = run("query", "news.nq", self.SELECT)
        assert (code, err) == (0, "")
        assert [line.split() for line in out.splitlines() if "https" in line] == [
            ["https://w3id.org/graphwright/id/person/ada", "Ada"],
            ["https://w3id.org/graphwright/id/person/eve", "Eve"],
        ]

    def test_terms_are_shown_with_prefixes(self, run):
        _, out, _ = run("query", "news.nq", "SELECT DISTINCT ?p WHERE { ?x ?p ?y } ORDER BY ?p")
        assert "gw:metWith" in out

    def test_other_formats_are_for_programs(self, run):
        assert run("query", "news.nq", self.SELECT, "--format", "csv")[1].splitlines()[0] == "x,name"
        assert json.loads(run("query", "news.nq", self.SELECT, "--format", "json")[1])["head"]["vars"] == [
            "x",
            "name",
        ]

    def test_construct_gives_turtle(self, run):
        code, out, _ = run("query", "news.nq", "CONSTRUCT { ?y gw:metBy ?x } WHERE { ?x gw:metWith ?y }")
        assert code == 0
        assert out.count("gw:metBy") == 2

    def test_the_exit_code_is_1_when_the_answer_is_no(self, run):
        assert run("query", "news.nq", "ASK { ?x gw:metWith ?y }") == (0, "yes\n", "")
        assert run("query", "news.nq", "ASK { ?x gw:leads ?y }") == (1, "no\n", "")
        code, out, _ = run("query", "news.nq", "ASK { ?x gw:leads ?y }", "--format", "json")
        assert (code, json.loads(out)["boolean"]) == (1, False)

    def test_a_query_is_read_from_standard_input(self, run, monkeypatch):
        monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(b"ASK\n{}")))
        assert run("query", "news.nq", "-")[:2] == (0, "yes\n")

    @pytest.mark.parametrize(
        "arguments", [("news.nq", "SELECT"), ("no.nq", "ASK {}"), ("news.nq", "ASK {}", "--format", "turtle")]
    )
    def test_what_cannot_run_has_exit_code_2(self, run, arguments):
        code, out, err = run("query", *arguments)
        assert (code, out) == (2, "")
        assert re.match(r"error: .*\n  where: [\s\S]*\n  to mend: ", err)


class TestExplainAndExport:
    @pytest.fixture(autouse=True)
    def store(self, run, texts):
        run("build", "texts", "--to", "news.nq", "--date", "2016-06-14")

    def test_a_fact_is_explained_by_its_sentence(self, run):
        code, out, err = run("explain", "news.nq", "Ada", "metWith", "Bob")
        assert (code, err) == (0, "")
        assert "“Ada met Bob.”" in out
        assert "one, 2016-06-14, texts/one.txt, characters 0 to 12" in out
        assert 'asserted; found by phrases "[Agent] met [Agent]"; confidence 0.80' in out

    def test_a_fact_that_is_not_asserted_is_told(self, run):
        assert "possible; found by" in run("explain", "news.nq", "Bob", "metWith", "Eve")[1]

    def test_the_exit_code_is_1_when_nothing_states_a_fact(self, run):
        code, out, err = run("explain", "news.nq", "Bob", "metWith", "Ada")
        assert (code, out, err) == (1, "", "no document states: Bob | metWith | Ada\n")

    def test_an_unknown_name_has_exit_code_2(self, run):
        assert run("explain", "news.nq", "Adda", "metWith", "Bob")[0] == 2

    def test_a_graph_is_exported(self, run):
        assert run("export", "news.nq", "news.trig") == (0, "", "written: news.trig\n")
        assert run("query", "news.trig", "ASK { ?x gw:metWith ?y }")[0] == 0
        assert run("export", "news.nq", "news.unknown")[0] == 2


class TestEvaluate:
    @pytest.fixture
    def gold(self, run, texts) -> list[Any]:
        """Gold facts: what is extracted, but for one fact."""
        lines = run("extract", "texts")[1].splitlines()
        records = [json.loads(line) for line in lines]
        records[1]["facts"][0]["p"] = "received"
        Path("gold.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        return records

    def test_figures_are_a_table(self, run, gold):
        code, out, err = run("evaluate", "gold.jsonl")
        assert (code, err) == (0, "")
        assert re.search(r"facts +2 +2 +1 +0.500 +0.500 +0.500", out)
        assert re.search(r"metWith +1 +2 +1 +0.500 +1.000 +0.667", out)

    def test_errors_are_listed_with_their_sentence(self, run, gold):
        _, out, _ = run("evaluate", "gold.jsonl", "--errors")
        assert "missed: Eve | received | Ada\n  two: Eve met Ada.\n" in out
        assert "wrong: Eve | metWith | Ada\n  two: Eve met Ada.\n" in out

    def test_figures_are_json(self, run, gold):
        _, out, _ = run("evaluate", "gold.jsonl", "--json", "--errors")
        figures = json.loads(out)
        assert figures["facts"] == {
            **{"gold": 2, "found": 1, "predicted": 2, "right": 1},
            **{"precision": 0.5, "recall": 0.5, "f1": 0.5},
        }
        assert [error["kind"] for error in figures["errors"]] == ["missed", "wrong"]
        assert figures["flags"]["possible"]["f1"] == 1.0

    def test_the_curve_is_drawn_beside_the_figures(self, run, gold):
        code, out, err = run("evaluate", "gold.jsonl", "--curve", "curve.png")
        assert (code, err) == (0, "")
        assert "facts" in out
        assert Path("curve.png").read_bytes().startswith(b"\x89PNG")

    @pytest.mark.parametrize("file", ["curve.gif", "none/curve.png"])
    def test_a_curve_that_cannot_be_drawn_is_told_before_anything_is_read(self, run, file):
        code, out, err = run("evaluate", "no-such-file.jsonl", "--curve", file)
        assert (code, out) == (2, "")
        assert file in err
        assert "to mend" in err

    def test_a_broken_gold_file_is_told_with_its_line(self, run):
        Path("gold.jsonl").write_text("{}\n", encoding="utf-8")
        code, out, err = run("evaluate", "gold.jsonl")
        assert (code, out) == (2, "")
        assert "gold.jsonl line 1" in err


class TestBehaviour:
    @pytest.mark.parametrize(
        "command",
        ["build", "extract", "evaluate", "demo", "query", "export", "explain", "ontology explain", "ontology check"],
    )
    def test_the_help_of_each_command_has_an_example(self, run, command):
        code, out, _ = run(*command.split(), "--help")
        assert code == 0
        assert re.search(rf"Examples?: *\n +.*graphwright {command}", out)

    @pytest.mark.parametrize("command", ["build", "extract", "inspect", "evaluate"])
    def test_what_finds_facts_can_leave_out_the_unsure_ones(self, run, command):
        assert "--min-confidence" in re.sub(r"\x1b\[[0-9;]*m", "", run(command, "--help")[1])

    @pytest.mark.parametrize("command", ["build", "extract", "evaluate"])
    def test_the_help_of_what_reads_documents_tells_what_it_leaves_out(self, run, command):
        shown = " ".join(re.sub(r"\x1b\[[0-9;]*m|[│╭╮╰╯─]", "", run(command, "--help")[1]).split())
        assert re.search(r"--max-characters[^-]*\[default: 1000000\]", shown)
        assert re.search(r"--language-check[^-]*warn, skip, or off[^-]*\[default: warn\]", shown)

    def test_our_warnings_are_a_line_and_those_of_others_are_left_as_they_are(self, run, texts, monkeypatch):
        def warned(*given: Any, **more: Any) -> tuple[KnowledgeGraph, Report]:
            for _ in range(2):
                warnings.warn(LanguageWarning("it is German", "one", "read another"), stacklevel=1)
            warnings.warn("something old", UserWarning, stacklevel=1)
            return update(*given, **more)

        monkeypatch.setattr(sys.modules["graphwright.building"], "update", warned)
        with pytest.warns(UserWarning, match="something old") as others:
            code, out, err = run("build", "texts", "--to", "news.nq")
        assert (code, out, len(others)) == (0, "", 1)
        assert err.startswith("warning: one: it is German (read another)\n" * 2)
        assert "2 documents read, 2 of them in another language, 3 entities" in err

    def test_the_version_is_shown(self, run):
        assert re.fullmatch(r"graphwright \d+\.\d+\S*\n", run("--version")[1])

    def test_an_interrupt_is_one_line(self, run, texts, monkeypatch):
        def interrupted(*_: Any, **__: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(sys.modules["graphwright.building"], "update", interrupted)
        assert run("build", "texts", "--to", "news.nq") == (130, "", "interrupted\n")

    def test_help_needs_no_heavy_import(self):
        heavy = "{'spacy', 'numpy', 'rdflib', 'pyoxigraph', 'networkx', 'trafilatura', 'onnxruntime'}"
        program = f"import sys, graphwright.cli; print({heavy} & set(sys.modules))"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout == "set()\n"

    ALL = ("-m", "graphwright.cli", "query", "news.nq", "SELECT * { ?s ?p ?o }", "--format", "csv")

    @pytest.fixture
    def large(self, run, texts) -> str:
        """Build a graph whose listing is larger than a pipe holds, and return the listing."""
        for number in range(100):
            (texts / f"n{number}.txt").write_text("Ada met Bob.", encoding="utf-8")
        run("build", "texts", "--to", "news.nq")
        return KnowledgeGraph.open("news.nq").query(self.ALL[4]).serialize("csv").decode()

    @pytest.mark.parametrize("unbuffered", ["", "1"])
    def test_a_large_answer_is_written_whole(self, large, unbuffered):
        environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
        done = subprocess.run([sys.executable, *self.ALL], capture_output=True, env=environment, check=True)
        assert sorted(done.stdout.decode().splitlines()) == sorted(large.splitlines())

    @pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
    @pytest.mark.parametrize("unbuffered", ["", "1"])
    def test_a_closed_pipe_is_quiet(self, large, unbuffered):
        environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
        with subprocess.Popen(
            [sys.executable, *self.ALL], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait() == 141

    @pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
    def test_control_c_ends_a_waiting_command(self, run, texts):
        run("build", "texts", "--to", "news.nq")
        command = [sys.executable, "-m", "graphwright.cli", "query", "news.nq", "-"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stderr is not None
            process.stdin.write(b" \n" * 500_000)  # more than a pipe holds: this returns when the command reads
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 130
            assert process.stderr.read() == b"interrupted\n"


class TestWithTheModel:
    """The commands whose results depend on the embedded model and the default ontology."""

    @pytest.fixture
    def run(self, monkeypatch, capfd, tmp_path):
        monkeypatch.chdir(tmp_path)

        def _run(*arguments: str) -> tuple[int, str, str]:
            monkeypatch.setattr(sys, "argv", ["graphwright", *arguments])
            with pytest.raises(SystemExit) as exit:
                cli.main()
            return int(exit.value.code or 0), *capfd.readouterr()

        return _run

    def test_the_demo_shows_text_facts_answer_and_evidence(self, run):
        code, out, err = run("demo")
        assert (code, err) == (0, "")
        assert re.search(r"Ana Kos +received +Jon Berg +asserted", out)
        assert re.search(r"Ana Kos +visited +Oslo +planned", out)
        assert "“On Tuesday, General Ana Kos," in out

    def test_an_ontology_is_explained_phrase_by_phrase(self, run):
        code, out, _ = run("ontology", "explain")
        assert code == 0
        assert "received: Agent → Agent\n  [Agent] received [Agent]\n    [Agent] <-subject- " in out

    def test_an_ontology_is_checked(self, run):
        code, out, _ = run("ontology", "check")
        assert code == 0
        assert re.fullmatch(r"\d+ classes, \d+ properties, \d+ phrases and patterns, \d+ rules: all understood\n", out)

    def test_a_broken_ontology_is_told_with_its_line(self, run):
        Path("mine.ttl").write_text("@prefix : <urn:x#> .\n:a :b\n", encoding="utf-8")
        code, out, err = run("ontology", "check", "mine.ttl")
        assert (code, out) == (2, "")
        assert "where: mine.ttl:" in err
