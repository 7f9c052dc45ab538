"""The steps of a bulk check, called one by one by the state machine infra/check_recipients.asl.json."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable.flows import check_recipients
from reachable.flows.check_recipients import BulkCheck
from reachable.log import Event, logger
from reachable.model.errors import Meaningless, NotFound, TooLarge
from reachable.settings import text
from reachable.web import bulk_check, problem
from reachable.web.bulk_check import BulkCheckIn, Lines

REGION = text("DEFAULT_REGION")


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Do one step; its answer is small and names nobody, since the state machine keeps it."""
    if event["step"] == "divide":
        return _divide(event)
    this = BulkCheck.of_plain(event["check"])
    logger.append_keys(execution=this.execution, step=event["step"])
    match event["step"]:
        case "check":
            lines = Lines(this.columns, _defaults(this), REGION)
            check_recipients.check(this, event["chunk"], lines.recipient, bulk_check.told)
            return {}
        case "summarise":
            summary = check_recipients.summarise(this, event["chunks"], datetime.now(UTC))
            figures = {name: summary[name] for name in ("total", "send", "invalid", "chunks", "seconds")}
            logger.info(Event.RECIPIENTS_CHECKED, **figures)
            return summary
        case step:
            raise ValueError(f"no such step: {step}")


def _divide(event: dict[str, Any]) -> dict[str, Any]:
    """What cannot be checked at all is an answer, not a failure: no repeat would mend it."""
    try:
        wish = BulkCheckIn.of(event["wish"])
        this, chunks_key, chunks = check_recipients.divide(
            BulkCheck(
                execution=event["execution"],
                started_at=datetime.fromisoformat(event["started_at"]),
                key=wish.key,
                channel=wish.channel,
                purpose=wish.purpose,
            ),
            bulk_check.columns,
        )
    except (NotFound, Meaningless, TooLarge) as refusal:
        return {"state": "refused", "why": problem.in_words(refusal.detail, values=refusal.values)}
    return {"state": "divided", "check": this.plain(), "chunks_key": chunks_key, "chunks": chunks}


def _defaults(this: BulkCheck) -> dict[str, str]:
    return {"purpose": this.purpose} | ({"channel": this.channel} if this.channel else {})
