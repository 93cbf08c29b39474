"""The one thing that pyproject.toml cannot say: compiled modules are put beside their sources too.

So a checkout runs with them, whether linesift is installed from it or the tests are started in it.
"""

from setuptools import setup
from setuptools.command.build_ext import build_ext


class BuildExtBesideSources(build_ext):
    """Builds as ever, then copies what was compiled into the checkout."""

    def run(self) -> None:
        """Build and copy."""
        super().run()
        self.copy_extensions_to_source()


setup(cmdclass={"build_ext": BuildExtBesideSources})
