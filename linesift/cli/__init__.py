"""The command: linesift predict, explain, info, sites, train, evaluate."""

from __future__ import annotations

import click

from linesift import __version__
from linesift.cli.evaluate import evaluate
from linesift.cli.explain import explain
from linesift.cli.info import info
from linesift.cli.predict import predict
from linesift.cli.sites import sites
from linesift.cli.train import train


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="linesift")
def main() -> None:
    """Tag every line of a web document as article or noise, from the text alone, in any language."""


for command in (predict, explain, info, sites, train, evaluate):
    main.add_command(command)
