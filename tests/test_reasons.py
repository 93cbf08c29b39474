"""Reasons: what a person is told of a line's score, and that it is what the model says."""

import math
import re
from itertools import pairwise
from pathlib import Path

import pytest

from linesift.bundle import load_default
from linesift.classifier import LineClassifier
from linesift.documents import is_blank
from linesift.reasons import Reason, Told, explain_all, explain_features, in_words, tell_all
from linesift.reasons.language_names import NAMES
from tests.conftest import ROOT, Run

PAGE = (ROOT / "examples" / "page.txt").read_text("utf-8").removesuffix("\n").split("\n")
SPANISH = [
    "El ayuntamiento de Valdemora abre la biblioteca del puerto",
    "La nueva biblioteca del puerto de Valdemora abrió sus puertas el lunes con doce mil libros.",
    "",
    "Utilizamos cookies propias y de terceros para mostrarle publicidad personalizada. Puede aceptar todas las cookies",
    "La alcaldesa explicó que el edificio costó menos de lo previsto y que los vecinos eligieron su nombre.",
]


def texts_for(label: str, reasons: list[Reason]) -> list[str]:
    sign = 1 if label == "noise" else -1
    return [reason.text for reason in reasons if sign * reason.contribution > 0]


def test_consent_phrases_are_counted_quoted_and_their_language_named(model: LineClassifier) -> None:
    (reasons,) = explain_all(model.model_, SPANISH, [4])
    (text,) = [text for text in texts_for("noise", reasons) if "consent phrase" in text]
    assert re.search(r"\d consent phrases \(Spanish\): “cookies\b.*”, “\w+", text)


def test_the_language_of_a_notice_is_that_of_its_words_not_of_the_page(model: LineClassifier) -> None:
    for number, language in ((1, "German"), (2, "English"), (3, "French")):
        (reasons,) = explain_all(model.model_, PAGE, [number])
        assert any(f"consent phrases ({language})" in text for text in texts_for("noise", reasons))


def test_never_more_than_three_languages_are_named(model: LineClassifier) -> None:
    told = [
        told for told in tell_all(model.model_, ["Newsletter", "Marta", "Cookies", "Video", "Sport | Radio"]) if told
    ]
    named = [sum(f" {name}" in part or f"({name}" in part for name in NAMES.values()) for each in told for part in each]
    assert max(named) <= 3


def test_the_neighbour_and_the_heading_that_mattered_are_named(model: LineClassifier) -> None:
    (reasons,) = explain_all(model.model_, PAGE, [20])
    told = texts_for("noise", reasons)
    assert any(re.fullmatch(r"stands among noise \(most of all line \d+, “.+”\)", text) for text in told)
    assert any(re.fullmatch(r"\d+ lines? (above|below) an? .+ phrase \(line \d+, “.+”\)", text) for text in told)


def test_the_line_that_is_named_is_the_one_with_that_number(model: LineClassifier) -> None:
    named = []
    for reasons in explain_all(model.model_, PAGE, range(1, len(PAGE) + 1)):
        for reason in reasons:
            named += re.findall(r"line (\d+), “(.+?)…?”\)$", reason.text)
    assert len(named) > len(PAGE)
    assert all(" ".join(PAGE[int(number) - 1].split()).startswith(text) for number, text in named)


def test_a_teaser_s_end_and_its_names_are_told(model: LineClassifier) -> None:
    (reasons,) = explain_all(model.model_, PAGE, [21])
    told = [reason.text for reason in reasons]
    assert "ends without a full stop" in told
    assert any(text.startswith("shares no names with the ") for text in told)


def test_every_topic_is_told_once_and_the_strongest_first(model: LineClassifier) -> None:
    for reasons in explain_all(model.model_, PAGE, range(1, len(PAGE) + 1)):
        sizes = [abs(reason.contribution) for reason in reasons]
        assert all(larger >= smaller for larger, smaller in pairwise(sizes))
        assert len({reason.feature for reason in reasons}) == len(reasons)
        assert all(reason.text and "nan" not in reason.text for reason in reasons)


@pytest.mark.parametrize("by_feature", [False, True])
def test_contributions_add_up_to_the_log_odds_less_a_constant(model: LineClassifier, by_feature: bool) -> None:
    scores = model.model_.scores([PAGE])[0]
    bases = []
    for number in (1, 5, 8, 16, 24):
        score = scores[number - 1]
        reasons = (
            explain_features(model.model_, PAGE, number) if by_feature else explain_all(model.model_, PAGE, [number])[0]
        )
        bases.append(math.log(score / (1 - score)) - sum(reason.contribution for reason in reasons))
    assert bases == pytest.approx([bases[0]] * len(bases), abs=1e-5)


