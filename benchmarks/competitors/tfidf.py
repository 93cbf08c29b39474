"""TF-IDF of words and logistic regression, as a scikit-learn pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import joblib
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline

from linesift.corpus import LabelledDocument


class TfIdf:
    """Trained on the lines of the same documents."""

    name = "TF-IDF + logistic regression"

    def prepare(self, documents: Sequence[LabelledDocument], folder: Path) -> None:
        lines, labels = zip(
            *(
                (line, label)
                for document in documents
                for line, label in zip(document.lines, document.labels, strict=True)
                if label is not None
            ),
            strict=True,
        )
        pipeline = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, max_features=500_000, sublinear_tf=True),
            SGDClassifier(loss="log_loss", alpha=1e-6, random_state=0),
        )
        joblib.dump(pipeline.fit(lines, np.array(labels) == 0), folder / "pipeline.joblib")

    def load(self, folder: Path) -> None:
        self.pipeline = joblib.load(folder / "pipeline.joblib")

    def noise(self, documents: Sequence[Sequence[str]], languages: Sequence[str]) -> list[NDArray[np.float64]]:
        noise = self.pipeline.predict_proba([line for document in documents for line in document])[:, 1]
        return np.split(noise, np.cumsum([len(document) for document in documents])[:-1])
