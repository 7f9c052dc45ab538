"""What SIP responses say of a call, whoever placed it."""

from reachable.model.delivery_event import Cause, Kind, Permanence
from reachable.providers import _calls

INVALID = (Kind.BOUNCED, Permanence.PERMANENT, Cause.INVALID_ADDRESS)
UNREACHABLE = (Kind.FAILED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
DECLINED = (Kind.FAILED, Permanence.UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
OURS = (Kind.REJECTED, Permanence.PERMANENT, Cause.ACCOUNT_OR_QUOTA)
UNROUTABLE = (Kind.FAILED, Permanence.UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)


def test_a_sip_response_closes_a_voice_only_where_it_is_about_the_number() -> None:
    assert {code: (row.kind, row.permanence, row.cause) for code, row in _calls.SIP.items()} == {
        **dict.fromkeys(["404", "410", "484", "604"], INVALID),
        **dict.fromkeys(["408", "480", "486", "487", "600"], UNREACHABLE),
        **dict.fromkeys(["500", "502", "503", "504"], UNREACHABLE),
        **dict.fromkeys(["403", "603", "607", "608"], DECLINED),
        **dict.fromkeys(["401", "402", "407"], OURS),
        **dict.fromkeys(["488", "606"], UNROUTABLE),
    }
