"""python -m tools.versions [--tests]

Makes an environment with the oldest Python and the lowest versions of the dependencies that resolve, one with the
newest of both, and two that differ in nothing but the Python; then looks whether

- all bundles in the repository get the same scores under each: within 1e-6, and equal where only the Python differs;
- a bundle that is trained and saved under the oldest scores so under the newest, and the other way round.

With --tests the whole test-suite is run under the oldest, the newest and each Python between them too, which takes
long. Pythons that are not installed are passed over. Needs uv (pip install uv).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
BUNDLES = [ROOT / "linesift" / "models" / "default", *sorted((ROOT / "tests" / "fixtures" / "bundles").iterdir())]
WITHIN = 1e-6
IN_FOLDER = Path("Scripts/python.exe" if os.name == "nt" else "bin/python")
BLANK = -1.0  # stands for the score of a blank line, which is none
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
OLDEST, NEWEST = PYTHONS[0], PYTHONS[-1]
LOWEST = ("--resolution", "lowest-direct")
# Old versions warn of what has changed since in Python and in the libraries that they need.
OLD_WARNINGS = ("-W", "ignore::DeprecationWarning", "-W", "ignore::FutureWarning")

SCORES = """
import json, sys
from pathlib import Path
import linesift
from linesift.corpus import read_corpus
documents = [d.lines for path in sorted(Path("data").glob("starter-*.jsonl")) for d in read_corpus(path, print)]
bundles = sys.argv[1:]
json.dump([[s.tolist() for s in linesift.load(b).model_.scores(documents)] for b in bundles], sys.stdout)
"""
TRAIN = """
import sys
from pathlib import Path
from linesift.bundle import save_bundle
from tools.build_format_fixture import CARD, tiny_model
save_bundle(tiny_model(), Path(sys.argv[1]), CARD)
"""


class Environment(NamedTuple):
    """A Python with some versions of the dependencies."""

    name: str
    python: Path

    def run(self, program: str, *args: object) -> str:
        """What a program prints."""
        command = [str(self.python), *OLD_WARNINGS, "-c", program, *map(str, args)]
        return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout

    def scores(self, *bundles: Path) -> list[list[list[float]]]:
        """P(noise) of each line of each page of the starter corpus, for each bundle."""
        found: list[list[list[float]]] = json.loads(self.run(SCORES, *bundles))
        return found

    def test(self) -> bool:
        """Whether the test-suite passes."""
        command = [str(self.python), "-m", "pytest", *OLD_WARNINGS, "-p", "no:cacheprovider"]
        path = f"{self.python.parent}{os.pathsep}{os.environ['PATH']}"  # some tests start `python`
        return not subprocess.run(command, cwd=ROOT, check=False, env={**os.environ, "PATH": path}).returncode


class Maker:
    """Makes environments in a folder."""

    def __init__(self, folder: Path, extras: tuple[str, ...]) -> None:
        self._folder = folder
        self._extras = [word for extra in extras for word in ("--extra", extra)]

    def __call__(self, name: str, python: str, *options: str) -> Environment | None:
        """An environment with the dependencies as they resolve with the options; None: no such Python is here."""
        folder = self._folder / name
        made = subprocess.run(
            ["uv", "venv", "--quiet", "--seed", "--no-python-downloads", "--python", python, folder], check=False
        )
        if made.returncode:
            print(f"Python {python} is not installed: {name} is passed over", flush=True)
            return None
        environment = Environment(name, folder / IN_FOLDER)
        install = ["uv", "pip", "install", "--quiet", "--python", str(environment.python)]
        subprocess.run([*install, *options, *self._extras, "-r", "pyproject.toml"], cwd=ROOT, check=True)
        if self._extras:  # the tests ask for the installed version, and for what is compiled
            subprocess.run([*install, "--no-deps", "--editable", "."], cwd=ROOT, check=True)
        print(f"{name}: {environment.run(VERSIONS)}", end="", flush=True)
        return environment

    def resolved(self, python: str) -> Path:
        """The newest versions that a Python can have, as constraints on others."""
        path = self._folder / f"newest-for-{python}.txt"
        command = ["uv", "pip", "compile", "--quiet", "--python-version", python, "-o", str(path), "pyproject.toml"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return path


VERSIONS = """
import sys, numpy, lightgbm, scipy, sklearn
names = f"NumPy {numpy.__version__}, LightGBM {lightgbm.__version__}, SciPy {scipy.__version__}"
print(f"Python {sys.version.split()[0]}, {names}, scikit-learn {sklearn.__version__}")
"""


def compare(one: Environment, other: Environment, bundles: list[Path], within: float) -> bool:
    """Whether the bundles get the same scores under both."""
    furthest = 0.0
    for of_one, of_other in zip(one.scores(*bundles), other.scores(*bundles), strict=True):
        for scores, others in zip(of_one, of_other, strict=True):
            apart = np.nan_to_num(scores, nan=BLANK) - np.nan_to_num(others, nan=BLANK)
            furthest = max(furthest, float(abs(apart).max()))
    print(f"{one.name} and {other.name}, {len(bundles)} bundles: scores differ by {furthest:.3g} at most", flush=True)
    return furthest <= within


def main(tests: bool) -> bool:
    """Whether all is as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        make = Maker(Path(folder), ("test",) if tests else ())
        here = Environment("this environment", Path(sys.executable))
        oldest, newest = make("oldest", OLDEST, *LOWEST), make("newest", NEWEST)
        well = [compare(here, other, BUNDLES, WITHIN) for other in (oldest, newest) if other]
        if oldest and newest:
            well += [_handed_on(oldest, newest, Path(folder)), _handed_on(newest, oldest, Path(folder))]
            constraints = str(make.resolved(OLDEST))
            alike = [make(f"alike on {python}", python, "-c", constraints) for python in (OLDEST, NEWEST)]
            well += [compare(alike[0], alike[1], BUNDLES, 0.0)] if alike[0] and alike[1] else []
        if tests:
            between = [make(f"newest on {python}", python) for python in PYTHONS[:-1]]
            well += [other.test() for other in (oldest, newest, *between) if other]
    return all(well)


def _handed_on(writer: Environment, reader: Environment, folder: Path) -> bool:
    """Whether a bundle that one has trained and saved scores the same under the other."""
    bundle = folder / f"by {writer.name}"
    writer.run(TRAIN, bundle)
    print(f"a bundle written under {writer.name}: ", end="")
    return compare(writer, reader, [bundle], WITHIN)


def show_pyenv() -> None:
    """Have the Pythons that pyenv has installed answer to their names, unless some are chosen already."""
    if shutil.which("pyenv"):
        done = subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, check=True, text=True)
        wanted = [name for name in done.stdout.split() if name.startswith(PYTHONS)]
        os.environ.setdefault("PYENV_VERSION", ":".join(wanted))


if __name__ == "__main__":
    show_pyenv()
    os.environ["PYTHONPATH"] = str(ROOT)
    sys.exit(not main("--tests" in sys.argv[1:]))
