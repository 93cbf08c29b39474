"""linesift info: what a bundle is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linesift.bundle import CARD, MANIFEST, BundleError, read_file
from linesift.card import MEANING_OF_MODE
from linesift.cli.common import CONTEXT, InterruptibleCommand, load_model
from linesift.manifest import FORMAT_VERSION
from linesift.native import SWITCHED_OFF, is_compiled

if TYPE_CHECKING:
    from linesift.model import Model

EXAMPLES = """
\b
Examples:
  linesift info                                    the bundle that ships
  linesift info --model models/mine                one of your own
  linesift info --format json | jq .thresholds     for programs
"""
HELP = {
    "model": "A bundle; by default the one that ships.",
    "output_format": "text: for people. json: the manifest, and what is counted of the bundle, for programs.",
}
WIDTH = 12  # of the names in the left column


@click.command(cls=InterruptibleCommand, epilog=EXAMPLES, context_settings=CONTEXT)
@click.option("--model", "folder", type=click.Path(path_type=Path), help=HELP["model"])
@click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", help=HELP["output_format"]
)
def info(folder: Path | None, output_format: str) -> None:
    """Say what a bundle is: versions, features, thresholds, what it was trained on, and how well it does.

    The bundle is loaded, and so checked, first. Exit code 0: all well; 2: it cannot be loaded.
    """
    model = load_model(folder)
    with as_file(folder or files("linesift") / "models" / "default") as path:
        manifest, card = json.loads((path / MANIFEST).read_bytes()), _card(path)
        if output_format == "json":
            found = {**manifest, "counted": _counted(model), "compiled": is_compiled()}
            click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            click.echo("\n".join(_in_words(path, manifest, model)) + "\n" + card.rstrip())


def _card(folder: Path) -> str:
    """The card's tables of results: what stands between its thresholds and its limits; "" without a card."""
    try:
        text = read_file(folder, CARD).decode("utf-8", "replace")
    except BundleError:
        return ""
    sections = text.split("\n## ")[1:]
    return "".join(
        f"\n{section.rstrip()}\n" for section in sections if "\n|" in section and _title(section) != "Thresholds"
    )


def _title(section: str) -> str:
    return section.split("\n", 1)[0]


def _counted(model: Model) -> dict[str, Any]:
    phrases = model.lexicons.entries
    return {
        "families": dict(Counter(feature.family for feature in model.catalogue.features)),
        "phrases": len(phrases),
        "kinds": dict(Counter(entry.kind for entry in phrases)),
        "languages": len({entry.language for entry in phrases}),
        "trees": {"first": len(model.first), "second": len(model.second)},
    }


def _loops() -> str:
    if SWITCHED_OFF:
        return "switched off by LINESIFT_PURE"
    return "compiled" if is_compiled() else "not compiled, for want of a C compiler"


def _in_words(folder: Path, manifest: Mapping[str, Any], model: Model) -> Iterator[str]:
    counted, about = _counted(model), model.about
    yield _row("bundle", f"{folder}, {_megabytes(folder)} MB, format {FORMAT_VERSION}")
    yield _row("versions", _pairs(about.get("versions", {})))
    trees = counted["trees"]
    first, second = (len(manifest["features"][name]) for name in ("first", "second"))
    yield _row("passes", f"{trees['first']} trees over {first} features, then {trees['second']} with {second} more")
    yield _row("features", ", ".join(f"{count} {family}" for family, count in counted["families"].items()))
    yield _row("phrases", f"{counted['phrases']:,} in {counted['languages']} languages: {', '.join(counted['kinds'])}")
    yield _row("loops", _loops())
    for mode, threshold in model.thresholds.items():
        yield _row(mode, f"noise from score {threshold:g}: {MEANING_OF_MODE[mode]}")
    for name in ("counts", "documents_by_source", "options"):
        if about.get(name):
            yield _row(name.replace("documents_by_", ""), _pairs(about[name]))
    training_files = about.get("training_files")
    if isinstance(training_files, Mapping) and training_files:
        yield "files read (sha256 of each)"
        yield from (f"  {digest}  {name}" for name, digest in training_files.items())


def _row(name: str, text: str) -> str:
    return f"{name:<{WIDTH}}{text}"


def _pairs(value: object) -> str:
    """Names and values; a mapping inside stands in brackets.

    >>> _pairs({"folds": 4, "rows": {"a": 2.5}})
    'folds 4, rows (a 2.5)'
    """
    if not isinstance(value, Mapping):
        return str(value)
    return ", ".join(
        f"{name.replace('_', ' ')} ({_pairs(item)})"
        if isinstance(item, Mapping)
        else f"{name.replace('_', ' ')} {item}"
        for name, item in value.items()
    )


def _megabytes(folder: Path) -> str:
    return f"{sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) / 1e6:.1f}"
