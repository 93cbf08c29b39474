"""Why a line got its score, in words a person understands."""

from linesift.reasons.explain import Reason, explain, explain_all, explain_features, in_words

__all__ = ["Reason", "explain", "explain_all", "explain_features", "in_words"]
