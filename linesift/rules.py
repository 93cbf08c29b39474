"""Rules of the user's own: patterns of lines that always stay or always go, whatever the model thinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from linesift.documents import is_blank
from linesift.encodings import UTF8
from linesift.extras import needed

Action = Literal["keep", "drop"]
KEEP: Action = "keep"
DROP: Action = "drop"
COMMENT = "#"


class RuleError(ValueError):
    """A rule that cannot be used; the message says where it stands."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens to lines in which a pattern is found.

    :param pattern: a regular expression as RE2 reads it, found anywhere in the line.
    """

    action: Action
    pattern: str

    def __str__(self) -> str:
        return f"{self.action} rule: {self.pattern}"


def parse_rules(text: str, name: str) -> list[Rule]:
    r"""The rules of a file: `keep PATTERN` or `drop PATTERN` on each line; blank lines and lines with # say nothing.

    >>> parse_rules("# ours\ndrop ^Share\n", "rules.txt")
    [Rule(action='drop', pattern='^Share')]

    :param name: of the file, for errors.
    :raises RuleError: if a line is no rule.
    """
    rules = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if is_blank(line) or line.startswith(COMMENT):
            continue
        action, _, pattern = line.strip().partition(" ")
        if action not in {KEEP, DROP}:
            raise RuleError(f"{name}:{number}: expected `keep PATTERN` or `drop PATTERN`, found {line!r}")
        rule = Rule(KEEP if action == KEEP else DROP, pattern.strip())
        check(rule, f"{name}:{number}")
        rules.append(rule)
    return rules


def read_rules(path: Path) -> list[Rule]:
    """The rules of a file.

    :raises RuleError: if it cannot be read or a line of it is no rule.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise RuleError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}: not UTF-8: {error.reason} at byte {error.start}") from error
    return parse_rules(text, str(path))


def check(rule: Rule, where: str) -> None:
    """Whether its pattern can be used.

    :param where: it was given, for the error.
    :raises RuleError: if not, with RE2's reason.
    :raises MissingExtraError: if google-re2 is not installed.
    """
    re2 = _re2()
    if not rule.pattern:
        raise RuleError(f"{where}: the pattern is empty: it would be found in every line")
    try:
        re2.compile(rule.pattern, _options())
    except re2.error as error:
        reason = error.args[0]
        reason = reason.decode(UTF8, "replace") if isinstance(reason, bytes) else reason
        raise RuleError(f"{where}: {rule.pattern!r} is no pattern of RE2: {reason}") from error


def decide(rules: Sequence[Rule], lines: Sequence[str]) -> list[Rule | None]:
    """The rule that decides each line; keep goes before drop, and the first of its kind counts.

    Blank lines are never decided: they carry no label.
    """
    if not rules:
        return [None] * len(lines)
    first_to_keep = tuple(sorted(rules, key=lambda rule: rule.action != KEEP))
    matcher = _matcher(first_to_keep)
    decisions: list[Rule | None] = []
    for line in lines:
        # A lone surrogate, which RE2 cannot see, is for it a question mark.
        found = None if is_blank(line) else matcher.Match(line.encode(UTF8, "replace"))
        decisions.append(first_to_keep[min(found)] if found else None)
    return decisions


@cache
def _matcher(rules: tuple[Rule, ...]) -> Any:
    """All patterns as one automaton, which reads a line once however many there are and cannot backtrack."""
    patterns = _re2().Set.SearchSet(_options())
    for rule in rules:
        patterns.Add(rule.pattern)
    patterns.Compile()
    return patterns


def _re2() -> Any:
    return needed("re2", purpose="--keep-pattern, --drop-pattern or --rules")


def _options() -> Any:
    options = _re2().Options()
    options.log_errors = False  # or else it writes to stderr by itself
    return options
