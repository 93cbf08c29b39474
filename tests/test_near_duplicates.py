"""Copies of a document stand in one fold, and none of a held-out one is trained on."""

from pathlib import Path

from linesift.corpus import CorpusError, LabelledDocument
from linesift.folds import assign_folds, independent_groups
from linesift.near_duplicates import same_text
from linesift.validation import without_clashes, without_near_copies
from tests.conftest import Run
from tests.rows import LONG_STORY, write_rows


def document(identity: str, lines: tuple[str, ...], **fields: str) -> LabelledDocument:
    return LabelledDocument(identity, lines, (1,) * len(lines), **fields)


OTHER_STORY = tuple(
    f"Council member {n} said that the budget for road {n} was short of {n * 31} crowns." for n in range(12)
)
CHINESE = tuple(f"市政府第{n}次会议决定修建{n}公里的新公路，预计{2000 + n}年完工并通车。" for n in range(12))


def test_the_same_story_between_other_noise_is_found() -> None:
    edited = (*LONG_STORY[:6], LONG_STORY[6].replace("mill", "old mill"), *LONG_STORY[7:])
    copies = same_text(
        [LONG_STORY, OTHER_STORY, ("Menu", "", *edited, "Share"), CHINESE, ("首页", *CHINESE), ("Menu",), ("Menu",), ()]
    )
    assert copies.tolist() == [0, 1, 0, 2, 2, 3, 4, 5]


def test_near_duplicates_of_two_sites_stand_in_one_fold() -> None:
    documents = [
        document(f"{n}", (*OTHER_STORY, str(n)) if n < 2 else (str(n),), domain=f"{n}.example") for n in range(20)
    ]
    documents.append(document("20", ("Another page of the second site",), domain="1.example"))
    groups = independent_groups(documents)
    assert groups[0] == groups[1] == groups[20] == "0.example"
    assert len(set(groups)) == 19
    for seed in range(5):
        folds = assign_folds(groups, 5, seed)
        assert folds[0] == folds[1] == folds[20]


def test_training_keeps_copies_of_two_sites_together(command: Run, tmp_path: Path) -> None:
    """With nothing but copies there is one group, and no cross-validation."""
    rows = [
        {"id": site, "domain": site, "lines": [*LONG_STORY, f"Share on {site}"], "labels": [1] * 12 + [0]}
        for site in ("a.example", "b.example", "c.example")
    ]
    corpus = write_rows(tmp_path / "a.jsonl", rows)
    done = command(
        "train", "--corpus", corpus, "--first-trees", 2, "--second-trees", 2, "--output", tmp_path / "bundle"
    )
    assert done.returncode == 2
    assert "at least two groups" in done.stderr.decode()


def test_what_is_measured_was_not_trained_on() -> None:
    held_out = [document("a", LONG_STORY, split="valid")]
    others = [document("b", (*LONG_STORY, "Share"), split="train"), document("c", OTHER_STORY, split="train")]
    assert without_near_copies(others, held_out) == others[1:]


def test_copies_of_held_out_documents_go_and_those_within_a_split_stay() -> None:
    errors: list[CorpusError] = []
    documents = [
        document("a", ("x", "y"), split="train", place="f:1"),
        document("b", ("x", "", "y "), split="valid", place="f:2"),
        document("c", ("z",), split="train", place="f:3"),
        document("d", ("z",), split="train", place="f:4"),
        document("e", ("x", "y"), split="valid", place="f:5"),
        document("c", ("w",), split="train", place="f:6"),
    ]
    kept = without_clashes(documents, errors.append)
    assert [d.id for d in kept] == ["b", "c", "d", "e"]
    assert [str(error).split(": ")[0] for error in errors] == ["f:6", "f:1"]
