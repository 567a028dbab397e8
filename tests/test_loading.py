"""Shards of RDF become a graph: in a folder or on a server, whole, once, and after whatever broke the load off."""

from __future__ import annotations

import gzip
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Quad, RdfFormat, Store, parse, serialize
from test_remote import oxigraph

import graphwright
from graphwright import KnowledgeGraph, Loaded, from_text, load
from graphwright.errors import StoreError
from graphwright.graph import loading
from graphwright.graph.files import in_default_graph
from graphwright.graph.loading import Loading, find_shards
from graphwright.graph.vocabulary import ONTOLOGY_GRAPH


def lines(start: int, number: int) -> str:
    """N-Quads of some documents, of which each second one states again what the one before it stated."""
    return "".join(
        f'<urn:s{i // 2}> <urn:p> "o{i // 2}" <urn:d{i}> .\n<urn:s{i}> <urn:in> <urn:d{i}> <urn:d{i}> .\n'
        for i in range(start, start + number)
    )


def shards(folder: Path, *, of: int = 3, number: int = 50) -> Path:
    """A folder as engines write it: shards, one of them compressed, and what else they leave."""
    (folder / "documents").mkdir(parents=True)
    for part in range(of):
        path = folder / "documents" / f"part-{part:05}.nq"
        path.write_text(lines(part * number, number))
    path.with_suffix(".nq.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    (folder / "_SUCCESS").touch()
    (folder / "documents" / ".part-00000.nq.crc").write_bytes(b"crc")
    (folder / "_temporary").mkdir()
    (folder / "_temporary" / "part-00009.nq").write_text("this is no RDF")
    return folder


def texts(folder: Path) -> Iterable[str]:
    for path in sorted(folder.rglob("part-*")):
        if "_temporary" not in path.parts and not path.name.startswith("."):
            yield (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode()


def quads_of(store: str | Path) -> list[str]:
    """All that a store holds, sorted, the default graph too."""
    found = KnowledgeGraph.open(store).store
    return sorted(map(str, found))


def expected(folder: Path) -> list[str]:
    """What a graph of all shards of a folder holds: the named graphs, and their union once."""
    named = {quad for text in texts(folder) for quad in parse(text, RdfFormat.N_QUADS)}
    return sorted({*map(str, named), *(str(Quad(*quad.triple)) for quad in named)})


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write in pieces so small that a shard has several."""
    monkeypatch.setattr(loading, "PIECE", 7)
    monkeypatch.setattr(loading, "PIECE_ON_SERVER", 7)


# -- folders ----------------------------------------------------------------------------------------------------------


class TestALoadIntoAFolder:
    def test_gives_all_shards_and_their_union_once(self, tmp_path: Path, small_pieces: None) -> None:
        source = shards(tmp_path / "shards")
        done = load([source], store=tmp_path / "g.store")
        assert (done.shards, done.unchanged, done.quads) == (3, 0, 300)
        assert quads_of(tmp_path / "g.store") == expected(source)
        graph = KnowledgeGraph.open(tmp_path / "g.store")
        assert len(list(graph.query('SELECT ?s { ?s <urn:p> "o3" }'))) == 1  # two documents state it

    def test_leaves_out_what_was_loaded_before(self, tmp_path: Path) -> None:
        source = shards(tmp_path / "shards")
        load([source], store=tmp_path / "g.store")
        before = quads_of(tmp_path / "g.store")
        assert load([source], store=tmp_path / "g.store").unchanged == 3
        (source / "part-9.nq").write_text("<urn:new> <urn:p> <urn:o> <urn:d> .\n")
        again = load([source], store=tmp_path / "g.store")
        assert (again.shards, again.unchanged, again.quads) == (1, 3, 1)
        assert len(quads_of(tmp_path / "g.store")) == len(before) + 2

    def test_does_not_trust_its_record_where_the_graph_was_emptied(self, tmp_path: Path) -> None:
        source = shards(tmp_path / "shards")
        store = tmp_path / "g.store"
        load([source], store=store)
        graph = KnowledgeGraph.open(store, writable=True)
        graph.store.clear()  # type: ignore[union-attr]
        graph.close()
        assert load([source], store=store).shards == 3
        assert quads_of(store) == expected(source)

    def test_adds_to_what_another_program_wrote(self, tmp_path: Path) -> None:
        """A folder that is itself an Oxigraph store has no union, and gets one."""
        other = Store(str(tmp_path / "g.store"))
        other.extend(parse("<urn:a> <urn:b> <urn:c> <urn:d> .", RdfFormat.N_QUADS))
        other.flush()
        del other
        (tmp_path / "more.nt").write_text("<urn:x> <urn:b> <urn:c> .\n")
        load([tmp_path / "more.nt"], store=tmp_path / "g.store")
        found = KnowledgeGraph.open(tmp_path / "g.store").query("SELECT ?s { ?s <urn:b> <urn:c> } ORDER BY ?s")
        assert [row["s"] for row in found] == ["urn:a", "urn:x"]

    def test_keeps_the_prefixes_and_facts_of_a_graph_that_was_built(self, tmp_path: Path) -> None:
        """What `save` wrote as N-Quads is, loaded, the graph that it was."""
        built = graphwright.build([from_text("Colonel Ana Kos visited Riga.", id="n", date="2024-05-14")])
        (tmp_path / "out").mkdir()
        built.save(tmp_path / "out" / "part-0.nq")
        load([tmp_path / "out"], store=tmp_path / "g.store")
        loaded = KnowledgeGraph.open(tmp_path / "g.store")
        assert list(loaded.quads()) == list(built.quads())
        assert loaded.prefixes == built.prefixes
        assert loaded.counts() == built.counts()

    def test_tells_how_far_it_is(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(loading, "_TOLD_EVERY", 10)
        told: list[Loading] = []
        load([shards(tmp_path / "shards")], store=tmp_path / "g.store", on_progress=told.append)
        assert [one.number for one in told] == sorted(one.number for one in told)
        assert [one.part for one in told] == sorted(one.part for one in told)
        assert (told[-1].number, told[-1].shards, told[-1].quads) == (3, 3, 300)
        assert told[-1].part == pytest.approx(1)
        assert told[-1].left == pytest.approx(0)


@pytest.mark.parametrize("suffix", [".nq", ".nt", ".ttl", ".trig", ".rdf", ".jsonld", ".nq.gz", ".ttl.gz"])
def test_every_format_is_loaded(tmp_path: Path, suffix: str) -> None:
    format = loading._format_of(Path(f"x{suffix}"))
    assert format is not None
    quads = list(parse("<urn:a> <urn:b> <urn:c> .", RdfFormat.N_QUADS))
    text = serialize(quads if format.supports_datasets else (quad.triple for quad in quads), format=format) or b""
    (tmp_path / f"x{suffix}").write_bytes(gzip.compress(text) if suffix.endswith(".gz") else text)
    load([tmp_path / f"x{suffix}"], store=tmp_path / "g.store")
    assert quads_of(tmp_path / "g.store") == [str(quad) for quad in quads]


# -- blank nodes ------------------------------------------------------------------------------------------------------


def nodes_of(store: Path) -> list[BlankNode]:
    found = KnowledgeGraph.open(store).store
    return sorted({quad.subject for quad in found if isinstance(quad.subject, BlankNode)}, key=str)


def test_blank_nodes_of_two_files_are_two(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("_:b <urn:p> <urn:o> .\n")
    (tmp_path / "b.nt").write_text("_:b <urn:p> <urn:o2> .\n")
    (tmp_path / "c.ttl").write_text("[ <urn:p> [ <urn:p> _:b ] ] .")
    load(sorted(tmp_path.glob("?.*")), store=tmp_path / "g.store")
    assert len(nodes_of(tmp_path / "g.store")) == 4


def test_blank_nodes_of_a_folder_of_shards_are_those_of_one_dataset(tmp_path: Path) -> None:
    source = tmp_path / "shards"
    source.mkdir()
    (source / "part-0.nq").write_text("_:c14n0 <urn:p> <urn:o> <urn:d> .\n")
    (source / "part-1.nq").write_text("_:c14n0 <urn:q> <urn:o> <urn:d> .\n")
    load([source], store=tmp_path / "g.store")
    assert nodes_of(tmp_path / "g.store") == [BlankNode("c14n0")]


def test_a_shard_that_is_loaded_again_has_the_same_blank_nodes(tmp_path: Path) -> None:
    """So it does no harm that a piece is written again, which was written but not yet recorded."""
    (tmp_path / "c.ttl").write_text("[ <urn:p> [ <urn:p> _:b ] ; <urn:q> ( 1 2 3 ) ] .")
    load([tmp_path / "c.ttl"], store=tmp_path / "g.store")
    before = quads_of(tmp_path / "g.store")
    (tmp_path / "g.store" / "loaded.jsonl").unlink()
    assert load([tmp_path / "c.ttl"], store=tmp_path / "g.store").shards == 1
    assert quads_of(tmp_path / "g.store") == before


# -- what goes wrong --------------------------------------------------------------------------------------------------


def broken(folder: Path, name: str, content: bytes) -> str:
    """What is said of a shard that stands after a good one."""
    (folder / "a.nq").write_text(lines(0, 5))
    (folder / name).write_bytes(content)
    with pytest.raises(StoreError) as caught:
        load([folder / "a.nq", folder / name], store=folder / "g.store")
    assert len(quads_of(folder / "g.store")) == len({*lines(0, 5).splitlines()}) + 5 + 3
    return str(caught.value)


def test_a_broken_shard_is_named_with_its_line_and_leaves_nothing(tmp_path: Path, small_pieces: None) -> None:
    told = broken(tmp_path, "b.nq", (lines(5, 20) + "<urn:a> <urn b> <urn:c> .\n").encode())
    assert re.search(r"^the shard is broken: Parser error at line 41 .*\n  where: .*b\.nq:41\n  to mend: .+", told)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("b.nq", b"\x00\xff\xfe" * 1000),
        ("b.nt", b"<urn:a> <urn:b> <urn:c>"),
        ("b.ttl", b"@prefix x: <urn:x> . x:a x:b y:c ."),
        ("b.nq.gz", b"this is not gzip"),
        ("b.nq.gz", gzip.compress(lines(0, 500).encode())[:-20]),
        ("b.rdf", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
        ("b.jsonld", b'{"@context": "https://example.org/context.jsonld", "a": 1}'),
    ],
)
def test_whatever_is_no_rdf_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    assert "b." in broken(tmp_path, name, content)


def test_a_load_goes_on_once_the_broken_shard_is_mended(tmp_path: Path) -> None:
    source = shards(tmp_path / "shards")
    path = source / "documents" / "part-00001.nq"
    good = path.read_text()
    path.write_text(good + "<urn:a>\n")
    with pytest.raises(StoreError, match="part-00001"):
        load([source], store=tmp_path / "g.store")
    path.write_text(good)
    done = load([source], store=tmp_path / "g.store")
    assert (done.shards, done.unchanged) == (2, 1)
    assert quads_of(tmp_path / "g.store") == expected(source)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda folder: folder / "nothing", "there is no such file"),
        (lambda folder: folder, "the folder holds no shards"),
        (lambda folder: folder / "letter.txt", "is no RDF"),
    ],
)
def test_what_is_no_shard_is_told(tmp_path: Path, make: object, told: str) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana")
    with pytest.raises(StoreError, match=told):
        find_shards([make(tmp_path)])  # type: ignore[operator]


def version(folder: Path, number: int, first: int, *, whole: bool = True) -> Path:
    """A version as Spark writes it: the folder of its shards."""
    graph = folder / f"version-{number:06}" / "graph"
    graph.mkdir(parents=True)
    (graph / "part-00000.nq").write_text(lines(first, 5))
    if whole:
        (graph.parent / "report.json").write_text("{}")
    return graph


def test_what_lies_elsewhere_is_copied_first() -> None:
    with pytest.raises(StoreError, match=r"read from files\n  where: hdfs://host/graph\n  to mend: copy"):
        find_shards(["hdfs://host/graph"])


def test_versions_of_a_build_are_not_mixed(tmp_path: Path) -> None:
    """Each is a whole graph: what is gone in the second would stay."""
    one, two = version(tmp_path / "news", 1, 0), version(tmp_path / "news", 2, 3)
    with pytest.raises(StoreError, match=r"several versions.*version-000001, version-000002"):
        load([tmp_path / "news"], store=tmp_path / "g.store")
    assert not (tmp_path / "g.store").exists()
    load([one], store=tmp_path / "g.store")
    assert load([one / "part-00000.nq"], store=tmp_path / "g.store").unchanged == 1
    before = quads_of(tmp_path / "g.store")
    with pytest.raises(StoreError, match="the graph has version-000001 of this build"):
        load([two], store=tmp_path / "g.store")
    assert quads_of(tmp_path / "g.store") == before
    load([version(tmp_path / "other", 2, 3)], store=tmp_path / "g.store")  # of another build


def test_a_version_takes_the_place_of_one_that_somebody_removed(tmp_path: Path) -> None:
    one, two = version(tmp_path / "news", 1, 0), version(tmp_path / "news", 2, 3)
    load([one], store=tmp_path / "g.store")
    with closing(KnowledgeGraph.open(tmp_path / "g.store", writable=True)) as graph:
        assert isinstance(graph.store, Store)
        graph.store.clear()
    for _ in range(2):
        load([two], store=tmp_path / "g.store")
        assert quads_of(tmp_path / "g.store") == expected(two)


def test_a_version_that_is_not_complete_is_no_graph(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"not complete\n  where: .*version-000001\n"):
        find_shards([version(tmp_path, 1, 0, whole=False)])


def test_what_follows_is_put_beside_what_is_loaded(tmp_path: Path) -> None:
    """As a build has it; and it is found anew when more is loaded."""
    texts = ("Colonel Ana Kos met General Tibor Benko in Oslo.", "Colonel Ana Kos met General Jo Lee in Riga.")
    for number, text in enumerate(texts):
        graphwright.build([from_text(text, id=f"d{number}")]).save(tmp_path / f"{number}.nq")
    for number in range(2):
        load([tmp_path / f"{number}.nq"], store=tmp_path / "g.store", infer=True)
        with closing(KnowledgeGraph.open(tmp_path / "g.store")) as graph:
            met = graph.query("SELECT ?b { ?b gw:metWith ?a . ?a rdfs:label 'Ana Kos' }")
            assert len(list(met)) == number + 1, "that it is symmetric is an axiom"


def test_a_graph_that_a_build_keeps_takes_in_no_shards(tmp_path: Path) -> None:
    """The next build would not know of them; and a build does not touch what was loaded."""
    source = shards(tmp_path / "shards")
    graphwright.build([from_text("Ana Kos visited Riga.", id="n")], store=tmp_path / "built.store").close()
    before = quads_of(tmp_path / "built.store")
    with pytest.raises(StoreError, match="a build keeps this graph"):
        load([source], store=tmp_path / "built.store")
    assert quads_of(tmp_path / "built.store") == before
    load([source], store=tmp_path / "loaded.store")
    with pytest.raises(StoreError, match="not kept by a build"):
        graphwright.build([from_text("Ana Kos visited Riga.", id="n")], store=tmp_path / "loaded.store")


def test_nothing_is_loaded_into_what_is_no_graph(tmp_path: Path) -> None:
    source = shards(tmp_path / "shards")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    for store in ("photos", "photos/cat.jpg", "nowhere/g.store", "g.nq"):
        with pytest.raises(StoreError):
            load([source], store=tmp_path / store)
    assert sorted(path.name for path in (tmp_path / "photos").iterdir()) == ["cat.jpg"]


# -- killed -----------------------------------------------------------------------------------------------------------

PROGRAM = """
import sys, time
from graphwright.graph import loading
loading.PIECE = loading.PIECE_ON_SERVER = 400
print("ready", flush=True)
loading.load([sys.argv[1]], store=sys.argv[2], ledger=sys.argv[3])
"""


def killed_and_repeated(source: Path, store: str, record: Path) -> int:
    """Load until a load is not killed any more, which happens at any moment; say how often that was."""
    moments = random.Random(1)
    kills = 0
    while True:
        command = [sys.executable, "-c", PROGRAM, str(source), store, str(record)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        try:
            if process.wait(moments.uniform(0.01, 0.4) if kills < 6 else None) == 0:
                return kills
            raise AssertionError("the load failed")
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
        finally:
            process.stdout.close()


def test_a_load_that_is_killed_goes_on_and_gives_the_same(tmp_path: Path) -> None:
    source = shards(tmp_path / "shards", of=4, number=2_000)
    assert killed_and_repeated(source, str(tmp_path / "g.store"), tmp_path) > 1
    assert quads_of(tmp_path / "g.store") == expected(source)


def test_a_load_into_a_server_that_is_killed_goes_on_and_gives_the_same(tmp_path: Path) -> None:
    source = shards(tmp_path / "shards", of=3, number=1_000)
    with oxigraph() as url:
        assert killed_and_repeated(source, url, tmp_path / "record") > 1
        assert quads_of(url) == expected(source)


# -- servers ----------------------------------------------------------------------------------------------------------


class TestALoadIntoAServer:
    def test_gives_what_a_folder_would_hold(self, tmp_path: Path, small_pieces: None) -> None:
        source = shards(tmp_path / "shards", number=20)
        with oxigraph() as url:
            assert load([source], store=url, ledger=tmp_path / "record").quads == 120
            assert quads_of(url) == expected(source)
            assert load([source], store=url, ledger=tmp_path / "record").unchanged == 3

    def test_writes_no_union_where_the_server_makes_it(self, tmp_path: Path) -> None:
        source = shards(tmp_path / "shards", number=20)
        with oxigraph("--union-default-graph") as url:
            load([source], store=url, ledger=tmp_path / "record")
            found = KnowledgeGraph.open(url)
            assert len(found) == 90  # 60 documents, of which two state the same

    def test_does_not_trust_its_record_where_the_server_forgot(self, tmp_path: Path) -> None:
        """A server in memory forgets all when it ends."""
        source = shards(tmp_path / "shards", number=20)
        for _ in range(2):
            with oxigraph() as url:
                record = tmp_path / "record"
                assert load([source], store=url, ledger=record).shards == 3
                assert quads_of(url) == expected(source)

    def test_keeps_its_record_where_programs_keep_their_state(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
        source = shards(tmp_path / "shards", number=20)
        with oxigraph() as url:
            load([source], store=url)
            assert [path.name for path in (tmp_path / "state").rglob("*.jsonl")] == ["loaded.jsonl"]
            assert load([source], store=url).unchanged == 3


# -- laws -------------------------------------------------------------------------------------------------------------

_QUADS = st.lists(
    st.builds(
        lambda s, o, g: f"<urn:s{s}> <urn:p> {o} {g} .",
        st.integers(0, 3),
        st.sampled_from(['"a"', '"é\\n"@en', "<urn:o>", "_:b", '"1"^^<urn:t>']),
        st.sampled_from(["<urn:g1>", "<urn:g2>", "_:g", ""]),
    ),
    max_size=12,
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_QUADS, st.integers(1, 5), st.randoms(use_true_random=False))
def test_however_quads_are_split_into_shards_the_graph_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, found: list[str], number: int, order: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("load")
    (folder / "shards").mkdir()
    order.shuffle(found)
    for part in range(number):
        (folder / "shards" / f"part-{part}.nq").write_text("\n".join(found[part::number]) + "\n")
    load([folder / "shards"], store=folder / "g.store")
    expected = set(parse("\n".join(found), RdfFormat.N_QUADS))
    expected |= {Quad(*quad.triple) for quad in expected if not in_default_graph(quad)}
    assert set(KnowledgeGraph.open(folder / "g.store").store) == expected


# -- the command line -------------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from graphwright.cli import main; main()", "load", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_the_command_tells_what_it_did(tmp_path: Path) -> None:
    source = shards(tmp_path / "shards")
    done = run(source, "--to", tmp_path / "g.store")
    assert (done.returncode, done.stdout) == (0, "")
    assert re.fullmatch(r"3 shards loaded, 300 quads in \d+\.\d s \([\d,]+ quads a second\)\n", done.stderr)
    done = run(source, "--to", tmp_path / "g.store")
    assert re.fullmatch(r"0 shards loaded, 3 loaded before, 0 quads in \d+\.\d s\n", done.stderr)


def test_the_command_infers(tmp_path: Path) -> None:
    axiom = f"<urn:b> <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> <urn:a> {ONTOLOGY_GRAPH} .\n"
    facts = "<urn:d> <https://schema.org/mentions> <urn:x> <urn:d> .\n<urn:x> <urn:b> <urn:y> <urn:d> .\n"
    (tmp_path / "a.nq").write_text(axiom + facts)
    assert run(tmp_path / "a.nq", "--to", tmp_path / "g.store", "--infer").returncode == 0
    assert any("<urn:x> <urn:a> <urn:y>" in one for one in quads_of(tmp_path / "g.store"))


def test_the_command_names_a_broken_shard(tmp_path: Path) -> None:
    (tmp_path / "b.nq").write_text("<urn:a> <urn:b> .\n")
    done = run(tmp_path / "b.nq", "--to", tmp_path / "g.store")
    assert done.returncode == 2
    assert re.match(r"error: the shard is broken: .*\n  where: .*b\.nq:1\n  to mend: ", done.stderr)


def test_ctrl_c_ends_the_command_in_good_order(tmp_path: Path) -> None:
    source = shards(tmp_path / "shards", of=2, number=150_000)
    command = [sys.executable, "-c", "from graphwright.cli import main; main()", "load", str(source)]
    process = subprocess.Popen([*command, "--to", str(tmp_path / "g.store")], stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "g.store" / "graph" / "CURRENT").exists():
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, told.strip()) == (130, "interrupted")


def test_the_report_says_nothing_of_what_was_not_done() -> None:
    assert Loaded() == Loaded(0, 0, 0, 0.0)
