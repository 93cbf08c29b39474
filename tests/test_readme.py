"""What the README shows is what happens."""

import re

import linesift
from linesift.classifier import LineClassifier
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_the_tagged_page_on_the_first_screen(model: LineClassifier) -> None:
    shown = re.findall(r"^(noise|article)  +(.+)$", README, re.MULTILINE)
    page = model.tag((ROOT / "examples" / "page.txt").read_text("utf-8").removesuffix("\n"))
    assert len(shown) == len(page.lines)
    for line, (label, text) in zip(page.lines, shown, strict=True):
        assert line.text.startswith(text.removesuffix(" …"))
        assert line.label == label, line.text


def test_the_python_example_runs() -> None:
    (example,) = re.findall(r"```python\n(.+?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    exec(example, names)
    assert isinstance(names["page"], linesift.TaggedDocument)
    assert names["page"].labels == ["article", "article", None, "noise"]


def test_the_two_commands_are_those_of_ci() -> None:
    commands = [line for line in README.split("\n") if line.startswith("pip install")]
    assert commands == [
        "pip install . && python predict.py examples/page.txt",
        "pip install '.[test]' && python -m pytest",
    ]
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert all(command in ci for command in commands)
