"""What the model looks at: the catalogue, the lexicons, and features on lines whose values are plain to see."""

from pathlib import Path

import numpy as np
import pytest

from linesift.features.buffer import Batch
from linesift.features.catalogue import parse_catalogue, read_catalogue
from linesift.features.extract import Extractor, fill
from linesift.features.lexicons import KINDS, Entry, Lexicons, parse_lexicon, read_lexicons
from tests.conftest import ROOT

LEXICONS = read_lexicons(ROOT / "features" / "lexicons")
LANGUAGES = 115  # as README.md says
CATALOGUE = read_catalogue(ROOT / "features" / "catalogue.tsv")


def columns(*lines: str, lexicons: Lexicons = LEXICONS) -> dict[str, np.ndarray]:
    extractor = Extractor(Batch([lines]), lexicons)
    first = extractor.first_pass(np.zeros(len(lines)))
    return {**first, **extractor.second_pass(np.linspace(0, 1, len(lines), dtype=np.float32))}


def test_the_catalogue_names_every_column_that_is_computed() -> None:
    computed = set(columns("A line.", "Another.")) - {"prose"}
    assert computed == {feature.name for feature in CATALOGUE.features}
    assert len(CATALOGUE.features) == len(computed)


def test_a_catalogue_with_a_bad_row_names_it() -> None:
    with pytest.raises(ValueError, match="line 2"):
        parse_catalogue("feature\tfamily\tpass\tmeaning\nchars\tlength\n")
    with pytest.raises(ValueError, match="header"):
        parse_catalogue("")
    with pytest.raises(KeyError, match="no such feature: colour"):
        fill(np.empty((1, 1), dtype=np.float32), columns("x"), ["colour"])


def test_lexicons_cover_the_languages() -> None:
    languages = {kind: {e.language for e in LEXICONS.entries if e.kind == kind} for kind in KINDS}
    assert {kind: len(found) for kind, found in languages.items()} == dict.fromkeys(KINDS, LANGUAGES)


def test_a_folder_that_is_no_kind_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no lexicons"):
        read_lexicons(tmp_path)
    (tmp_path / "cookies").mkdir()
    (tmp_path / "cookies" / "en.txt").write_text("cookie*")
    with pytest.raises(ValueError, match="no kind of lexicon cookies; there are advertisement"):
        read_lexicons(tmp_path)


def test_every_lexicon_file_is_clean() -> None:
    for path in (ROOT / "features" / "lexicons").glob("*/*.txt"):
        entries = list(parse_lexicon(path.read_text("utf-8"), path.parent.name, path.stem))
        assert entries, path
        assert len(set(entries)) == len(entries), path
        assert all(entry.phrase and "*" not in entry.phrase for entry in entries), path


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("We use cookies.", 1),
        ("Cookies", 1),
        ("a cookiecutter", 1),  # a stem matches any ending
        ("precookies", 0),  # but no beginning
        ("the PRIVACY\u00a0Policy applies", 1),
        ("privacy policyholders", 0),
        ("Política de Privacidad", 1),
        ("politica de privacidad", 1),
        ("本网站使用缓存文件", 1),
    ],
)
def test_phrases_match_whole_words(line: str, count: int) -> None:
    entries = [("cookie", True), ("privacy policy", False), ("política de privacidad", False), ("缓存", False)]
    lexicons = Lexicons.from_entries([Entry("consent", "xx", phrase, stem) for phrase, stem in entries])
    assert len(lexicons.find(Batch([[line]])).pattern) == count


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("One two three. Four five!", {"words": 5, "sentences": 2, "ends_sentence": 1, "commas": 0}),
        ("He said “no.”", {"sentences": 1, "ends_sentence": 1, "quotes": 2}),
        ("The mayor announced that...", {"ends_sentence": 0, "ends_ellipsis": 1}),
        ("The mayor announced that [...]", {"ends_sentence": 0, "ends_ellipsis": 1}),
        ("Il a dit « Non. »", {"ends_sentence": 1, "ends_ellipsis": 0}),
        ("行吗？", {"ends_question": 1, "ends_sentence": 1}),
        ("今天天气很好。我们去公园。", {"sentences": 2, "ends_sentence": 1, "words": 11 / 1.6}),
        ("วันนี้อากาศดี", {"words": 13 / 4.0, "ends_sentence": 0}),
        ("Read [more here](https://a.example/b) now", {"links": 1}),
        ("see www.example.com today", {"links": 1, "link_word_share": 0.6}),
        ("Home | News • Sport", {"separators": 2, "title_share": 1.0}),
        ("Updated 12:30, 3 May 2024", {"clock_times": 1, "number_share": 4 / 6}),
        ("HELLO world", {"upper_share": 0.5}),
    ],
)
def test_shape_and_links(line: str, expected: dict[str, float]) -> None:
    found = columns(line)
    assert {name: pytest.approx(float(found[name][0])) for name in expected} == expected


def test_foreign_lines_share_little_with_the_document() -> None:
    story = ["The mayor of the town said on Monday that the town would build a new bridge over the river.",
             "The river had flooded the town in the spring, and the mayor of the town was asked for a bridge.",
             "Diese Webseite verwendet Cookies, um Ihnen personalisierte Werbung zu zeigen und sie zu messen.",
             "The bridge over the river will be built by the town, said the mayor on Monday in the hall."]  # fmt: skip
    found = columns(*story)
    for name in ("content_shared", "function_words_shared", "letters_shared"):
        assert np.nanargmin(found[name]) == 2, name


def test_shared_vocabulary_needs_no_spaces() -> None:
    story = ["市长星期一表示，市政府将在河上修建一座新桥，工程将于明年春天开始，预计两年内完成。",
             "去年春天河水泛滥，市政府因此决定修建一座新桥，市长说工程的费用由省里承担一半。",
             "足球比赛昨晚结束，主队以三比一获胜，观众在球场外庆祝到深夜，教练对队员的表现很满意。"]  # fmt: skip
    found = columns(*story)
    assert np.nanargmin(found["content_shared"]) == 2


def test_repeated_lines_are_counted() -> None:
    found = columns("A headline", "Some text.", "a  headline".replace("  ", " "), "A headline")
    assert found["copies"].tolist() == [3, 1, 3, 3]
    assert found["copies_above"].tolist() == [0, 0, 1, 2]
    assert found["copy_distance"][2:].tolist() == [2, 1]


def test_context_does_not_cross_documents() -> None:
    batch = Batch([["First document, its only line."], ["Second.", "Third."]])
    extractor = Extractor(batch, LEXICONS)
    found = extractor.first_pass(np.zeros(3))
    assert np.isnan(found["width_1_above"][[0, 1]]).all()
    assert np.isnan(found["width_1_below"][[0, 2]]).all()
    assert found["n_lines"].tolist() == [1, 2, 2]


def test_piles_of_combining_marks_change_no_other_line() -> None:
    plain, pile = "Cafe\u0301 au lait.", "a" + "\u0301\u0327" * 100_000
    together, alone = columns(plain, pile), columns("Café au lait.", "x")
    for name in ("chars", "words", "word_length", "ends_sentence"):
        assert together[name][0] == alone[name][0], name
