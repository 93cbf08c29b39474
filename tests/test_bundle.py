"""A folder that is no bundle of this version says so, and why."""

import json
import shutil
from pathlib import Path

import pytest

import linesift
from linesift.bundle import FILES

DEFAULT = Path(linesift.__file__).parent / "models" / "default"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT, tmp_path / "bundle"))


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_a_missing_file_is_named(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    with pytest.raises(linesift.BundleError, match=name):
        linesift.load(bundle)


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_named(bundle: Path, name: str) -> None:
    content = bytearray((bundle / name).read_bytes())
    content[len(content) // 2] ^= 1
    (bundle / name).write_bytes(bytes(content))
    with pytest.raises(linesift.BundleError, match=f"{name}: its sha256"):
        linesift.load(bundle)


@pytest.mark.parametrize(("version", "advice"), [(2, "newer linesift"), (0, "train it again"), ("x", "train it again")])
def test_another_format_says_what_to_do(bundle: Path, version: object, advice: str) -> None:
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    manifest["format_version"] = version
    (bundle / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(linesift.BundleError, match=advice):
        linesift.load(bundle)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}"])
def test_a_broken_manifest(bundle: Path, content: str) -> None:
    (bundle / "manifest.json").write_text(content, "utf-8")
    with pytest.raises(linesift.BundleError, match=r"manifest\.json"):
        linesift.load(bundle)


def test_the_bundle_that_ships_is_small() -> None:
    assert sum(path.stat().st_size for path in DEFAULT.iterdir()) < 10_000_000
