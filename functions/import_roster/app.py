"""The steps of a roster import, called one by one by the state machine infra/import_roster.asl.json."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from reachable.flows import import_roster
from reachable.flows.import_roster import Import
from reachable.log import Event, logger
from reachable.oneroster.compare import AllowedShares
from reachable.oneroster.report import Mail


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Do one step; its answer is small and holds nobody's data, since the state machine keeps it."""
    now = datetime.now(UTC)
    if event["step"] == "begin":
        upload = Import.of_upload(event["execution"], event["started_at"], event["upload"])
        this, our_turn = import_roster.begin(upload, now)
        waits = import_roster.wait_seconds(datetime.fromisoformat(event["started_at"]), now)
        return this.plain() | {"our_turn": our_turn, "wait_seconds": waits}
    this = Import.of_plain(event["import"])
    logger.append_keys(import_id=this.id, step=event["step"])
    match event["step"]:
        case "validate":
            allowed = AllowedShares(float(event["max_removal_share"]), float(event["max_change_share"]))
            chunks = import_roster.validate(this, allowed, now)
            return {"state": "valid" if chunks else "refused", "chunks_key": chunks}
        case "apply":
            import_roster.apply(this, event["chunk"], now)
            return {}
        case "finish":
            counts, mail = import_roster.finish(this, now)
            logger.info(Event.IMPORT_REPORTED, state="checked" if this.dry_run else "done", counts=counts)
            return {"counts": counts} | _told(mail)
        case "refuse":
            mail = import_roster.refuse(this, now)
            logger.warning(Event.IMPORT_REFUSED)
            return _told(mail)
        case "fail":
            logger.error(Event.IMPORT_REPORTED, state="failed", error=event["failure"]["Error"])
            return _told(import_roster.fail(this, event["failure"]["Error"], now))
        case step:
            raise ValueError(f"no such step: {step}")


def _told(mail: Mail | None) -> dict[str, Any]:
    """A mail for the state machine to send, where there is one."""
    return {"tell": mail is not None} | (asdict(mail) if mail is not None else {})
