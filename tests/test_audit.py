"""The audit of the dependencies: fails on a finding, and says so where nothing could be asked."""

import doctest
import subprocess

import pytest

from tools import audit

WEAK = '{"dependencies": [{"name": "linesift", "skip_reason": "ours"}, {"name": "a", "version": "1", "vulns": %s}]}'
FOUND = '[{"id": "CVE-1", "fix_versions": []}]'


def test_its_examples() -> None:
    assert doctest.testmod(audit).failed == 0


@pytest.mark.parametrize(
    ("output", "code", "said"),
    [
        (WEAK % FOUND, 1, "a 1: CVE-1"),
        (WEAK % "[]", 0, "1 package audited, no known weakness\n"),
        ("", 0, "NOT AUDITED: the service cannot be reached: no route to host"),
    ],
)
def test_exit_codes(
    output: str, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = subprocess.CompletedProcess([], 0, output, "Traceback\nno route to host")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert audit.main() == code
    assert said in capsys.readouterr().out
