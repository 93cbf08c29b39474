"""The wheel: what is in it, and that it works beside a stranger's features/ and train.py."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], check=True, capture_output=True
    )
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_installs_one_name_only(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"linesift"}
    for part in (
        "py.typed",
        "page/script.js",
        "features/characters.npz",
        "models/default/manifest.json",
        "models/default/second.txt",
    ):
        assert f"linesift/{part}" in names
    assert not [name for name in names if name.endswith((".pyc", ".pkl"))]


def test_it_works_beside_a_stranger(wheel: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", tmp_path / "site", wheel],
        check=True,
    )
    stranger = tmp_path / "stranger"
    (stranger / "features").mkdir(parents=True)
    (stranger / "features" / "__init__.py").write_text("raise ImportError('the wrong features')")
    (stranger / "train.py").write_text("raise ImportError('the wrong train')")
    program = (
        f"import sys; sys.path[:0] = [{str(stranger)!r}, {str(tmp_path / 'site')!r}]; import linesift; "
        "print(linesift.__file__); print(linesift.load().tag('Accept all cookies').labels)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=stranger, check=True, capture_output=True)
    assert str(tmp_path / "site") in done.stdout.decode()
    assert done.stdout.decode().endswith("['noise']\n")


def test_importing_is_cheap() -> None:
    program = "import sys, linesift; print({'lightgbm', 'pandas', 'sklearn', 'numpy', 'click'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True)
    assert done.stdout == b"set()\n"
