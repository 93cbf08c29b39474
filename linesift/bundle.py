"""A bundle: the folder that holds one trained model, as data that cannot run anything.

manifest.json      format version, thresholds, calibration, hashes, what it was trained on
first.txt          the first pass's trees, LightGBM's own text format
second.txt         the second pass's trees
words.npy          weights of the word model, float16
lexicons.tsv       the frozen lexicons: kind, language, phrase
catalogue.tsv      the frozen catalogue of features, in the order of the columns
README.md          the model card
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from linesift.features.catalogue import format_catalogue, parse_catalogue
from linesift.features.lexicons import Lexicons
from linesift.features.word_model import BITS, WordModel
from linesift.model import MODES, Calibration, Model

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
CARD = "README.md"
FILES = ("first.txt", "second.txt", "words.npy", "lexicons.tsv", "catalogue.tsv")
LARGEST_FILE = 64 * 2**20  # bytes; the bundle that ships is under 10 MB in all


class BundleError(ValueError):
    """A folder that cannot be loaded as a model; the message says which file and what to do."""


def save_bundle(model: Model, folder: Path, card: str) -> None:
    """Write a model to a folder, which is made if it is missing.

    :param card: the model card, Markdown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        "first.txt": model.first.model_to_string().encode(),
        "second.txt": model.second.model_to_string().encode(),
        "words.npy": _words_to_bytes(model.word_model),
        "lexicons.tsv": model.lexicons.table.encode(),
        "catalogue.tsv": format_catalogue(model.catalogue).encode(),
    }
    manifest = {
        "format_version": FORMAT_VERSION,
        "thresholds": dict(model.thresholds),
        "calibration": asdict(model.calibration),
        "word_bias": model.word_model.bias,
        "features": {"first": list(model.catalogue.first_pass), "second": list(model.catalogue.second_pass)},
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
        **model.about,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / CARD).write_text(card, "utf-8")
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")


def load_bundle(folder: Path) -> Model:
    """Read a model from its folder.

    :raises BundleError: if a file is missing, was changed, or has another format.
    """
    from lightgbm import Booster
    from lightgbm.basic import LightGBMError

    manifest = read_manifest(folder)
    contents = {name: _checked(folder, name, manifest) for name in FILES}
    try:
        catalogue = parse_catalogue(contents["catalogue.tsv"].decode())
        model = Model(
            lexicons=Lexicons(contents["lexicons.tsv"].decode()),
            word_model=WordModel(_words_from_bytes(contents["words.npy"]), float(manifest["word_bias"])),
            catalogue=catalogue,
            first=Booster(model_str=contents["first.txt"].decode()),
            second=Booster(model_str=contents["second.txt"].decode()),
            calibration=Calibration(**manifest["calibration"]),
            thresholds={mode: float(manifest["thresholds"][mode]) for mode in MODES},
            about={key: value for key, value in manifest.items() if key not in WRITTEN_BY_SAVE},
        )
    except (LightGBMError, ValueError, KeyError, TypeError) as error:
        raise BundleError(f"{folder}: not a valid bundle: {error}") from error
    _check_columns(folder, model)
    return model


# What save_bundle adds to a model's own `about`.
WRITTEN_BY_SAVE = {"format_version", "thresholds", "calibration", "word_bias", "features", "files"}


def load_default() -> Model:
    """Read the bundle that ships inside the package.

    :raises BundleError: if the package was built without it.
    """
    with as_file(files("linesift") / "models" / "default") as folder:
        return load_bundle(folder)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a bundle.

    :raises BundleError: if the folder holds none, or one of a format this version does not read.
    """
    try:
        manifest = json.loads(_read(folder, MANIFEST))
    except ValueError as error:
        raise BundleError(f"{folder / MANIFEST}: not JSON: {error}") from error
    version = manifest.get("format_version") if isinstance(manifest, dict) else None
    if version != FORMAT_VERSION:
        newer = isinstance(version, int) and version > FORMAT_VERSION
        advice = "install a newer linesift" if newer else "train it again with this version"
        raise BundleError(
            f"{folder / MANIFEST}: format version {version}, this version reads {FORMAT_VERSION}: {advice}"
        )
    assert isinstance(manifest, dict)
    return manifest


def _read(folder: Path, name: str) -> bytes:
    path = folder / name
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BundleError(f"{path}: larger than {LARGEST_FILE} bytes")
        return path.read_bytes()
    except OSError as error:
        raise BundleError(
            f"{path}: {error.strerror}; a bundle is a folder with {MANIFEST}, {', '.join(FILES)}, as train.py writes it"
        ) from error


def _checked(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    content = _read(folder, name)
    if hashlib.sha256(content).hexdigest() != manifest.get("files", {}).get(name):
        raise BundleError(f"{folder / name}: its sha256 is not the one in {MANIFEST}: the file was changed or cut")
    return content


def _check_columns(folder: Path, model: Model) -> None:
    n_first, n_second = len(model.catalogue.first_pass), len(model.catalogue.second_pass)
    for booster, expected in ((model.first, n_first), (model.second, n_first + n_second)):
        if booster.num_feature() != expected:
            raise BundleError(f"{folder}: trees over {booster.num_feature()} features, the catalogue has {expected}")


def _words_to_bytes(words: WordModel) -> bytes:
    file = io.BytesIO()
    np.save(file, words.weights.astype(np.float16), allow_pickle=False)
    return file.getvalue()


def _words_from_bytes(content: bytes) -> np.ndarray[Any, np.dtype[np.float32]]:
    weights = np.load(io.BytesIO(content), allow_pickle=False)
    if weights.shape != (1 << BITS,):
        raise ValueError(f"words.npy: shape {weights.shape}, expected {(1 << BITS,)}")
    return np.asarray(weights, dtype=np.float32)
