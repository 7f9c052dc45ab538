"""One AWS of moto for all stories, on a clock that stands still until a story moves it."""

from tests.functions.conftest import aws

__all__ = ["aws"]
