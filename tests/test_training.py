"""Training as a user starts it: on data/, on a corpus of one's own, on documents with stand-off labels."""

import hashlib
import json
from pathlib import Path

import pytest

import linesift
from linesift.boosting import BoostingOptions
from linesift.cli.train import MOST_LEAVES
from linesift.corpus import CorpusError, parse_document, read_corpus
from tests.conftest import ROOT, Run
from tests.rows import STORY, write_rows

QUICK = ("--folds", 2, "--first-trees", 5, "--second-trees", 5, "--leaves", 7, "--planted", 0.2)


def small_corpus(path: Path, **fields: str) -> Path:
    labels = [1, 1, 0, 0]
    lines = [[f"{STORY} Part {n} of {path.stem}.", STORY, "Menu", "Share"] for n in range(12)]
    return write_rows(path, [{"id": f"{n}", "lines": lines[n], "labels": labels, **fields} for n in range(12)])


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle trained on data/ by the root script, with few trees."""
    import subprocess
    import sys

    output = tmp_path_factory.mktemp("models") / "mine"
    program = [sys.executable, "train.py", *map(str, QUICK), "--output", str(output)]
    subprocess.run(program, cwd=ROOT, check=True, capture_output=True)
    return output


def test_a_bundle_is_data_and_a_card(trained: Path) -> None:
    names = {path.name for path in trained.iterdir()}
    assert names == {"manifest.json", "first.txt", "second.txt", "words.npy", "lexicons.tsv", "catalogue.tsv",
                     "README.md", "report.md"}  # fmt: skip
    manifest = json.loads((trained / "manifest.json").read_text("utf-8"))
    assert manifest["format_version"] == 1
    assert set(manifest["thresholds"]) == {"careful", "balanced", "strict"}
    assert manifest["features"]["first"][0] == "chars"
    assert manifest["counts"]["documents"] > 50
    data = ROOT / "data" / "starter-europe.jsonl"
    assert manifest["training_files"][data.name] == hashlib.sha256(data.read_bytes()).hexdigest()
    assert "starter/full" in (trained / "README.md").read_text("utf-8")


def test_a_bundle_tags(trained: Path) -> None:
    page = linesift.load(trained).tag((ROOT / "examples" / "page.txt").read_text("utf-8"))
    assert "ferry to the island" in page.article
    assert set(page.labels) - {None} == {"article", "noise"}


def test_two_trainings_give_the_same_bytes(command: Run, tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "a.jsonl")
    for name in ("one", "two"):
        assert command("train", "--corpus", corpus, *QUICK, "--output", tmp_path / name).returncode == 0
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_challenges_are_measured_and_not_trained_on(command: Run, tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "a.jsonl", split="train", source="a")
    held_out = small_corpus(tmp_path / "b.jsonl", split="valid", source="b")
    challenge = small_corpus(tmp_path / "c.jsonl", split="valid", source="challenge-c")
    output = tmp_path / "bundle"
    done = command("train", "--corpus", corpus, held_out, challenge, "--holdout", "valid", *QUICK, "--output", output)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((output / "manifest.json").read_text("utf-8"))
    assert manifest["documents_by_source"] == {"a": 12, "b": 12}
    assert "challenge-c" in (output / "README.md").read_text("utf-8")


def test_bad_rows_are_named_and_the_rest_is_trained_on(command: Run, tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "a.jsonl")
    with corpus.open("a") as file:
        file.write('{"lines": ["x"], "labels": [2]}\n[]\n')
    done = command("train", "--corpus", corpus, tmp_path / "missing.jsonl", *QUICK, "--output", tmp_path / "bundle")
    assert done.returncode == 1
    assert "a.jsonl:13: label 1 is 2" in done.stderr.decode()
    assert "a.jsonl:14: expected a JSON object" in done.stderr.decode()
    assert "missing.jsonl: No such file" in done.stderr.decode()
    linesift.load(tmp_path / "bundle")


def test_nothing_to_train_on_is_wrong_usage(command: Run, tmp_path: Path) -> None:
    corpus = write_rows(tmp_path / "a.jsonl", [{"id": n, "lines": ["Menu"], "labels": [0]} for n in "abc"])
    done = command("train", "--corpus", corpus, *QUICK, "--output", tmp_path / "bundle")
    assert done.returncode == 2
    assert "both labels" in done.stderr.decode()
    assert not (tmp_path / "bundle").exists()


def test_no_more_leaves_are_allowed_than_the_levels_of_a_tree_hold() -> None:
    assert 2 ** BoostingOptions().max_depth == MOST_LEAVES


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (["a/=0"], "a/=0: a factor is a number above 0"),
        (["a/=1", "b/=-1"], "b/=-1: a factor is a number above 0"),
        (["a/=nan"], "a/=nan: a factor is a number above 0"),
        (["a/=inf"], "a/=inf: a factor is a number above 0"),
        (["a/=much"], "expected SOURCE/VIEW=FACTOR, found a/=much"),
        (["a/=2", "no/such=2", "c/full=2"], "no document of c/full, no/such; there are a/, b/resi"),
    ],
)
def test_weights_are_of_rows_that_there_are_and_above_0(
    weights: list[str], message: str, command: Run, tmp_path: Path
) -> None:
    corpora = [
        small_corpus(tmp_path / "a.jsonl", source="a"),
        small_corpus(tmp_path / "b.jsonl", source="b", view="resi"),
    ]
    done = command("train", "--corpus", *corpora, *QUICK, "--output", tmp_path / "bundle", "--weight", *weights)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in done.stderr.decode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "b.jsonl"]


def test_nothing_is_made_by_a_training_that_fails(command: Run, tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "a.jsonl")
    places = "--output", tmp_path / "deep" / "bundle", "--report", tmp_path / "report"
    assert command("train", "--corpus", corpus, "--holdout", "none", *QUICK, *places).returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


@pytest.mark.parametrize("option", ["--output", "--report"])
@pytest.mark.parametrize("place", ["a.jsonl", "a.jsonl/deep/bundle", "nowhere"])
def test_a_place_that_cannot_be_written_is_found_before_training(
    option: str, place: str, command: Run, tmp_path: Path
) -> None:
    corpus = small_corpus(tmp_path / "a.jsonl")
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing" / "folder")
    places = {"--output": tmp_path / "bundle", option: tmp_path / place}
    done = command("train", "--corpus", corpus, *QUICK, *(part for pair in places.items() for part in pair))
    assert done.returncode == 2
    assert f"{option} {tmp_path / place}: " in done.stderr.decode()
    assert b"training:" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "nowhere"]


def test_a_bundle_that_cannot_be_written_in_the_end_is_named(command: Run, tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "a.jsonl")
    (tmp_path / "bundle" / "first.txt").mkdir(parents=True)
    done = command("train", "--corpus", corpus, *QUICK, "--output", tmp_path / "bundle")
    assert done.returncode == 1
    assert done.stderr.decode().endswith(f"Error: {tmp_path}/bundle/first.txt: Is a directory\n")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([], "JSON object"),
        ({"lines": "text", "labels": []}, "list of strings"),
        ({"lines": ["a"], "labels": []}, "one entry for each of the 1 lines, found 0"),
        ({"lines": ["a"]}, "found no"),
        ({"lines": ["a"], "labels": ["story"]}, "label 1 is 'story'"),
        ({"lines": ["a"], "labels": [True]}, "label 1 is True"),
    ],
)
def test_bad_rows(row: object, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        parse_document(row)


def test_the_corpus_that_ships_is_whole() -> None:
    documents = [document for path in sorted((ROOT / "data").glob("starter-*.jsonl")) for document in read_corpus(path)]
    assert len({document.id for document in documents}) == len(documents) >= 70
    assert len({document.lang for document in documents}) >= 20


def test_labels_of_no_documents_are_wrong_usage(command: Run, tmp_path: Path) -> None:
    done = command("train", "--labels", tmp_path / "labels.jsonl", "--check")
    assert (done.returncode, b"--labels needs --documents" in done.stderr) == (2, True)
