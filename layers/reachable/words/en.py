"""What we say in English."""

from typing import Final

from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause
from reachable.model.details import Detail
from reachable.model.guidance import Because, Code
from reachable.model.reset import Need
from reachable.model.roster_problem import ProblemKind
from reachable.model.status import Ground
from reachable.words._words import InvitationTexts, OfKind, RosterMail, Unsubscribing, Words

_COMPLAINT: Final[OfKind] = {
    CredentialKind.EMAIL: "This person marked one of our messages as junk mail.",
    CredentialKind.PHONE: "This person reported one of our messages as unwanted.",
}
_UNSUBSCRIBED: Final[OfKind] = {
    CredentialKind.EMAIL: "This person asked for no more email.",
    CredentialKind.PHONE: "This person asked for no more texts or calls.",
}
_BY_HAND: Final[OfKind] = {
    CredentialKind.EMAIL: "A member of staff marked this email address as not usable.",
    CredentialKind.PHONE: "A member of staff marked this phone number as not usable.",
}
_CONSENT: Final = (
    "This person asked for no more messages. Ask them, then reset with their consent: who gave it and how."
)
_START: Final = "This person replied STOP. Only they can undo it: ask them to text START to {number}."

WORDS: Final = Words(
    by_ground={
        Ground.COMPLAINT: _COMPLAINT,
        Ground.UNSUBSCRIBED: _UNSUBSCRIBED,
        Ground.OPT_OUT: {
            CredentialKind.EMAIL: "This person asked for no more email.",
            CredentialKind.PHONE: "This person replied STOP to our texts.",
        },
        Ground.MANUAL: _BY_HAND,
    },
    by_cause={
        Cause.INVALID_ADDRESS: {
            CredentialKind.EMAIL: "This email address does not exist.",
            CredentialKind.PHONE: "This phone number does not exist or is no longer in service.",
        },
        Cause.MAILBOX_FULL: {
            CredentialKind.EMAIL: "The mailbox is full.",
            CredentialKind.PHONE: "The phone can store no more messages.",
        },
        Cause.INACTIVE_OR_UNREACHABLE: {
            CredentialKind.EMAIL: "The mailbox is switched off, or its mail server could not be reached.",
            CredentialKind.PHONE: "The phone could not be reached: it is off, out of coverage or not in use.",
        },
        Cause.LANDLINE_OR_INCAPABLE: {
            CredentialKind.EMAIL: "This address can't take this kind of message.",
            CredentialKind.PHONE: "This number is a landline or can't receive texts.",
        },
        Cause.CARRIER_BLOCKED_OR_SPAM: {
            CredentialKind.EMAIL: "The mail provider refused our message as unwanted.",
            CredentialKind.PHONE: "The phone company blocks our messages to this number.",
        },
        Cause.PROVIDER_SUPPRESSED: {
            CredentialKind.EMAIL: "Our mail service no longer sends to this address, since earlier mail failed.",
            CredentialKind.PHONE: "Our message service no longer sends to this number, since earlier messages failed.",
        },
        Cause.COMPLAINT: _COMPLAINT,
        Cause.OPT_OUT: _UNSUBSCRIBED,
        Cause.REVOCATION: {
            CredentialKind.EMAIL: "This person wrote back that they want no more email.",
            CredentialKind.PHONE: "This person wrote back that they want no more texts.",
        },
        Cause.CONTENT_OR_SIZE: {
            CredentialKind.EMAIL: "The message itself was refused, for its size or content.",
            CredentialKind.PHONE: "The message itself was refused, for its length or content.",
        },
        Cause.ACCOUNT_OR_QUOTA: {
            CredentialKind.EMAIL: "Our own mail account refused to send; the address is not at fault.",
            CredentialKind.PHONE: "Our own message account refused to send; the number is not at fault.",
        },
        Cause.MANUAL: _BY_HAND,
        Cause.UNKNOWN: {
            CredentialKind.EMAIL: "The message came back, and the mail provider did not say why.",
            CredentialKind.PHONE: "The message did not arrive, and the phone company did not say why.",
        },
    },
    needs={Need.CONSENT: _CONSENT, Need.START: _START},
    our_number="the number that our texts come from",
    noun={
        CredentialKind.EMAIL: "email address",
        CredentialKind.PHONE: "phone number",
    },
    short={CredentialKind.EMAIL: "email", CredentialKind.PHONE: "phone"},
    elsewhere={
        CredentialKind.EMAIL: "look in the junk folder",
        CredentialKind.PHONE: "look among the phone's blocked numbers",
    },
    guidance={
        Code.REMIND: "The invitation has not been accepted yet. Send a reminder.",
        Code.START_NEEDED: _START,
        Because.STOP_OF_BEFORE: "Somebody replied STOP from this {noun} before this person had it. To undo it, ask them to text START to {number}.",
        Code.CONSENT_NEEDED: _CONSENT,
        Because.CONSENT_OR_START: "This person asked in words for no more texts. Ask them: reset with their consent (who gave it and how), or they text START to {number}.",
        Because.WISH_OF_BEFORE: "Somebody asked for no more messages to this {noun} before this person had it. Ask this person, then reset with their consent: who gave it and how.",
        Code.WANTS_NO_CONTACT: "Messages to this {noun} are not wanted. Reach the person in another way.",
        Code.CAME_BACK: "A message of {at} to this {noun} failed within days of a reset. Another reset alone will not help: ask the person first.",
        Code.FIX_SIS_FIRST: "Correct the {noun} in the student information system first: a reset alone will not help, since it has not changed there since it failed.",
        Because.INCAPABLE: "This {noun} can't take such messages, and no reset changes that. Add one that can in the student information system.",
        Because.SWITCHED_OFF: "This {noun} exists but is out of use. Ask the person: correct it in the student information system, or reset it once it is in use again.",
        Because.FAILED_FOR_GOOD: "A message to this {noun} failed for good, and nobody said why. Check it with the person: correct it in the student information system, or reset it if it is right.",
        Because.FAILED_BEFORE: "Messages to this {noun} failed before, so no more are tried. Check it with the person: correct it in the student information system, or reset it if it is right.",
        Because.BY_HAND: "A member of staff marked this {noun} as not usable. Correct it in the student information system, or reset it if it works after all.",
        Because.TEMPORARY: "The problem was a passing one. A reset will probably help.",
        Because.NEW_HOLDER: "This person has the {noun} since {at}, after it failed for somebody else. A reset will probably help.",
        Because.SIS_CHANGED: "This person has the {noun} since {at}, after it failed. A reset will probably help.",
        Because.UNWANTED: "Our message was refused as unwanted; the {noun} is not at fault. Ask the person to let our messages through, then a reset will probably help.",
        Because.NOT_ITS_FAULT: "The message was at fault, not the {noun}. A reset will help.",
        Because.NOT_SAID: "Nobody said why the message failed. If the person says that the {noun} is right, a reset will probably help.",
        Code.PROVIDER_STILL_BLOCKS: "The service that sends our messages still has this {noun} on its own list of those that it refuses. Until it is taken off there, messages come back.",
        Because.RETRY_LATER: "The service that sends our messages still has this {noun} on its own list of those that it refuses, until {at} at least.",
        Code.SHARED: "Others share this {noun}. A reset opens it for them too.",
        Because.NONE_SENT: "Nothing blocks this {noun}. No message to it is known.",
        Because.NOTHING_BLOCKED: "Nothing blocks this {noun}. If messages are missed, {elsewhere}.",
        Because.DELIVERED: "Nothing blocks this {noun}, and the last message to it was delivered on {at}. If it was missed, {elsewhere}.",
        Because.CORRECTED: "The {noun} was corrected on {at}; no reset is needed.",
    },
    guidance_to_oneself={
        Code.REMIND: "You have not accepted the invitation yet.",
        Code.WANTS_NO_CONTACT: "Messages to this {noun} were declined. If you want them again, tell the school's office.",
        Because.STOPPED: "Texts to this {noun} were stopped. To get them again, text START to {number}.",
        Code.FIX_SIS_FIRST: "Messages to this {noun} do not arrive. If it is wrong or out of use, tell the school's office the right one.",
        Code.RESET_WILL_HELP: "A message to this {noun} did not arrive, so no more are sent. Ask the school's office to open it again.",
        Code.SHARED: "Others have this {noun} too: what closes or opens it does so for all.",
    },
    label="For {name}: ",
    invitation=InvitationTexts(
        subject="Sign up for messages from {district}",
        email="You are invited to get messages from {district} by email and by phone.\n\n"
        "Sign up here, with the email address that this came to:\n{url}\n\n"
        "If you did not expect this invitation, you need not do anything.\n",
        sms="You are invited to get messages from {district}. Sign up: {url}",
        district="your school district",
    ),
    unsubscribing=Unsubscribing(
        ask="Stop all email from the school to this address?",
        button="Unsubscribe",
        done="Done: no more email goes to this address. The school's office can undo it.",
    ),
    roster_mail=RosterMail(
        refused_subject="Reachable: a roster was refused",
        refused="The roster {key} (import {import_id}) was refused. Nothing of it was applied.",
        report="The report, {report}, lists the problems with file, line and column.",
        failed_subject="Reachable: a roster import failed",
        failed="The import {import_id} of {key} failed ({error}). Run the same file again: what was written "
        "stays right, and the rest is written then.",
    ),
    roster_problems={
        ProblemKind.NOT_A_ZIP: "This is no zip file, or it is damaged or encrypted. Export it again.",
        ProblemKind.TOO_LARGE: "The files are larger than an import can take. Ask the vendor for a delta.",
        ProblemKind.NO_MANIFEST: "Put manifest.csv with propertyName and value into the zip.",
        ProblemKind.UNSUPPORTED_VERSION: "Export OneRoster 1.1 or 1.2 (oneroster.version in manifest.csv).",
        ProblemKind.UNKNOWN_MODE: "In manifest.csv a file is absent, bulk or delta.",
        ProblemKind.FILE_TWICE: "The zip has two files of this name. Leave one in it.",
        ProblemKind.FILE_MISSING: "The file is not in the zip, or the manifest says absent. Export it too.",
        ProblemKind.FILE_NOT_ANNOUNCED: "The manifest says absent, so this file was not read.",
        ProblemKind.DELTA_WITHOUT_BASE: "There is nothing that a delta could change yet. Import a bulk first.",
        ProblemKind.ENCODING_UNREADABLE: "The text is neither UTF-8 nor Windows-1252. Export it as UTF-8.",
        ProblemKind.ENCODING_NOT_UTF8: "Not UTF-8; it was guessed which. Export UTF-8, so that no name is spoilt.",
        ProblemKind.CSV_UNREADABLE: "A quotation mark is not closed, or a field is over 128 KB.",
        ProblemKind.COLUMN_MISSING: "This column must be there. Check the export's column names and commas.",
        ProblemKind.COLUMN_TWICE: "This column is there twice. Remove one.",
        ProblemKind.FIELD_COUNT: "This line has more or fewer fields than the header. Look for stray commas.",
        ProblemKind.ID_MISSING: "Every line needs a sourcedId.",
        ProblemKind.ID_TWICE: "Two different lines have this sourcedId. Each id may name one thing only.",
        ProblemKind.ROW_TWICE: "The same line is there twice; it was read once.",
        ProblemKind.UNKNOWN_STATUS: "status is active, tobedeleted or blank.",
        ProblemKind.UNKNOWN_ROLE: "OneRoster has no such role; whoever has no other role was left out.",
        ProblemKind.ROLE_MISSING: "Nothing says what this person is, so they were left out. Export the role.",
        ProblemKind.UNKNOWN_REFERENCE: "Nothing in the export has this id; the connection was left out.",
        ProblemKind.NAME_MISSING: "Without a name nobody finds this person or class. Add it in the SIS.",
        ProblemKind.NOT_A_DATE: "Write dates as YYYY-MM-DD; this one was taken as blank.",
        ProblemKind.NOT_AN_EMAIL: "Correct the email in the SIS; until then this person has none.",
        ProblemKind.EMAIL_PLACEHOLDER: "Leave the field blank instead of a made-up address.",
        ProblemKind.NOT_A_PHONE: "Correct the number in the SIS, with area code; it was left out.",
        ProblemKind.PHONE_EXTENSION: "No text reaches an extension. Enter a direct number; it was left out.",
        ProblemKind.PHONE_PLACEHOLDER: "Leave the field blank instead of a made-up number.",
        ProblemKind.UNKNOWN_LANGUAGE: "Write a language as en, es or es-MX; the district's was taken.",
        ProblemKind.TOO_MUCH_REMOVED: "More would be removed than usual. Check the export, then force it.",
        ProblemKind.TOO_MUCH_CHANGED: "More would be changed than usual. Check the export, then force it.",
    },
    held="{bounced} of the last {sent} messages bounced for good",
    details={
        Detail.NO_SUCH_ROUTE: "There is no such route.",
        Detail.WRONG_SHAPE: "The request is not of the shape that this route takes.",
        Detail.NO_JSON: "This is no JSON.",
        Detail.BODY_TOO_LARGE: "The body is larger than 4 MB.",
        Detail.CHANGED_EACH_TIME: "Others are changing this just now. Look again, then repeat it.",
        Detail.NO_ANSWER: "A service that we need did not answer. Try again.",
        Detail.NOT_OUR_CURSOR: "This cursor is none of ours.",
        Detail.NO_ACCESS_TOKEN: "This is no access token.",
        Detail.NO_SCOPE: "This token has not the scope {scope}.",
        Detail.NO_SCOPE_NOR_ROLE: "This token has neither the scope {scope} nor the role for it.",
        Detail.UNREADABLE_CLAIM: "The token carries an address that cannot be read.",
        Detail.NO_STAFF_ROLE: "This token has no role of staff.",
        Detail.NO_STAFF_ACCOUNT: "This token belongs to no staff account: it proves no credential of one.",
        Detail.SEVERAL_STAFF_ACCOUNTS: "This token fits several staff accounts: the issuer must name one.",
        Detail.NOBODY_NAMED: "Say who you are, in `as`: the audit keeps it.",
        Detail.MAY_NOT_SEARCH: "Your role does not search.",
        Detail.MAY_NOT_SEE_HISTORY: "Your role does not show the history of credentials.",
        Detail.MAY_NOT_SEE_MESSAGES: "Your role does not show messages.",
        Detail.MAY_NOT_RESET: "Your role does not reset credentials.",
        Detail.MAY_NOT_MARK: "Your role does not mark credentials.",
        Detail.MAY_NOT_REMIND: "Your role does not send reminders.",
        Detail.MAY_NOT_IMPORT: "Your role does not import rosters.",
        Detail.NO_SUCH_USER: "There is no such user, or none that you may see.",
        Detail.NO_SUCH_STUDENT: "There is no such student, or none that you may see.",
        Detail.NO_SUCH_SCHOOL: "There is no such school, or none that you may see.",
        Detail.NO_SUCH_CREDENTIAL: "This user has no {kind}.",
        Detail.NO_SUCH_CHANNEL: "Its {kind} has no channel {channel}.",
        Detail.NO_GROUND_BY_HAND: "By hand, the ground is manual or unsubscribed.",
        Detail.PROFILE_CHANGED: "The profile has changed since you saw it.",
        Detail.STATUS_CHANGED: "The status has changed meanwhile.",
        Detail.NOBODY_TO_LOOK_FOR: "Say whom to look for: a name, or a filter.",
        Detail.NOT_AN_EMAIL: "This is not an email address.",
        Detail.NOT_A_PHONE: "This is not a phone number.",
        Detail.PHONE_EXTENSION: "This phone number has an extension.",
        Detail.PHONE_LENGTH: "This phone number has too few or too many digits.",
        Detail.NO_KIND_OF_CREDENTIAL: "A credential starts with email: or phone:.",
        Detail.NO_SUCH_MESSAGE: "There is no such message.",
        Detail.NO_SUCH_BATCH: "Nothing is known of such a batch.",
        Detail.NOT_HELD: "This is not held.",
        Detail.HELD_ALREADY: "This is held already.",
        Detail.AT_ITS_END: "This batch has been dropped or cancelled: nothing more of it goes out.",
        Detail.ONLY_ALL_STOPS_EMERGENCIES: "Only a hold of all can stop emergencies.",
        Detail.ONLY_PEOPLE_STOP_ALL: "Only staff or operators may stop all sending, and let it go on.",
        Detail.NO_SUCH_GROUP: "This is no batch, no sender and no domain, nor 'all'.",
        Detail.IDS_OR_BATCH: "Name either messages or a batch.",
        Detail.BATCH_NEEDED: "Without a batch only uncertain messages are listed.",
        Detail.PROVES_NO_ACCOUNT: "This token proves no credential of such an account.",
        Detail.ACCOUNT_IS_ACTIVE: "This account is active: there is nothing to remind of.",
        Detail.NO_CREDENTIAL: "This user has neither email nor phone.",
        Detail.REMINDED_TODAY: "A reminder went today.",
        Detail.REMINDER_REFUSED: "The reminder can't be sent: {reason}.",
        Detail.NOWHERE_TO_SIGN_UP: "No address to sign up at is set (the parameter SignUpUrl).",
        Detail.LINK_NOT_VALID: "This link is not, or no longer, valid.",
        Detail.NO_SUCH_IMPORT: "There is no such import.",
        Detail.IMPORT_NOT_ENDED: "This import has not ended: nothing can be forced yet.",
        Detail.FORCE_MENDS_NOTHING: "The file itself is wrong, which no force mends. Correct the export, and upload it.",
        Detail.JUST_RUN_AGAIN: "Somebody has just run this import again.",
        Detail.UNREADABLE_INPUT: "The input cannot be read: {wrong}. It is an object of key (checks/ and a name that ends in .csv or .jsonl, with .gz after it where it is packed), channel and purpose.",
        Detail.NO_SUCH_OBJECT: "There is no such object in the results bucket.",
        Detail.NOT_PACKED: "The object is called .gz and cannot be unpacked.",
        Detail.NOT_UTF_8: "The object is UTF-16; save it as UTF-8.",
        Detail.TOO_MANY_LINES: "The object has more than {limit} lines; divide it.",
        Detail.WRONG_COLUMNS: "The first line of a CSV names its columns, each once: one or more of {whom}, and perhaps {how}.",
        Detail.NO_RECIPIENTS: "There are no recipients in the object.",
    },
)
