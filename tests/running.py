"""The command run inside the test's own process, where the model is loaded already; and in one that can be killed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

from click.testing import CliRunner

from linesift.cli import main
from tests.conftest import ROOT

PAGE = ROOT / "examples" / "page.txt"
TEXT = PAGE.read_text("utf-8")
COMMAND = [sys.executable, "-c", "from linesift.cli import main; main()"]


@dataclass(frozen=True)
class Done:
    code: int
    stdout: bytes
    stderr: str

    @property
    def rows(self) -> list[dict]:
        return rows_of(self.stdout)


def rows_of(output: bytes) -> list[dict]:
    return [json.loads(line) for line in output.decode().split("\n") if line]


def predict(*args: object, input: bytes = b"") -> Done:
    result = CliRunner().invoke(main, ["predict", *map(str, args)], input=input)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout_bytes, result.stderr)


def start(*args: object, **options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, "predict", *map(str, args)], cwd=ROOT, **options)  # type: ignore[call-overload,no-any-return]
