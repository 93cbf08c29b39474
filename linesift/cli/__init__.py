"""The command: linesift predict, explain, info, sites, train, evaluate."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from linesift.cli.interrupts import ends_with_130

COMMANDS = ("predict", "explain", "info", "sites", "train", "evaluate")


class LazyGroup(click.Group):
    """A group that imports a command when it is asked for: training needs libraries that tagging does without."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"linesift.cli.{cmd_name}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        with ends_with_130():  # while a command is imported too
            return super().invoke(ctx)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="linesift")
def main() -> None:
    """Tag every line of a web document as article or noise, from the text alone, in any language."""
