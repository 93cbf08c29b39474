"""The manifest of a bundle: what it must hold, and reading it from text that anybody may have written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from linesift.model import MODES, Calibration
from linesift.site_term import SiteTerm

FORMAT_VERSION = 1
MOST_LOG_ODDS = 1e6  # of a calibration's terms; see trees.LARGEST_VALUE
SHA256_DIGITS = 64
CHECKSUM = "sha256"
SITE_TERM = tuple(term.name for term in fields(SiteTerm))


class ManifestError(ValueError):
    """A manifest that this version cannot read; the message says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself.

    :param thresholds: score from which a line is noise, for each of MODES, 0 to 1.
    :param word_bias: see WordModel.
    :param first: names of the columns of the first pass.
    :param second: names of the columns that the second pass adds.
    :param files: sha256 of each file, hexadecimal.
    :param about: what the model was trained on and how.
    :param site_term: bundles from before there was a site memory have the default.
    """

    thresholds: Mapping[str, float]
    calibration: Calibration
    word_bias: float
    first: tuple[str, ...]
    second: tuple[str, ...]
    files: Mapping[str, str]
    about: Mapping[str, object] = field(default_factory=dict)
    site_term: SiteTerm = field(default_factory=SiteTerm)

    def to_json(self) -> str:
        """The text that parse_manifest reads."""
        content = {
            "format_version": FORMAT_VERSION,
            "thresholds": dict(self.thresholds),
            "calibration": asdict(self.calibration),
            "word_bias": self.word_bias,
            "features": {"first": list(self.first), "second": list(self.second)},
            "files": dict(self.files),
            "site_term": asdict(self.site_term),
            **self.about,
        }
        return _text({**content, CHECKSUM: _checksum(content)})


def parse_manifest(content: bytes) -> Manifest:
    """Read a manifest.

    :raises ManifestError: if it is no JSON, of another format version, or a field is missing or of a wrong kind.
    """
    try:
        stored = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"not JSON: {error}") from error
    if not isinstance(stored, dict):
        raise ManifestError("not a JSON object")
    _check_version(stored.pop("format_version", None))
    checksum = stored.pop(CHECKSUM, None)  # the first bundles have none
    if checksum is not None and checksum != _checksum({"format_version": FORMAT_VERSION, **stored}):
        raise ManifestError(f"`{CHECKSUM}` is not that of the other fields: the file was changed")
    thresholds = _objects(stored, "thresholds", MODES)
    calibration = _objects(stored, "calibration", tuple(term.name for term in fields(Calibration)))
    features = _objects(stored, "features", ("first", "second"))
    files = stored.pop("files", None)
    if not isinstance(files, dict) or not all(_is_sha256(value) for value in files.values()):
        raise ManifestError("`files`: expected the sha256 of each file")
    site_term = _objects(stored, "site_term", SITE_TERM) if "site_term" in stored else asdict(SiteTerm())
    return Manifest(
        {mode: _number(f"thresholds.{mode}", value, 0.0, 1.0) for mode, value in thresholds.items()},
        Calibration(**{key: _number(f"calibration.{key}", value) for key, value in calibration.items()}),
        _number("word_bias", stored.pop("word_bias", None)),
        first=_names("features.first", features["first"]),
        second=_names("features.second", features["second"]),
        files=files,
        about=stored,
        site_term=SiteTerm(**{key: _number(f"site_term.{key}", value) for key, value in site_term.items()}),
    )


def _text(content: Mapping[str, object]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _checksum(content: Mapping[str, object]) -> str:
    """Of all fields but itself, so that a manifest that was damaged is not taken for another model's."""
    try:
        return hashlib.sha256(_text(content).encode("utf-8", "surrogatepass")).hexdigest()
    except (ValueError, RecursionError) as error:
        raise ManifestError(str(error)) from error


def _check_version(version: object) -> None:
    if type(version) is int and version == FORMAT_VERSION:
        return
    newer = type(version) is int and version > FORMAT_VERSION
    advice = "install a newer linesift" if newer else "train it again with this version"
    raise ManifestError(f"format version {str(version)[:20]}, this version reads {FORMAT_VERSION}: {advice}")


def _objects(stored: dict[str, Any], key: str, fields: tuple[str, ...]) -> dict[str, Any]:
    """Take an object with just these fields out of the manifest."""
    value = stored.pop(key, None)
    if not isinstance(value, dict) or set(value) != set(fields):
        raise ManifestError(f"`{key}`: expected an object with {', '.join(fields)}")
    return value


def _number(name: str, value: object, lowest: float = -MOST_LOG_ODDS, highest: float = MOST_LOG_ODDS) -> float:
    if type(value) not in (int, float) or not lowest <= value <= highest:  # type: ignore[operator]
        raise ManifestError(f"`{name}`: expected a number from {lowest:g} to {highest:g}")
    return float(value)  # type: ignore[arg-type]


def _names(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ManifestError(f"`{name}`: expected a list of names")
    return tuple(value)


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and len(value) == SHA256_DIGITS
