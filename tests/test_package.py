"""The wheel and the sdist: what is in them, and that they work beside a stranger's features/ and are typed."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from linesift.native import is_compiled
from tests.conftest import ROOT

COMPILED = (".so", ".pyd")
BUILT = (".c", *COMPILED)  # left in a checkout by an installation from it


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with both, the wheel built from the sdist as installers do it."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, ROOT], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    (path,) = distributions.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel is installed; its dependencies are those of the interpreter."""
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, wheel], check=True
    )
    return folder


def tracked(folder: str) -> set[str]:
    """The files below a folder that the package must hold, as the checkout has them."""
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in BUILT
    }


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    compiled = {name for name in names if name.endswith(COMPILED)}
    assert names - compiled == tracked("linesift")
    loops = {path.stem for path in (ROOT / "linesift" / "native").glob("*.pyx")}
    assert {Path(name).name.split(".")[0] for name in compiled} == (loops if is_compiled() else set())
    for part in ("py.typed", "features/characters.npz", "models/pins.json", "models/default/second.txt"):
        assert f"linesift/{part}" in names


def test_the_sdist_holds_what_tests_and_training_need(distributions: Path) -> None:
    (path,) = distributions.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        members = archive.getmembers()
    names = {member.name.split("/", 1)[1] for member in members if member.isfile()}
    wanted = {"train.py", "predict.py", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md"}
    for folder in ("linesift", "features", "data", "tests", "examples", "tools"):
        wanted |= tracked(folder)
    assert wanted <= names
    assert not [name for name in names if name.endswith((".pyc", ".pkl", *BUILT))]
    assert all(member.isfile() or member.isdir() for member in members)


def test_it_works_beside_a_stranger(site: Path, tmp_path: Path) -> None:
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "__init__.py").write_text("raise ImportError('the wrong features')")
    for name in ("train", "predict"):
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('the wrong {name}')")
    program = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(site)!r}]; import linesift; "
        "print(linesift.__file__); print(linesift.load().tag('Accept all cookies').labels)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True)
    assert str(site) in done.stdout.decode()
    assert done.stdout.decode().endswith("['noise']\n")


def test_a_consumer_is_checked_strictly_against_its_types(site: Path, tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(
        "import linesift\n\n"
        "def kept(text: str) -> list[str]:\n"
        "    page: linesift.TaggedDocument = linesift.load(mode='careful').tag(text)\n"
        "    return [line.text for line in page.lines if line.score is not None and line.score < 0.5]\n"
    )
    (tmp_path / "bad.py").write_text(
        "import linesift\n\nlinesift.load().tag(5)\nlinesift.load().tag('').lines[0].colour\n"
    )
    # As mypy treats what is installed; a folder in MYPYPATH would be the consumer's own code.
    (tmp_path / "mypy.ini").write_text("[mypy]\n[mypy-linesift.*]\nfollow_imports = silent\n")

    def check(name: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "mypy", "--strict", "--config-file", "mypy.ini", name],
            cwd=tmp_path,
            env={"MYPYPATH": str(site), "PATH": ""},
            capture_output=True,
            check=False,
        )
        return done.stdout.decode() + done.stderr.decode()

    assert "Success" in check("good.py")
    found = check("bad.py")
    assert '"int"' in found
    assert "colour" in found


def test_importing_is_cheap() -> None:
    program = "import sys, linesift; print({'lightgbm', 'pandas', 'sklearn', 'numpy', 'click'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True)
    assert done.stdout == b"set()\n"
