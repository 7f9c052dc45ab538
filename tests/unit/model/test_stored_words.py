"""The model's words that are stored or on the wire: what reads them must read them for ever."""

from enum import StrEnum

import pytest

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind, Permanence
from reachable.model.enqueue import EnqueueOutcome, Reason
from reachable.model.group import HoldState
from reachable.model.guidance import Audience, Because, Code
from reachable.model.history import HistoryKind
from reachable.model.incident import IncidentState, Outcome, Phase
from reachable.model.message import CancelOutcome, Dropped, MessageStatus
from reachable.model.people import AccountStatus, Role, RosterKind
from reachable.model.provider_account import Happening, SetUp
from reachable.model.reset import Need
from reachable.model.roster_import import ImportState
from reachable.model.roster_problem import Severity
from reachable.model.send import Purpose, Refusal
from reachable.model.statistics import By, Word
from reachable.model.status import CredentialStatus, Ground, Lift, Reach
from reachable.model.taking_over import Difference
from reachable.model.upstream import Hindrance, ListReason, UpstreamState
from reachable.model.viewer import TokenRole


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        (CredentialKind, "email phone"),
        (
            Cause,
            (
                "invalid_address mailbox_full inactive_or_unreachable landline_or_incapable "
                "carrier_blocked_or_spam provider_suppressed complaint opt_out revocation "
                "content_or_size account_or_quota manual unknown"
            ),
        ),
        (Channel, "email sms voice"),
        (By, "school domain provider cause week"),
        (
            Word,
            (
                "sent delivered bounced_permanent bounced_transient bounced_undetermined failed rejected "
                "suppressed complained opted_out"
            ),
        ),
        (Kind, "sent delivered delayed bounced complained opted_out opted_in rejected failed"),
        (Permanence, "permanent transient undetermined"),
        (EnqueueOutcome, "queued duplicate refused"),
        (
            Reason,
            (
                "other_content too_large too_long no_text no_subject invalid_subject "
                "invalid_characters only_for_email invalid_batch_id expires_too_late"
            ),
        ),
        (HoldState, "held resumed dropped cancelled"),
        (
            IncidentState,
            ("raised waiting counting counted refused running stopping stopped done undoing undone failed"),
        ),
        (Phase, "count run undo"),
        (Outcome, "reset left_alone already_good unknown_user restored failed"),
        (Dropped, "too_old dropped cancelled"),
        (CancelOutcome, "cancelled too_late unknown"),
        (Audience, "extended staff oneself"),
        (
            Because,
            (
                "temporary new_holder sis_changed signed_in signed_in_since unwanted not_its_fault "
                "not_said failed_for_good failed_before switched_off incapable by_hand consent_or_start "
                "wish_of_before stop_of_before stopped retry_later corrected delivered none_sent "
                "nothing_blocked"
            ),
        ),
        (
            Code,
            (
                "remind start_needed consent_needed wants_no_contact came_back fix_sis_first "
                "reset_will_help provider_still_blocks shared good"
            ),
        ),
        (
            HistoryKind,
            (
                "bounced failed complained opted_out opted_in marked reset released "
                "releasing release_refused release_unknown proved restored"
            ),
        ),
        (
            MessageStatus,
            (
                "queued held dropped blocked sending uncertain sent delayed delivered failed rejected "
                "bounced complained"
            ),
        ),
        (AccountStatus, "active pending"),
        (Role, "guardian teacher school_staff district"),
        (RosterKind, "user student school class"),
        (Need, "consent_needed start_needed"),
        (ImportState, "waiting validating refused applying done checked failed"),
        (Severity, "error warning note"),
        (Purpose, "general invitation sign_in emergency"),
        (Refusal, "unknown_user no_such_channel invalid_recipient"),
        (CredentialStatus, "good bad"),
        (Ground, "bounce suppressed manual complaint unsubscribed opt_out"),
        (Lift, "staff consent start release proof"),
        (Reach, "email phone sms voice"),
        (UpstreamState, "listed releasing released refused unknown"),
        (
            Hindrance,
            (
                "start consent support own_guess not_yet listed_again not_set_up in_line "
                "cannot_be_asked no_answer gave_up"
            ),
        ),
        (ListReason, "bounce complaint unsubscribed opt_out untold manual provider"),
        (Happening, "heard bounced released refused unknown"),
        (SetUp, "set_up missing none"),
        (Difference, "same only_there reset_here only_here"),
        (
            TokenRole,
            (
                "teacher school_staff district rostering_administrator communications_administrator "
                "user_manager extended_history"
            ),
        ),
    ],
)
def test_the_words_of_the_model_stay(words: type[StrEnum], stored: str) -> None:
    assert " ".join(words) == stored
