"""python -m tools.audit

Asks PyPI, with pip-audit (pip install 'linesift[dev]'), whether anything that is installed beside linesift has a known
weakness. Ends with 1 if something has. Where the service cannot be reached, that is said and nothing is known: 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

COMMAND = ["-m", "pip_audit", "--format", "json", "--progress-spinner", "off", "--skip-editable", "--timeout", "10"]
OURS = "linesift"


def main() -> int:
    """The exit code."""
    done = subprocess.run([sys.executable, *COMMAND], capture_output=True, check=False, text=True)
    try:
        dependencies = json.loads(done.stdout)["dependencies"]
    except ValueError:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        print(f"NOT AUDITED: the service cannot be reached: {reason}")
        return 0
    message, code = judge([found for found in dependencies if found["name"] != OURS])
    print(message)
    return code


def judge(dependencies: list[dict[str, Any]]) -> tuple[str, int]:
    """What is to be said, and the exit code.

    >>> judge([{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}])
    ('1 package audited, no known weakness; 1 unknown to the service: b', 0)
    >>> judge([{"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}])
    ('a 1: CVE-1, mended in 2', 1)
    >>> judge([{"name": "b", "skip_reason": "not found"}])
    ('NOT AUDITED: the service knows none of the 1 packages', 0)

    :param dependencies: as pip-audit gives them.
    """
    skipped = [found["name"] for found in dependencies if "skip_reason" in found]
    audited = [found for found in dependencies if "skip_reason" not in found]
    if not audited:
        return f"NOT AUDITED: the service knows none of the {len(skipped)} packages", 0
    weak = [
        f"{found['name']} {found['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or '-'}"
        for found in audited
        for weakness in found["vulns"]
    ]
    if weak:
        return "\n".join(weak), 1
    plural = "" if len(audited) == 1 else "s"
    unknown = f"; {len(skipped)} unknown to the service: {', '.join(skipped)}" if skipped else ""
    return f"{len(audited)} package{plural} audited, no known weakness{unknown}", 0


if __name__ == "__main__":
    sys.exit(main())
