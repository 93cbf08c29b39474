"""Why a line got its score, in words a person understands."""

from linesift.reasons.explain import Reason, Told, explain, explain_all, explain_features, in_words, tell, tell_all
from linesift.reasons.site import with_site

__all__ = ["Reason", "Told", "explain", "explain_all", "explain_features", "in_words", "tell", "tell_all", "with_site"]
