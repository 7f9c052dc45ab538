"""``./dev demo``: the whole loop over the deployed API, said step by step."""

from tools import local
from tools.steps import screen


def demo() -> None:
    """Play the loop: a bounce, the gate, the profile, the reset; then a text message the same way."""
    screen.print(local.where(local.bring_up()))
