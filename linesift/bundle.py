"""A bundle: the folder that holds one trained model, as data that cannot run anything.

manifest.json      format version, thresholds, calibration, hashes, what it was trained on
first.txt          the first pass's trees, LightGBM's own text format
second.txt         the second pass's trees
words.npy          weights of the word model, float16
lexicons.tsv       the frozen lexicons: kind, language, phrase
catalogue.tsv      the frozen catalogue of features, in the order of the columns
README.md          the model card

Whoever wrote the folder, loading it gives a model or a BundleError: files are read up to a size and
compared with the manifest's hashes, and nothing in them is used before it was checked.
"""

from __future__ import annotations

import hashlib
import io
import json
import stat
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from linesift.features.buffer import Batch
from linesift.features.catalogue import Catalogue, format_catalogue, parse_catalogue
from linesift.features.extract import Extractor
from linesift.features.lexicons import Lexicons
from linesift.features.word_model import BITS, WordModel
from linesift.forest import Forest
from linesift.manifest import Manifest, ManifestError, parse_manifest
from linesift.model import Model
from linesift.trees import TreeError

MANIFEST = "manifest.json"
CARD = "README.md"
FILES = ("first.txt", "second.txt", "words.npy", "lexicons.tsv", "catalogue.tsv")
PINS = "pins.json"  # beside the bundle that ships: the sha256 of each of its files
LARGEST_FILE = 64 * 2**20  # bytes; the bundle that ships is under 10 MB in all


class BundleError(ValueError):
    """A folder that cannot be loaded as a model; the message says which file and what to do."""


def save_bundle(model: Model, folder: Path, card: str) -> None:
    """Write a model to a folder, which is made if it is missing.

    :param card: the model card, Markdown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        "first.txt": model.first.trees.text,
        "second.txt": model.second.trees.text,
        "words.npy": _words_to_bytes(model.word_model),
        "lexicons.tsv": model.lexicons.table.encode(),
        "catalogue.tsv": format_catalogue(model.catalogue).encode(),
    }
    manifest = Manifest(
        thresholds=model.thresholds,
        calibration=model.calibration,
        word_bias=model.word_model.bias,
        first=model.catalogue.first_pass,
        second=model.catalogue.second_pass,
        files={name: sha256(content) for name, content in contents.items()},
        about=model.about,
        site_term=model.site_term,
    )
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / CARD).write_text(card, "utf-8")
    (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")


def load_model(folder: Path | None) -> Model:
    """Read a model from its folder, or the one that ships with the package.

    :raises BundleError: see load_bundle and load_default.
    """
    return load_default() if folder is None else load_bundle(folder)


def load_bundle(folder: Path) -> Model:
    """Read a model from its folder.

    :raises BundleError: if a file is missing, was changed, has another format, or holds what no training writes.
    """
    return _load(folder, read_file(folder, MANIFEST))


def load_default() -> Model:
    """Read the bundle that ships inside the package.

    :raises BundleError: if it is missing, or not the one that this version was released with.
    """
    models = files("linesift") / "models"
    with as_file(models / "default") as folder:
        content = read_file(folder, MANIFEST)
        if sha256(content) != json.loads((models / PINS).read_text("utf-8"))["default"][MANIFEST]:
            raise BundleError(
                f"{folder / MANIFEST}: not the bundle of this release; install linesift again, "
                "or, if you trained it anew on purpose, run `python -m tools.pin_bundle`"
            )
        return _load(folder, content)


def sha256(content: bytes) -> str:
    """Hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _load(folder: Path, manifest_content: bytes) -> Model:
    try:
        manifest = parse_manifest(manifest_content)
    except ManifestError as error:
        raise BundleError(f"{folder / MANIFEST}: {error}") from error
    contents = {name: _checked(folder, name, manifest.files) for name in FILES}
    return Model(
        lexicons=_lexicons(folder, contents["lexicons.tsv"]),
        word_model=WordModel(_words(folder, contents["words.npy"]), manifest.word_bias),
        catalogue=_catalogue(folder, contents["catalogue.tsv"], manifest),
        first=_trees(folder, "first.txt", contents, len(manifest.first)),
        second=_trees(folder, "second.txt", contents, len(manifest.first) + len(manifest.second)),
        calibration=manifest.calibration,
        thresholds=manifest.thresholds,
        about=manifest.about,
        site_term=manifest.site_term,
    )


def read_file(folder: Path, name: str) -> bytes:
    """The content of a bundle's file that is not too large; devices and pipes, which may have no end, are not opened.

    :raises BundleError: if it cannot be read, or is no such file.
    """
    path = folder / name
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BundleError(f"{path}: not a file")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise BundleError(
            f"{path}: {error.strerror}; a bundle is a folder with {MANIFEST}, {', '.join(FILES)}, as train.py writes it"
        ) from error
    if len(content) > LARGEST_FILE:
        raise BundleError(f"{path}: larger than {LARGEST_FILE} bytes")
    return content


def _checked(folder: Path, name: str, hashes: Mapping[str, str]) -> bytes:
    content = read_file(folder, name)
    if sha256(content) != hashes.get(name):
        raise BundleError(f"{folder / name}: its sha256 is not the one in {MANIFEST}: the file was changed or cut")
    return content


def _lexicons(folder: Path, content: bytes) -> Lexicons:
    try:
        lexicons = Lexicons(content.decode())
        lexicons.check()
    except ValueError as error:
        raise BundleError(f"{folder / 'lexicons.tsv'}: {error}") from error
    return lexicons


def _catalogue(folder: Path, content: bytes, manifest: Manifest) -> Catalogue:
    path = folder / "catalogue.tsv"
    try:
        catalogue = parse_catalogue(content.decode())
    except ValueError as error:
        raise BundleError(f"{path}: {error}") from error
    if (catalogue.first_pass, catalogue.second_pass) != (manifest.first, manifest.second):
        raise BundleError(f"{path}: the features are not those of {MANIFEST}")
    extractor = Extractor(Batch([["a"]]), Lexicons(""))
    known = extractor.first_pass(np.zeros(1)).keys()
    unknown = {*manifest.first} - known | {*manifest.second} - extractor.second_pass(np.zeros(1, np.float32)).keys()
    if unknown:
        raise BundleError(f"{path}: this version computes no feature {', '.join(sorted(unknown))}; train it again")
    if len({*manifest.first, *manifest.second}) != len(catalogue.features):
        raise BundleError(f"{path}: a feature stands there twice")
    return catalogue


def _trees(folder: Path, name: str, contents: Mapping[str, bytes], n_features: int) -> Forest:
    try:
        return Forest.from_text(contents[name], n_features)
    except TreeError as error:
        raise BundleError(f"{folder / name}: {error}") from error


def _words_to_bytes(words: WordModel) -> bytes:
    file = io.BytesIO()
    np.save(file, words.weights.astype(np.float16), allow_pickle=False)
    return file.getvalue()


def _words(folder: Path, content: bytes) -> np.ndarray[Any, np.dtype[np.float32]]:
    """The weights of the word model, if the file holds just those."""
    header = _words_to_bytes(WordModel(np.zeros(1 << BITS, np.float32), 0.0))
    start = len(header) - (1 << BITS) * np.dtype(np.float16).itemsize
    if len(content) != len(header) or content[:start] != header[:start]:
        raise BundleError(f"{folder / 'words.npy'}: not the {1 << BITS} weights of a word model, float16")
    weights = np.frombuffer(content, dtype=np.float16, offset=start).astype(np.float32)
    if not np.isfinite(weights).all():
        raise BundleError(f"{folder / 'words.npy'}: weights that are not finite")
    return weights
