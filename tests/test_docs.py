"""The pages of docs/ say what there is, and what they show is what happens."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import cast

import click
import pytest

from linesift.cli import main
from tests.conftest import ROOT
from tests.rows import STORY
from tests.running import TEXT

COMMANDS = ("predict", "explain", "info", "train", "evaluate")  # tests/test_docs_sites.py looks at the page of sites
OF_NAME = {name: cast(click.Command, main.get_command(click.Context(main), name)) for name in COMMANDS}
PAGES = {"README": main, **OF_NAME}
DOCS = {name: (ROOT / "docs" / f"{name}.md").read_text("utf-8") for name in PAGES}
BLOCKS = [
    (name, block)
    for name, page in DOCS.items()
    for block in re.findall(r"^```console\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
]
GERMAN = (
    "Die Fähre nach Lindholm fährt wieder\n"
    "Nach elf Jahren legte die erste Fähre am Dienstagmorgen in Köln ab, sagte Bürgermeister Jürgen Böhm.\n"
)
GOLD = """\
{"id": "a", "source": "blogs", "view": "all", "lang": "en", "lines": ["Menu", "A story.", "Ends."], "labels": [0, 1, 1]}
{"id": "b", "source": "blogs", "view": "all", "lang": "de", "lines": ["Teilen", "", "dpa"], "labels": [0, null, null]}
"""
SCORES = """\
{"id": "a", "noise": [0.95, 0.6, 0.1]}
{"id": "b", "noise": [0.8, null, 0.3]}
"""
N_MINE = 8
ANYTHING = "..."  # in a line; by itself it is any number of lines
NOT_RUN = {"", "xml"}  # lines that are shown as text, not as an example of use


def starter_pages() -> str:
    """A few of the pages that ship, some of them in another view, the last two held out."""
    rows = (ROOT / "data" / "starter-europe.jsonl").read_text("utf-8").split("\n")[:N_MINE]
    changed = [
        {**json.loads(row), "view": "resi" if number % 2 else "full", "split": "valid" if number > 5 else "train"}
        for number, row in enumerate(rows)
    ]
    return "".join(json.dumps(row) + "\n" for row in changed)


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder in which the examples of a page run, one after the other."""
    return cache(lambda name: filled(tmp_path_factory.mktemp(name)))


def filled(folder: Path) -> Path:
    """The files that the pages say are there."""
    (folder / "page.txt").write_text(TEXT, "utf-8")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "german.txt").write_text(GERMAN, "utf-8")
    (folder / "corpus" / "story.txt").write_text(f"{STORY}\nShare\n")
    (folder / "crawl.jsonl").write_text("".join(json.dumps({"id": n, "text": TEXT}) + "\n" for n in (1, 2)))
    (folder / "mine.jsonl").write_text(starter_pages())
    (folder / "gold.jsonl").write_text(GOLD)
    (folder / "scores.jsonl").write_text(SCORES)
    install_command(folder)
    return folder


def install_command(folder: Path) -> None:
    """Put the command `linesift` and this Python into the folder's bin."""
    (folder / "bin").mkdir()
    program = "from linesift.cli import main; main(prog_name='linesift')"
    # Scripts, since a link to the Python of a virtual environment may forget the environment.
    for name, arguments in (("linesift", f'-c "{program}" '), ("python", "")):
        command = folder / "bin" / name
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n')
        command.chmod(command.stat().st_mode | stat.S_IXUSR)


def examples(block: str) -> list[tuple[str, str]]:
    """The commands of a block, each with what it shows."""
    found: list[list[str]] = []
    for line in block.removesuffix("\n").split("\n"):
        if line.startswith("$ "):
            found.append([line[2:], ""])
        elif line.startswith("> "):
            found[-1][0] += "\n" + line[2:]
        else:
            found[-1][1] += line + "\n"
    return [(command, shown) for command, shown in found]


def pattern(shown: str) -> str:
    """The regular expression of what an example shows."""
    lines = shown.splitlines(keepends=True)
    found = "".join(
        "(?:.*\n)*" if line.strip() == ANYTHING else ".*".join(map(re.escape, line.split(ANYTHING))) for line in lines
    )
    # Below 8.4, click names the other option for help.
    return found.replace(re.escape("--help' for help."), "(?:--help|-h)' for help\\.")


def check_examples(block: str, folder: Path) -> None:
    """Run the commands of a block in a folder, and compare what they write with what is shown."""
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": paths}
    for command, shown in examples(block):
        done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True, check=False)
        output = done.stdout.decode() + done.stderr.decode()
        if done.returncode:
            output += f"[exit code {done.returncode}]\n"
        assert re.fullmatch(pattern(shown), output), f"{command}\nshows {shown}\nwrote {output}"


@pytest.mark.parametrize(
    ("name", "block"), BLOCKS, ids=[f"{name}: {block[2:50].splitlines()[0]}" for name, block in BLOCKS]
)
def test_examples_show_what_happens(name: str, block: str, folder_of: Callable[[str], Path]) -> None:
    check_examples(block, folder_of(name))


@pytest.mark.parametrize("name", DOCS)
def test_every_option_is_described_and_no_other(name: str) -> None:
    headings = " ".join(re.findall(r"^\*\*-.*$", DOCS[name], re.MULTILINE))
    described = re.findall(r"(?<![\w-])--?[a-z][a-z-]*", headings)
    options = {name for option in options_of(name) for name in (*option.opts, *option.secondary_opts)}
    assert sorted(described) == sorted(options | {"-h", "--help"})


@pytest.mark.parametrize("name", DOCS)
def test_every_value_of_a_choice_is_described(name: str) -> None:
    for option in options_of(name):
        for value in getattr(option.type, "choices", ()):
            assert f"`{value}`" in DOCS[name] or re.search(rf"\*\*--.*\b{value}\b.*\*\*", DOCS[name]), value


def options_of(name: str) -> list[click.Option]:
    """The options of a page's command that are not hidden."""
    return [option for option in PAGES[name].params if isinstance(option, click.Option) and not option.hidden]


@pytest.mark.parametrize("name", DOCS)
def test_every_argument_is_described(name: str) -> None:
    for argument in PAGES[name].params:
        if isinstance(argument, click.Argument):
            words = re.findall("[A-Z]+", argument.make_metavar(click.Context(PAGES[name])))
            assert f"**{words[0]}**" in DOCS[name]


@pytest.mark.parametrize("name", DOCS)
def test_every_example_of_use_is_run(name: str) -> None:
    """Examples of the command are blocks of `console`; the one block of Python is run by tests/test_reasons.py."""
    kinds = re.findall(r"^```(\w*)\n(?:.*?)^```$", DOCS[name], re.DOTALL | re.MULTILINE)
    assert set(kinds) <= NOT_RUN | {"console"} | ({"python"} if name == "explain" else set())


@pytest.mark.parametrize("name", DOCS)
def test_every_command_has_a_page_that_the_others_lead_to(name: str) -> None:
    for target, anchor in re.findall(r"\]\((?!http)([^)#]*)(#[^)]+)?\)", DOCS[name]):
        path = ROOT / "docs" / (target or f"{name}.md")
        assert path.exists(), target
        if anchor:
            titles = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
            assert anchor[1:] in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    if name != "README":
        assert f"({name}.md)" in DOCS["README"]
        assert f"docs/{name}.md" in (ROOT / "README.md").read_text("utf-8")
