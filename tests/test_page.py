"""The page to look at, in a real Chromium: what it shows, what it saves, and that nothing of a document runs."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from linesift.classifier import LineClassifier
from linesift.corpus import read_corpus
from linesift.documents import TaggedDocument
from linesift.model import MODES
from linesift.page import as_html, prologue
from linesift.reasons import tell_all
from linesift.writers import encode
from tests.conftest import ROOT, Run

playwright = pytest.importorskip("playwright.sync_api", reason="the page is tested with Playwright")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="the page is tested in Chromium, which is not installed")

PAGE = (ROOT / "examples" / "page.txt").read_text("utf-8")
HOSTILE = [
    "<script>window.pwned = 1</script>",
    '"><img src=x onerror="window.pwned = 1">',
    "</p></section></script><script>window.pwned = 1</script>",
    "<!-- <script> -->",
    "<svg onload=window.pwned=1><style>* { display: none }</style>",
    "${window.pwned = 1} {{ 7 * 7 }} &lt;b&gt; &amp; javascript:window.pwned=1",
    "<meta http-equiv=refresh content='0; url=http://127.0.0.1/'>",
    "The council of Brenmouth said on Friday that the harbour will be dredged before the winter storms.",
]
AWKWARD = [
    "CRLF line\r",
    "\x00 NUL \x0b\x0c",
    "lone \ud800 surrogate",
    "  two  spaces ",
    " ",
    "",
    "\u2028 \u202e back",
    "é e\u0301 🙂",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A tab that must ask for nothing but the file, and see no error."""
    context = browser.new_context(viewport={"width": 900, "height": 900}, color_scheme="light")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(60_000)
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    yield page
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []
    assert wrong == []
    context.close()


def section(model: LineClassifier, lines: list[str], row: Mapping[str, Any], name: str) -> str:
    return as_html(model.tag(lines), name, row, tell_all(model.model_, lines))


def opened(tab: Any, folder: Path, html: str) -> Any:
    """The tab on a file with this content."""
    path = folder / "page.html"
    path.write_bytes(encode(html))
    tab.goto(path.as_uri())
    return tab


def start(model: LineClassifier) -> str:
    return prologue(model.model_.thresholds, model.threshold)


@pytest.fixture(scope="module")
def example_html(model: LineClassifier) -> str:
    row = {"id": "ferry", "domain": "harbour.example", "lang": "en", "text": PAGE}
    return start(model) + section(model, PAGE.split("\n"), row, "page.txt")


@pytest.fixture
def example(tab: Any, example_html: str, tmp_path: Path) -> Any:
    """The tab on the example's page."""
    return opened(tab, tmp_path, example_html)


def labels(page: Any) -> list[str | None]:
    """As the page shows them, blank lines included."""
    found = "all => all.map(line => line.dataset.label ?? null)"
    shown: list[str | None] = page.locator(".line, .blank").evaluate_all(found)
    return shown


def set_threshold(page: Any, value: float) -> None:
    page.locator("#threshold").fill(f"{value:g}")  # as the browser writes it


def saved(page: Any, button: Any, folder: Path) -> list[dict[str, Any]]:
    with page.expect_download() as download:
        button.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def test_the_reason_shows_on_hover(example: Any, model: LineClassifier) -> None:
    line = example.locator(".line").nth(20)
    assert not line.locator("aside").is_visible()
    line.hover()
    assert line.locator("aside").is_visible()
    told = tell_all(model.model_, PAGE.split("\n"))[20]
    assert told
    assert line.locator("aside .for-noise").inner_text() == f"For noise: {told.noise}"
    assert line.locator("aside .for-article").inner_text() == f"For article: {told.article}"


def test_the_reason_shows_on_keyboard_focus_and_arrows_go_on(example: Any) -> None:
    example.locator(".save").focus()
    example.keyboard.press("Tab")
    first, second = example.locator(".line").nth(0), example.locator(".line").nth(1)
    assert first.locator("aside").is_visible()
    assert "consent phrases (German)" in first.locator("aside").inner_text()
    example.keyboard.press("ArrowDown")
    assert second.locator("aside").is_visible()
    assert not first.locator("aside").is_visible()


def test_the_labels_are_those_of_the_model(example: Any, model: LineClassifier) -> None:
    page = model.tag(PAGE)
    assert labels(example) == page.labels
    kept = page.labels.count("article")
    assert example.locator("#totals").inner_text() == (
        f"lines kept: {kept}, removed: {page.labels.count('noise')}; article: {page.article_share:.0%} of the words"
    )


