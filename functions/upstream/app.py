"""A provider's own list for ops: shown, compared with ours, taken over. Invoked directly, by IAM's leave.

{"as": "maria@ops", "act": "list|compare|take", "provider": "brevo", "account": "default",
 "cursor": null, "csv": null, "reason": null, "dry_run": true}
"""

from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable import upstream
from reachable.flows import take_over
from reachable.log import Event, logger
from reachable.model.details import Detail
from reachable.model.errors import ListUnclear, PutOff, ReachableError
from reachable.settings import text
from reachable.web import problem
from reachable.web.models.upstream import Act, ListOut, ReportOut, UpstreamIn

REGION = text("DEFAULT_REGION")
_LEAVES_MILLISECONDS: Final = 120_000
"""Time for a page that was begun, before the function is ended."""


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Do it, or say why not: ``{"refused": why}``."""
    try:
        return _answer(UpstreamIn.of(event), context)
    except PutOff as put_off:
        detail = Detail.LIST_NOT_ALLOWED if put_off.denied else Detail.LIST_NOT_ANSWERED
        return {"refused": problem.in_words(detail, values={"why": put_off.why})}
    except ListUnclear as unclear:
        return {"refused": problem.in_words(Detail.LIST_NOT_ANSWERED, values={"why": unclear.code})}
    except ReachableError as refusal:
        return {"refused": problem.in_words(refusal.detail, values=refusal.values)}


def _answer(wish: UpstreamIn, context: LambdaContext) -> dict[str, Any]:
    def is_time_left() -> bool:
        return context.get_remaining_time_in_millis() > _LEAVES_MILLISECONDS

    now = datetime.now(UTC)
    account = take_over.account(wish.provider, wish.account, from_file=wish.csv is not None)
    match wish.act:
        case Act.LIST:
            page = take_over.listed(account, wish.cursor, wish.as_, now)
            return ListOut.of(page).model_dump(mode="json")
        case Act.COMPARE:
            report = take_over.compare(account, REGION, wish.as_, now, is_time_left)
        case Act.TAKE:
            listings = None if wish.csv is None else upstream.of_csv(wish.csv, wish.reason)
            report = take_over.take(
                account,
                REGION,
                wish.as_,
                now,
                is_time_left,
                cursor=wish.cursor,
                listings=listings,
                dry_run=wish.dry_run,
            )
    logger.info(
        Event.LIST_READ, act=wish.act, provider=account.provider, entries=report.entries, taken=report.taken
    )
    return ReportOut.of(report, dry_run=wish.act is not Act.TAKE or wish.dry_run).model_dump(mode="json")
