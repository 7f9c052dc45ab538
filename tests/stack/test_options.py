"""Options on the deployed stack: a block that is older than its days is lifted by the hour's run."""

import json
import subprocess
import time
from datetime import date
from pathlib import Path
from typing import Any

from tools import place
from tools.stack import Stack


def _gate(stack: Stack, address: str) -> dict[str, Any]:
    asked = {"recipients": [{"credential": f"email:{address}", "channel": "email"}]}
    [verdict] = stack.api("POST", "/sends/check", asked, stack.token("sends")).body["results"]
    return dict(verdict)


def test_what_bounced_more_days_ago_than_the_parameter_says_is_open_after_the_hour_s_run(
    stack: Stack, tmp_path: Path
) -> None:
    """Taken over from a provider's list, whose entries keep their dates; the local stack has ten years."""
    address = f"long-ago-{time.time_ns()}@example.org"
    listed = tmp_path / "listed.csv"
    listed.write_text(f"email,created,detail\n{address},1262304000,550 5.1.1 no such user\n")
    command = place.tools_command(
        "upstream", "take", "sendgrid", str(listed), "--reason", "bounce", "--write"
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=place.ROOT)
    assert done.returncode == 0, done.stderr
    assert (_gate(stack, address)["send"], _gate(stack, address)["since"][:10]) == (False, "2010-01-01")

    hour = date(2010, 1, 1).toordinal() % 24  # in which the schedule goes through that old a day
    told = json.dumps({"time": f"2026-11-28T{hour:02}:00:00Z"})

    def lifted() -> bool:
        answer: Any = stack.aws.functions.invoke(FunctionName=stack.functions["expire_blocks"], Payload=told)
        assert "FunctionError" not in answer
        return bool(_gate(stack, address)["send"])

    stack.wait_until(lifted, "the hour's run")  # the list of the day is kept a moment later