def test_the_slider_redraws(example: Any, model: LineClassifier) -> None:
    scores = model.tag(PAGE).scores
    for threshold in (0.0, 0.05, 0.3, 0.97, 1.0):
        set_threshold(example, threshold)
        page = TaggedDocument.from_scores(PAGE.split("\n"), scores, threshold)
        assert labels(example) == page.labels
        assert f"article: {page.article_share:.0%} of the words" in example.locator("#totals").inner_text()
        assert example.locator("#chosen").inner_text() == f"{threshold:g}"


def test_three_modes_set_the_bundle_s_thresholds(example: Any, model: LineClassifier) -> None:
    assert example.locator("[data-mode]").all_inner_texts() == list(MODES)
    for mode in MODES:
        example.get_by_role("button", name=mode).click()
        threshold = model.model_.thresholds[mode]
        page = TaggedDocument.from_scores(PAGE.split("\n"), model.tag(PAGE).scores, threshold)
        assert labels(example) == page.labels
        assert example.locator("[data-mode][aria-pressed=true]").all_inner_texts() == [mode]


def test_a_click_or_enter_corrects_a_line_and_the_slider_leaves_it(example: Any) -> None:
    clicked, typed = example.locator(".line").nth(0), example.locator(".line").nth(7)
    clicked.click()
    typed.focus()
    example.keyboard.press("Enter")
    for threshold in (0.0, 1.0, 0.5):
        set_threshold(example, threshold)
        assert (labels(example)[0], labels(example)[7]) == ("article", "noise")
    assert example.locator("#totals").inner_text().endswith("; corrected: 2")
    clicked.click()
    example.keyboard.press("ArrowDown")
    assert "corrected: 1" in example.locator("#totals").inner_text()
    set_threshold(example, 1.0)
    assert clicked.get_attribute("aria-checked") == "true"
    set_threshold(example, 0.0)
    assert clicked.get_attribute("aria-checked") == "false"


def test_marking_text_with_the_mouse_corrects_nothing(example: Any, model: LineClassifier) -> None:
    box = example.locator(".line").nth(7).bounding_box()
    example.mouse.move(box["x"] + 30, box["y"] + 15)
    example.mouse.down()
    example.mouse.move(box["x"] + 300, box["y"] + 15, steps=4)
    example.mouse.up()
    assert example.evaluate("getSelection().toString()")
    assert labels(example) == model.tag(PAGE).labels


def test_the_article_is_copied(example: Any, model: LineClassifier) -> None:
    example.get_by_role("button", name="Copy article").click()
    example.get_by_role("button", name="Copied").wait_for()
    assert example.evaluate("navigator.clipboard.readText()") == model.tag(PAGE).article


def test_corrected_labels_are_saved_as_a_row_that_training_reads(
    example: Any, model: LineClassifier, tmp_path: Path
) -> None:
    example.locator(".line").nth(0).click()
    (row,) = saved(example, example.get_by_role("button", name="Save labels"), tmp_path)
    assert row["corrected"] == [1]
    (document,) = read_corpus(tmp_path / "labelled.jsonl")
    assert list(document.lines) == PAGE.split("\n")
    values = {"article": 1, "noise": 0, None: None}
    assert list(document.labels) == [1, *(values[label] for label in model.tag(PAGE).labels[1:])]
    assert (document.id, document.domain, document.lang) == ("ferry", "harbour.example", "en")


def test_every_character_comes_back(tab: Any, model: LineClassifier, tmp_path: Path) -> None:
    page = opened(tab, tmp_path, start(model) + section(model, [*HOSTILE, *AWKWARD], {}, "awkward"))
    (row,) = saved(page, page.get_by_role("button", name="Save labels"), tmp_path)
    assert row["lines"] == [*HOSTILE, *AWKWARD]
    (document,) = read_corpus(tmp_path / "labelled.jsonl")
    assert [label is None for label in document.labels] == [not line.strip() for line in [*HOSTILE, *AWKWARD]]


def test_a_document_full_of_scripts_runs_nothing(tab: Any, model: LineClassifier, tmp_path: Path) -> None:
    row = {"id": HOSTILE[2], "domain": HOSTILE[0], "lang": "<!--<script>"}
    page = opened(tab, tmp_path, start(model) + section(model, HOSTILE, row, HOSTILE[1] + HOSTILE[2]))
    page.locator(".line").first.hover()
    assert page.locator(".line > p").all_text_contents() == HOSTILE
    assert page.evaluate("window.pwned") is None
    assert page.locator("img, svg, section style").count() == 0
    assert page.locator("section").count() == 1
    assert page.locator(".line").first.is_visible()
    (saved_row,) = saved(page, page.get_by_role("button", name="Save labels"), tmp_path)
    assert {name: saved_row[name] for name in row} == row


