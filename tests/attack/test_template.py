"""What AWS does and the emulator does not."""

from pathlib import Path

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


def function(name: str) -> str:
    text = TEMPLATE.read_text()
    start = text.index(f"\n  {name}:\n    Type: AWS::Serverless::Function")
    return text[start : text.index("\n\n", start)]


def test_a_function_that_puts_its_messages_back_is_allowed_to() -> None:
    """Lambda stops dispatch -> queue -> dispatch after about 16 turns: what is held (every 15 minutes, four
    hours in all) or put off (MOST_ATTEMPTS 40) is a dead letter then.
    """
    assert "RecursiveLoop: Allow" in function("Dispatch")
