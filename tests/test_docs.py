"""docs/predict.md says what there is, and what it shows is what happens."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from linesift.cli.predict import predict
from tests.conftest import ROOT
from tests.running import STORY, TEXT

DOC = (ROOT / "docs" / "predict.md").read_text("utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```", DOC, re.DOTALL | re.MULTILINE)
GERMAN = (
    "Die Fähre nach Lindholm fährt wieder\n"
    "Nach elf Jahren legte die erste Fähre am Dienstagmorgen in Köln ab, sagte Bürgermeister Jürgen Böhm.\n"
)
ANYTHING = "..."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the examples run, one after the other."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "page.txt").write_text(TEXT, "utf-8")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "german.txt").write_text(GERMAN, "utf-8")
    (folder / "corpus" / "story.txt").write_text(f"{STORY}\nShare\n")
    (folder / "crawl.jsonl").write_text("".join(json.dumps({"id": n, "text": TEXT}) + "\n" for n in (1, 2)))
    install_command(folder)
    return folder


def install_command(folder: Path) -> None:
    """Put the command `linesift` and this Python into the folder's bin."""
    command = folder / "bin" / "linesift"
    command.parent.mkdir()
    program = "from linesift.cli import main; main(prog_name='linesift')"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{program}" "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    (folder / "bin" / "python").symlink_to(sys.executable)


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


def check_examples(block: str, folder: Path) -> None:
    """Run the commands of a block in a folder, and compare what they write with what is shown."""
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": paths}
    for command, shown in examples(block):
        done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True, check=False)
        output = done.stdout.decode() + done.stderr.decode()
        if done.returncode:
            output += f"[exit code {done.returncode}]\n"
        expected = ".*".join(map(re.escape, shown.split(ANYTHING)))
        assert re.fullmatch(expected, output), f"{command}\nshows {shown}\nwrote {output}"


@pytest.mark.parametrize("block", BLOCKS, ids=[block.split("\n")[0][2:50] for block in BLOCKS])
def test_examples_show_what_happens(block: str, folder: Path) -> None:
    check_examples(block, folder)


def test_every_option_is_described_and_no_other() -> None:
    described = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", " ".join(re.findall(r"^\*\*-.*$", DOC, re.MULTILINE))))
    options = {name for option in predict.params if option.param_type_name == "option" for name in option.opts}
    assert described == options | {"-h", "--help"}


def test_every_value_of_a_choice_is_described() -> None:
    for option in predict.params:
        for value in getattr(option.type, "choices", ()):
            assert f"`{value}`" in DOC or re.search(rf"\*\*--.*\b{value}\b.*\*\*", DOC), value