def test_the_policy_stops_what_is_not_the_page_s_own(browser: Any, model: LineClassifier, tmp_path: Path) -> None:
    context = browser.new_context()
    context.set_default_timeout(60_000)
    planted = "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'><b style='color: red'>b</b>"
    page = opened(context.new_page(), tmp_path, start(model) + planted)
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("fetch('data:,x').then(() => 'allowed', () => 'refused')") == "refused"
    context.close()


def test_right_to_left_lines_run_right_to_left(tab: Any, model: LineClassifier, tmp_path: Path) -> None:
    lines = ["عادت العبارة إلى الجزيرة بعد أحد عشر عاما.", "The ferry is back.", "המעבורת חזרה לאי אחרי אחת עשרה שנים."]
    page = opened(tab, tmp_path, start(model) + section(model, lines, {}, "عربي"))
    found = page.locator(".line > p").evaluate_all("all => all.map(p => getComputedStyle(p).direction)")
    assert found == ["rtl", "ltr", "rtl"]


def test_a_narrow_screen_needs_no_sideways_scrolling(tab: Any, model: LineClassifier, tmp_path: Path) -> None:
    lines = [*PAGE.split("\n"), "x" * 500]
    tab.set_viewport_size({"width": 320, "height": 600})
    page = opened(tab, tmp_path, start(model) + section(model, lines, {}, "/a/very/long/name" * 20))
    page.locator(".line").last.focus()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_light_and_dark(example: Any) -> None:
    def lightness(part: str) -> float:
        colour = example.locator("body").evaluate(f"body => getComputedStyle(body).{part}")
        return sum(map(int, re.findall(r"\d+", colour)[:3])) / (3 * 255)

    assert lightness("backgroundColor") > 0.9
    assert lightness("color") < 0.3
    example.emulate_media(color_scheme="dark")
    assert lightness("backgroundColor") < 0.3
    assert lightness("color") > 0.8


def test_noise_is_dimmed_and_coloured_by_its_score(example: Any) -> None:
    def look(number: int, part: str) -> str:
        return str(example.locator(".line").nth(number - 1).evaluate(f"line => getComputedStyle(line).{part}"))

    sure, unsure, article = 24, 9, 8
    assert len({look(number, "borderInlineStartColor") for number in (sure, unsure, article)}) == 3
    dimmed = example.locator(".line > p").evaluate_all("all => all.map(p => Number(getComputedStyle(p).opacity))")
    assert dimmed[sure - 1] < dimmed[article - 1] == 1


def test_several_documents_stand_in_one_page_of_the_command(tab: Any, command: Run, tmp_path: Path) -> None:
    rows = [
        {"id": "a", "url": "https://a.example/1", "text": "Share\nThe council met on Monday, and no one objected.\n"},
        {"id": "b", "domain": "b.example", "lines": ["Cookies", "", "A story about a ship that came home in spring."]},
    ]
    result = command("predict", "--format", "html", "-", input="\n".join(map(json.dumps, rows)).encode())
    assert result.returncode == 0
    page = opened(tab, tmp_path, result.stdout.decode())
    assert page.locator("section").count() == 2
    page.locator("section").nth(1).locator(".line").first.click()
    first, second = saved(page, page.get_by_role("button", name="Save all labels"), tmp_path)
    assert (first["id"], first["url"], second["id"], second["domain"]) == ("a", "https://a.example/1", "b", "b.example")
    assert first["lines"] == rows[0]["text"].split("\n")
    assert second["labels"][:2] == [1, None]
    assert [len(document.lines) for document in read_corpus(tmp_path / "labelled.jsonl")] == [3, 3]
    (alone,) = saved(page, page.locator("section").nth(1).get_by_role("button", name="Save labels"), tmp_path)
    assert alone == second


def test_a_page_that_was_cut_short_still_works(tab: Any, model: LineClassifier, tmp_path: Path) -> None:
    whole = section(model, ["Share", "The council met on Monday, and no one objected."], {}, "one")
    page = opened(tab, tmp_path, start(model) + whole + whole[: whole.index("The council")])
    page.locator(".line").first.hover()
    assert page.locator("aside").first.is_visible()
    set_threshold(page, 1.0)
    assert labels(page)[:2] == ["article", "article"]
