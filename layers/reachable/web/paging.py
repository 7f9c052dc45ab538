"""How much of a list one answer has: the same for every list, so that a client needs to know it once."""

from typing import Final

PAGE: Final = 50
"""Where the caller does not say."""
PAGE_LIMIT: Final = 200
