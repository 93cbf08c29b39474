"""Site memory: counting does not depend on order or parts, and without a memory nothing changes."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import linesift
from linesift.bundle import MANIFEST
from linesift.classifier import LineClassifier
from linesift.manifest import CHECKSUM
from linesift.site_memory import DEPTH, MOST
from linesift.site_term import SiteTerm, evidence, fit_site_term
from tests.conftest import ROOT, Run

BITS = 14
MENU = "The Harbour Herald since 1871"
STORIES = (
    "The first ferry to the island of Lindholm in eleven years left Port Ansel on Tuesday morning.",
    "Council workers found a sealed cellar beneath the fish market, and nobody knows who built it.",
    "The lighthouse keeper of Grey Point has put his collection of ship's bells up for sale at last.",
    "A storm that was forecast to pass north of the islands turned at the last moment and hit the pier.",
)
PAGES = [
    [MENU, story, "It was not clear when it would be so again, those who know about it said."] for story in STORIES
]

lines = st.lists(st.sampled_from(["Menu", "menu ", "Wetter", "  ", "A story", "天气", "Share"]), max_size=6)
documents = st.lists(st.tuples(st.sampled_from(["a.org", "b.org", ""]), lines), max_size=12)
Documents = list[tuple[str, list[str]]]


def counted(pairs: Documents, bits: int = BITS) -> linesift.SiteMemory:
    memory = linesift.SiteMemory(bits)
    memory.add_all([site for site, _ in pairs], [lines for _, lines in pairs])
    return memory


def others(memory: linesift.SiteMemory, pairs: Documents) -> list[list[int]]:
    found = memory.others([site for site, _ in pairs], [lines for _, lines in pairs])
    return [array.tolist() for array in found]


@given(documents)
def test_a_line_counts_once_a_document_and_not_for_its_own(pairs: Documents) -> None:
    holds = [(site, {line.strip().lower() for line in lines}) for site, lines in pairs]
    expected = [
        [
            sum(other == site and line.strip().lower() in held for other, held in holds) - 1 if site else 0
            for line in lines
            if line.strip()
        ]
        for site, lines in pairs
    ]
    assert others(counted(pairs), pairs) == expected


@given(documents, st.integers(0, 12), st.randoms())
def test_parts_merged_and_another_order_are_the_same_as_counting_all(
    pairs: Documents, cut: int, draw: np.random.Generator
) -> None:
    whole, merged = counted(pairs, 8), counted(pairs[:cut], 8)
    merged.merge(counted(pairs[cut:], 8))
    np.testing.assert_array_equal(merged.counts, whole.counts)
    shuffled = list(pairs)
    draw.shuffle(shuffled)
    np.testing.assert_array_equal(counted(shuffled, 8).counts, whole.counts)
    one_by_one = linesift.SiteMemory(8)
    for site, lines in pairs:
        one_by_one.add(site, lines)
    np.testing.assert_array_equal(one_by_one.counts, whole.counts)


@given(documents)
def test_bytes_hold_all_of_it(pairs: Documents) -> None:
    memory = counted(pairs, 8)
    again = linesift.SiteMemory.from_bytes(memory.to_bytes())
    np.testing.assert_array_equal(again.counts, memory.counts)
    assert again.bits == memory.bits


def test_a_file_holds_all_of_it(tmp_path: Path) -> None:
    memory = counted([("a.org", page) for page in PAGES])
    memory.save(tmp_path / "sites.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["sites.npz"]
    np.testing.assert_array_equal(linesift.SiteMemory.load(tmp_path / "sites.npz").counts, memory.counts)


def test_memory_is_bounded_and_counts_are_never_too_low() -> None:
    pairs = [("a.org", [f"Line {number} of page {page}" for number in range(30)]) for page in range(100)]
    memory = counted(pairs, 8)
    assert memory.counts.nbytes == DEPTH << 8
    assert memory.false_share == 1.0
    assert min(count for counts in others(memory, pairs) for count in counts) >= 0
    for _ in range(5):
        memory.merge(memory)
    assert memory.counts.max() == MOST
    many = counted([("a.org", ["Menu"])] * 400)
    assert others(many, [("a.org", ["Menu"])]) == [[MOST - 1]]


def test_the_share_of_lines_that_only_seem_known_is_what_it_says() -> None:
    memory = counted([("a.org", [f"Line {number}"]) for number in range(1 << 10)], 10)
    found = others(memory, [("a.org", [f"Line {number}" for number in range(1 << 10)])])[0]
    assert 0.1 < memory.false_share < 0.25  # (1 - 1/e) ** 4 = 0.16
    assert abs(np.mean([count > 0 for count in found]) - memory.false_share) < 0.05


def test_hashes_stay_as_they_are() -> None:
    """Files of earlier versions are read: with other hashes, raise FORMAT_VERSION of the file."""
    memory = counted([("a.org", ["Über uns", "天气"])], 8)
    assert [np.flatnonzero(row).tolist() for row in memory.counts] == [[1, 74], [21, 201], [44, 115], [135, 216]]


def test_sizes_that_differ_are_not_merged() -> None:
    with pytest.raises(ValueError, match="8 and 9 bits"):
        linesift.SiteMemory(8).merge(linesift.SiteMemory(9))
    with pytest.raises(ValueError, match="8 to 28"):
        linesift.SiteMemory(40)


def archive(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as members:
        members.writestr("counts.npy", b"")
        members.writestr("version.npy", b"")
    content = bytearray(file.getvalue())
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = b"\xff\xff\xff\xff"
    return bytes(content)


def encrypted() -> bytes:
    """An archive that says it needs a password."""
    content = bytearray(archive(version=np.array(1), counts=COUNTS))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + place] |= 1
            start = content.find(mark, start + 1)
    return bytes(content)


COUNTS = np.zeros((DEPTH, 256), dtype=np.uint8)
BROKEN = {
    "empty": b"",
    "text": b"{}",
    "cut": archive(version=np.array(1), counts=COUNTS)[:-40],
    "damaged": archive(version=np.array(1), counts=COUNTS).replace(b"\x00" * 64, b"\x01" * 64, 1),
    "other arrays": archive(counts=COUNTS),
    "version 2": archive(version=np.array(2), counts=COUNTS),
    "version": archive(version=np.array("x"), counts=COUNTS),
    "float64": archive(version=np.array(1), counts=COUNTS.astype(float)),
    "(4, 255)": archive(version=np.array(1), counts=COUNTS[:, :-1]),
    "allow_pickle": archive(version=np.array(1), counts=np.array([{}])),
    "too large": bomb(),
    "encrypted": encrypted(),
    "header": archive(version=np.array(1), counts=COUNTS).replace(b"{'descr': '|u1'", b"{'descr': (((((", 1),
    "huge": archive(version=np.array(1), counts=COUNTS).replace(
        b"(4, 256), }" + b" " * 20, b"(4, 1152921504606846976), }    ", 1
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_says_so(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "sites.npz"
    path.write_bytes(BROKEN[kind])
    with pytest.raises(linesift.SiteMemoryError, match=r"sites\.npz: not a site memory, or broken") as error:
        linesift.SiteMemory.load(path)
    if kind not in ("empty", "text", "cut", "damaged", "header", "huge"):
        assert kind in str(error.value)


def test_a_missing_file_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        linesift.SiteMemory.load(tmp_path / "none")


def test_lines_that_a_site_repeats_are_noise_more_often(model: LineClassifier) -> None:
    memory = counted([("herald.example", page) for page in PAGES])
    without, knowing = model.tag(PAGES[0]), model.tag(PAGES[0], "herald.example", memory)
    assert knowing.scores[0] > without.scores[0] + 0.05
    assert knowing.lines[1].label == "article"
    reasons = model.explain(knowing, 1, "herald.example", memory)
    assert "stands in 3 more documents of the site" in [reason.text for reason in reasons]
    assert model.explain(knowing, 1) == [reason for reason in reasons if reason.feature != "site_memory"]


def test_nothing_changes_to_the_last_bit_where_nothing_is_known(model: LineClassifier) -> None:
    memory = counted([("herald.example", page) for page in PAGES])
    alone = counted([("herald.example", PAGES[0])])
    without = model.tag_all([*PAGES, ""])
    assert model.tag_all([*PAGES, ""], ["other.example"] * 4 + [""], memory) == without
    assert model.tag_all([*PAGES, ""], [""] * 5, memory) == without
    assert model.tag(PAGES[0], "herald.example", alone) == without[0]
    proba = zip(model.predict_proba(PAGES), model.predict_proba(PAGES, ["x"] * 4, memory), strict=True)
    for one, other in proba:
        np.testing.assert_array_equal(one, other)


def test_blank_lines_keep_their_places(model: LineClassifier) -> None:
    memory = counted([("herald.example", page) for page in PAGES])
    spaced = ["", *[text for line in PAGES[0] for text in (line, " ")]]
    knowing = model.tag(spaced, "herald.example", memory)
    plain = model.tag(PAGES[0], "herald.example", memory)
    assert [score for score in knowing.scores if score is not None] == plain.scores
    assert [label is None for label in knowing.labels] == [not line.strip() for line in spaced]


def test_a_memory_wants_a_site_for_each_document(model: LineClassifier) -> None:
    with pytest.raises(ValueError, match="1 documents, but 0 sites"):
        model.predict([PAGES[0]], memory=linesift.SiteMemory(8))


def test_copies_of_a_page_do_not_make_it_template() -> None:
    story, menu = 200, 20
    counts, widths = np.array([9, 9, 2, 2, 2]), np.array([menu, menu, story, story, story])
    np.testing.assert_array_equal(evidence(counts, widths)[:, 0], [1, 1, 0, 0, 0])


def test_weights_come_from_the_documents_and_from_the_defaults() -> None:
    draw = np.random.default_rng(0)
    n = 100_000
    known = evidence(draw.integers(0, 9, n), np.ones(n, dtype=np.int64))
    chance = 1 / (1 + np.exp(1.0 - known @ [1.0, 0.5, 0.2]))
    fitted = fit_site_term(known, np.full(n, 1 / (1 + np.e)), draw.random(n) < chance, np.ones(n))
    np.testing.assert_allclose([fitted.repeated, fitted.documents, fitted.neighbours], [1.0, 0.5, 0.2], atol=0.15)
    nothing = fit_site_term(np.zeros((3, 3)), np.full(3, 0.5), np.array([True, False, True]), np.ones(3))
    assert nothing == SiteTerm()


def test_training_fits_the_weights_and_the_bundle_keeps_them(tmp_path: Path) -> None:
    """Pages of the starter corpus as those of a few sites, with a line that all of them repeat."""
    rows = [json.loads(row) for row in (ROOT / "data" / "starter-europe.jsonl").read_text("utf-8").split("\n")[:60]]
    pages = [[MENU, *row["lines"]] for row in rows]
    labels = [[0, *row["labels"]] for row in rows]
    quick = LineClassifier(folds=2, first_trees=3, second_trees=3, leaves=4, planted=0.0)
    quick.fit(pages, labels, [f"site {number % 6}" for number in range(len(pages))])
    term = quick.model_.site_term
    assert term.repeated > SiteTerm().repeated
    quick.save(tmp_path / "model")
    assert linesift.load(tmp_path / "model").model_.site_term == term


@pytest.mark.parametrize("value", [None, {}, {"repeated": 1.0}, {"repeated": 1, "documents": "1", "neighbours": 1}])
def test_a_manifest_with_bad_weights_is_refused(value: object, tmp_path: Path) -> None:
    quick = linesift.load(ROOT / "tests" / "fixtures" / "bundles" / "format-1")
    assert quick.model_.site_term == SiteTerm()  # it is older than site memories
    quick.save(tmp_path)
    manifest = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    manifest["site_term"] = value
    manifest.pop(CHECKSUM)
    (tmp_path / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(linesift.BundleError, match="site_term"):
        linesift.load(tmp_path)


def write_rows(path: Path, **fields: object) -> None:
    rows = [{"url": f"https://www.herald.example/{n}", "lines": page, **fields} for n, page in enumerate(PAGES)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_the_command_counts_merges_and_predicts(command: Run, tmp_path: Path) -> None:
    rows = tmp_path / "pages.jsonl"
    write_rows(rows)
    parts = [tmp_path / "one.npz", tmp_path / "two.npz"]
    content = rows.read_bytes().splitlines(keepends=True)
    for path, part in zip(parts, (content[:1], content[1:]), strict=True):
        done = command("sites", "build", "--bits", BITS, "-o", path, "-", input=b"".join(part))
        assert (done.returncode, done.stdout) == (0, b"")
    merged = tmp_path / "all.npz"
    assert command("sites", "merge", *parts, "-o", merged).returncode == 0
    memory = counted([("herald.example", page) for page in PAGES])
    np.testing.assert_array_equal(linesift.SiteMemory.load(merged).counts, memory.counts)
    pages = linesift.load().tag_all(PAGES, ["herald.example"] * 4, memory)
    for jobs in (1, 2):
        done = command("predict", "--format", "jsonl", "--site-memory", merged, "--jobs", jobs, rows)
        found = [json.loads(row)["scores"] for row in done.stdout.decode().split("\n") if row]
        np.testing.assert_allclose(np.array(found), [page.scores for page in pages], rtol=0, atol=1e-9)


def test_the_command_says_what_is_wrong(command: Run, tmp_path: Path) -> None:
    rows, output = tmp_path / "pages.jsonl", tmp_path / "sites.npz"
    write_rows(rows, url=None)
    done = command("sites", "build", "--bits", 8, "-o", output, rows)
    assert done.returncode == 1
    assert b"pages.jsonl:4: names no site; --site-field names the field; fields here: url, lines" in done.stderr
    done = command("predict", "--site-memory", output, "--quiet", "--format", "tsv", rows)
    assert done.returncode == 0
    assert b"no document names its site" in command("predict", "--site-memory", output, rows).stderr
    for wrong in (rows, tmp_path / "none"):
        done = command("predict", "--site-memory", wrong, rows)
        assert done.returncode == 2
        assert str(wrong.name).encode() in done.stderr
        assert command("sites", "merge", wrong, "-o", output).returncode == 2
    write_rows(rows)
    command("sites", "build", "--bits", 8, "-o", output, rows)
    linesift.SiteMemory(9).save(tmp_path / "other.npz")
    assert b"8 and 9 bits" in command("sites", "merge", output, tmp_path / "other.npz", "-o", output).stderr


def test_no_input_is_overwritten(command: Run, tmp_path: Path) -> None:
    rows = tmp_path / "pages.jsonl"
    write_rows(rows)
    before = rows.read_bytes()
    done = command("sites", "build", "-o", rows, rows)
    assert done.returncode == 2
    assert f"--output: {rows} is an input too and would be overwritten" in done.stderr.decode()
    assert rows.read_bytes() == before


def test_a_string_is_no_document() -> None:
    with pytest.raises(TypeError, match="expected the lines of each document"):
        linesift.SiteMemory(8).add("a.example", "Share\nA story.")