def test_features_one_by_one_have_the_catalogue_s_names_and_words(model: LineClassifier) -> None:
    meaning = {feature.name: feature.meaning for feature in model.model_.catalogue.features}
    for reason in explain_features(model.model_, PAGE, 16):
        assert reason.text.startswith(f"{meaning[reason.feature]}: ")


def test_what_is_told_is_on_one_line_whatever_stands_in_the_text(model: LineClassifier) -> None:
    lines = [
        "Share\tTweet\r",
        "Related\u2028stories\x0b",
        "点击这里查看更多新闻",
        "\ud800 Cookie \0",
        "ติดตามข่าว",
        "12:30",
        "—",
    ]
    for told in tell_all(model.model_, lines):
        assert told
        assert len(f"{told.noise} {told.article}".splitlines()) == 1
        assert "\t" not in told.noise + told.article


def test_blank_lines_have_no_reasons(model: LineClassifier) -> None:
    told = tell_all(model.model_, SPANISH)
    assert [each is None for each in told] == [is_blank(line) for line in SPANISH]
    assert tell_all(model.model_, ["", " "]) == [None, None]


def test_reasons_do_not_depend_on_which_lines_are_asked_for(model: LineClassifier) -> None:
    together = explain_all(model.model_, PAGE, [3, 20])
    assert together == [explain_all(model.model_, PAGE, [number])[0] for number in (3, 20)]


def test_reasons_for_the_other_label_are_left_out() -> None:
    reasons = [Reason("words", 2, 0.6, "only 2 words"), Reason("commas", 1, -0.5, "commas: 1")]
    assert (in_words(reasons, "noise"), in_words(reasons, "article")) == ("only 2 words", "commas: 1")
    assert Told("a", "b").of("article") == "b"


def test_every_language_of_the_lexicons_has_a_name() -> None:
    spoken = {entry.language for entry in load_default().lexicons.entries}
    assert spoken <= NAMES.keys()


def test_the_command_tells_reasons_for_and_against(command: Run) -> None:
    result = command("explain", "examples/page.txt", "--line", 21)
    out = result.stdout.decode()
    assert (result.returncode, result.stderr) == (0, b"")
    assert out.startswith("line 21: noise, score 0.")
    assert "  for noise\n    +" in out
    assert "  for article\n    -" in out
    assert re.search(r"line \d+, “.+”", out)


DOCUMENT = (ROOT / "docs" / "explain.md").read_text("utf-8")


def test_the_document_s_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.+?)```", DOCUMENT, re.DOTALL)
    exec(example, {})
    assert re.match(r"[+-]\d\.\d\d \S", capsys.readouterr().out)


def test_the_command_tells_all_lines_and_other_documents(command: Run) -> None:
    rows = b'{"text": "Share"}\n{"lines": ["A story about ships, told at length.", "", "Cookies"]}\n'
    out = command("explain", "-", "--document", 2, "--features", input=rows).stdout.decode()
    assert [line.split(":")[0] for line in out.split("\n") if line.startswith("line ")] == ["line 1", "line 3"]
    assert "consent phrases: " in out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["examples/page.txt", "--line", 99], 2, "--line 99: examples/page.txt: no line 99 in a document of 25 lines"),
        (["examples/page.txt", "--line", 25], 2, "line 25 is blank"),
        (["examples/page.txt", "--document", 2], 2, "--document 2: examples/page.txt holds fewer documents"),
        (["missing.txt"], 1, "missing.txt: No such file"),
        (["missing.txt", "--document", 2], 1, "missing.txt: No such file"),
        (["examples/page.txt", "--encoding", "hex"], 2, "--encoding hex: no such encoding"),
    ],
)
def test_what_cannot_be_explained_is_said(command: Run, arguments: list[object], code: int, message: str) -> None:
    result = command("explain", *arguments)
    assert result.returncode == code
    assert message in result.stderr.decode()
    assert not result.stdout


def test_the_encoding_is_named_or_guessed_and_said(command: Run, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes("Été à la plage, où les élèves jouent encore.\nPartager".encode("cp1252"))
    guessed = command("explain", tmp_path / "page.txt")
    assert "not UTF-8: read as cp1252" in guessed.stderr.decode()
    named = command("explain", "--encoding", "latin1", tmp_path / "page.txt")
    assert (named.returncode, named.stderr, named.stdout) == (0, b"", guessed.stdout)


def test_a_byte_order_mark_is_not_of_the_line(model: LineClassifier) -> None:
    lines = (ROOT / "examples" / "page.txt").read_text("utf-8").split("\n")
    marked = model.tag("\ufeff" + "\n".join(lines))
    assert marked.scores == model.tag(lines).scores
    assert marked.lines[0].text == "\ufeff" + lines[0]
    assert model.explain(marked, 1) == model.explain(model.tag(lines), 1)
