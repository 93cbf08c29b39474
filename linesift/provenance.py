"""What a model was trained on and how, as its manifest states it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from linesift import __version__
from linesift.corpus import LabelledDocument
from linesift.training import Trained, TrainingOptions

LIBRARIES = ("lightgbm", "numpy", "scikit-learn", "scipy")


def about(trained: Trained, files: Sequence[Path], options: TrainingOptions) -> Mapping[str, object]:
    """What the manifest says of a training: versions, options, counts and hashes of what was read.

    :param files: what was read, and may be gone by now; a folder has one hash, over the names and contents of its
        files.
    """
    labels = Counter(label for document in trained.documents for label in document.labels)
    return {
        "versions": {
            "linesift": __version__,
            "python": platform.python_version(),
            **{library: version(library) for library in LIBRARIES},
        },
        "options": asdict(options),
        "counts": {
            "documents": len(trained.documents),
            "article_lines": labels[1],
            "noise_lines": labels[0],
            "unscored_lines": labels[None],
        },
        "documents_by_source": dict(sorted(Counter(document.source for document in trained.documents).items())),
        "documents_sha256": sha256_of_documents(trained.documents),
        "training_files": dict(_hashes(files)),
    }


def sha256_of_documents(documents: Sequence[LabelledDocument]) -> str:
    """The hash of all ids, groups, lines and labels, in order: the same data from other files has the same."""
    digest = hashlib.sha256()
    for document in documents:
        row = [document.id, document.source, document.view, document.group, document.lines, document.labels]
        digest.update(json.dumps(row).encode() + b"\n")
    return digest.hexdigest()


def _hashes(paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    names = Counter(path.name for path in paths)
    for path in paths:
        name = path.name if names[path.name] == 1 else f"{path.parent.name}/{path.name}"
        with suppress(OSError):  # a bad record, named when it was read: no reason to lose the training
            if path.is_file():
                yield name, hashlib.sha256(path.read_bytes()).hexdigest()
            elif path.is_dir():
                files = sorted(file for file in path.iterdir() if file.is_file())
                listed = "".join(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n" for file in files)
                yield f"{name}/", hashlib.sha256(listed.encode()).hexdigest()
