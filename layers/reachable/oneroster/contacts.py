"""Emails and phone numbers as people type them into a SIS: in normal form, or why not.

Nobody's number is guessed: what may be a stranger's is left out and told.
"""

import re
from functools import cache
from typing import Final

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType

from reachable.model import addresses
from reachable.model.errors import InvalidAddress
from reachable.model.roster_problem import ProblemKind

_BLANKS: Final = frozenset(
    {"", "-", "--", ".", "na", "n/a", "n.a.", "none", "null", "nil", "unknown", "no", "x"}
)

_LOCALS: Final = frozenset(
    {
        "none", "noemail", "noemails", "nomail", "noaddress", "noemailaddress", "donotemail", "donotmail",
        "na", "no", "null", "nil", "nothing", "notprovided", "notavailable", "notapplicable", "nonegiven",
        "unknown", "declined", "refused", "noneprovided", "placeholder", "fake", "fakeemail", "xxx", "xxxx",
        "noreply", "donotreply", "noparentemail", "noemailonfile", "invalid", "changeme", "dummy", "asdf",
        "qwerty", "needemail", "needsemail", "updateme", "undefined", "bogus", "donotcontact", "donotuse",
        "missing", "pending", "tbd", "nope", "notset", "donthaveone", "nonexistent", "ninguno", "notiene",
        "notengo", "nocorreo", "sincorreo", "noemailprovided", "noemailgiven", "noemailavailable",
        "noemailonrecord", "noguardianemail", "doesnothaveemail", "missingemail", "1234567890",
    }
)  # fmt: skip
"""Names before the @ that were made up, without dots, hyphens and underscores."""
_NUMBERED: Final = frozenset(word for word in _LOCALS if len(word) >= 4) - {"fake"}  # noqa: PLR2004
"""Of these one may have a number after it; na1985 may be somebody's."""
_DOMAINS: Final = frozenset(
    {
        "none",
        "noemail",
        "no-email",
        "nomail",
        "no-mail",
        "noaddress",
        "nowhere",
        "na",
        "unknown",
        "null",
        "fake",
        "placeholder",
        "invalid",
        "donotemail",
        "notanemail",
    }
)
_BOTH: Final = frozenset(
    {
        "test", "testing", "a", "aa", "aaa", "abc", "b", "x", "xx", "xxx", "xyz", "no", "none", "parent",
        "mom", "dad", "guardian", "mother", "father", "email", "mail", "user", "sample", "student", "school",
        "example", "123", "1234", "12345", "123456", "abc123", "me", "you", "someone", "somebody", "anyone",
        "nobody", "family", "contact", "temp", "fake", "foo", "asd", "qwe", "blank", "empty", "name", "111",
        "tba",
    }
)  # fmt: skip
"""Words that stand on both sides of the @ where somebody had to type something: test@test.com."""
_TESTS: Final = frozenset({"test", "testing", "tester"})
_TEST_DOMAINS: Final = _BOTH - {"example"} | {"gmail", "yahoo", "hotmail", "outlook", "aol", "icloud"}
_ANYBODY: Final = frozenset(
    {"parent", "mom", "dad", "mother", "father", "guardian", "name", "yourname", "someone", "anyone", "email"}
)
"""Of a provider for everybody such an address is a stranger's."""
_ALPHABET: Final = frozenset(
    {
        "x@y", "a@b", "abc@xyz", "abc@def", "name@domain", "user@domain", "user@example", "name@example",
        "email@example", "test@example",
    }
)  # fmt: skip
_BEGINNINGS: Final = (
    "noemail",
    "nomail",
    "noaddress",
    "sinemail",
    "sincorreo",
    "nocorreo",
    "notiene",
    "notengo",
)
_NO_DOMAINS: Final = frozenset({"domain", "email", "mail", "sample", "yourdomain", "company"})
_NO_ENDINGS: Final = frozenset({"con", "comm", "cmo", "ocm", "vom", "coom", "nett", "ogr", "orgg", "eduu"})
"""Ends of domains that there are none of, and that people type (iana.org/domains/root/db)."""

_NOT_DIGITS: Final = re.compile(r"\D")
_EXTENSION: Final = re.compile(
    r"(?:(?:x|ext|extn|extension|press|option|opt|menu|dial|#)[.:=]?\s*#?|(?<=\d)[pw])\d+\s*$", re.IGNORECASE
)
"""Also as what is pressed behind a switchboard's number; p and w are a dialler's pauses."""
_SHORT_TAIL: Final = re.compile(r"[\s,;-]\s*\d{1,5}\s*$", re.ASCII)
"""A few digits behind a whole number: 202-555-0143, 12."""
_COUNTED: Final = frozenset(
    {"1234567890", "0123456789", "9876543210", "0987654321", "1234567", "11234567890"}
)
_LOCAL_LENGTH: Final = 7
_PLAIN: Final = re.compile(
    r"(?:\+?1[ .-]?)?(?:\(([2-9]\d\d)\) ?|([2-9]\d\d)[ .-]?)([2-9]\d\d)[ .-]?(\d{4})", re.ASCII
)
"""Numbers of the North American plan as nearly all are written: they need no library."""
_PLAN: Final = re.compile(r"\+1[2-9]\d\d[2-9]\d{6}", re.ASCII)
"""An area code and an exchange begin with 2 to 9 (nanpa.com, NANP numbering rules)."""
_LETTER: Final = re.compile(r"[^\W\d_]")
_NOTE_LIMIT: Final = 200
_DIGITS_OF_A_NOTE: Final = 2
_TIME: Final = re.compile(r"\d{1,2}[:.]\d\d", re.ASCII)
_AROUND: Final = " \t\u00a0'\"="
"""What spreadsheets put around a number to keep it a text: ``="2025550143"``, ``'2025550143``."""
_PLUSES: Final = ("+", "\uff0b")
_PUNCTUATION: Final = str.maketrans("", "", ".-_")
_INITIAL: Final = re.compile(r"[a-z][._-]\w{2}")
"""What an initial and a family name begin with: n.one is somebody, n.a is not."""
_AGAINST: Final = re.compile(
    r"\b(?:wrong|disconnected|no longer|(?:not|out of) (?:in )?service|old|former|fax|dnc)\b"
    r"|\b(?:do not|don't|dont) (?:call|text|contact|use)\b(?!.*\b(?:before|after|during|until|at)\b)",
    re.IGNORECASE,
)
"""What a note says of a number that does not reach whom it stands with."""
_TWO: Final = re.compile(r"\d{6,}\s*[/;,|&]\s*\d{6,}", re.ASCII)
"""Two whole numbers in one field."""
_LIKE_DIGITS: Final = re.compile(r"(?<![^\W\d_])[OoIlSBZ]+\Z|\A[OoIlSBZ]+(?![^\W\d_])")
"""Letters that are typed for digits, before or after some; in a word (cell202...) they are none."""
_AREA_LENGTH: Final = 3
_SHORT_FORM: Final = re.compile(r"\d[\d.,]*E\+?\d+|\+?\d{6,}[.,](?:\d|00)", re.ASCII | re.IGNORECASE)
"""A number as a spreadsheet shows a long one, 2.02555E+09: its last digits may be lost."""


def is_blank(typed: str) -> bool:
    """Whether a field says "nothing" in one of the ways in which people write that."""
    return typed.lower() in _BLANKS


def email(typed: str) -> tuple[str | None, ProblemKind | None]:
    """The address in normal form, or what is wrong with it."""
    try:
        found = addresses.email(typed).address
    except InvalidAddress:
        return None, ProblemKind.NOT_AN_EMAIL
    if found.rpartition(".")[2] in _NO_ENDINGS:
        return None, ProblemKind.NOT_AN_EMAIL
    if is_placeholder_email(found):
        return None, ProblemKind.EMAIL_PLACEHOLDER
    return found, None


def phone(typed: str, region: str) -> tuple[str | None, ProblemKind | None]:
    """The number in E.164, or what is wrong with it; both where a note beside it was left out.

    ``region`` (ISO 3166) reads numbers without a country code.
    """
    typed = typed.strip(_AROUND).removeprefix("tel:")
    if _calling_code(region) == 1 and (plain := _PLAIN.fullmatch(typed)):
        digits = f"{plain[1] or plain[2]}{plain[3]}{plain[4]}"
        return (None, ProblemKind.PHONE_PLACEHOLDER) if len(set(digits)) == 1 else (f"+1{digits}", None)
    if (why := _why_unusable(typed)) is not None:
        return None, why
    if _LETTER.search(typed):
        return _beside_a_note(typed, region)
    found = _number(typed, region)
    problem = _why_no_number(typed, region) if found is None else _why_not(typed, found, region)
    return (None if problem else found), problem


def _why_unusable(typed: str) -> ProblemKind | None:
    """What can be told of a number without reading it."""
    if is_placeholder_phone(typed):
        return ProblemKind.PHONE_PLACEHOLDER
    if has_extension(typed):
        return ProblemKind.PHONE_EXTENSION
    whole = typed[:_NOTE_LIMIT]
    unusable = _SHORT_FORM.fullmatch(typed) or _AGAINST.search(whole) or _TWO.search(whole)
    return ProblemKind.NOT_A_PHONE if unusable else None


def _why_no_number(typed: str, region: str) -> ProblemKind:
    whole = typed[:_NOTE_LIMIT]
    shorter = _SHORT_TAIL.sub("", whole)
    extended = shorter != whole and _number(shorter, region) is not None
    return ProblemKind.PHONE_EXTENSION if extended else ProblemKind.NOT_A_PHONE


def _why_not(typed: str, found: str, region: str) -> ProblemKind | None:
    """What speaks against a number that could exist."""
    if found.startswith("+1000"):
        return ProblemKind.PHONE_PLACEHOLDER
    if found.startswith("+1") and not _PLAN.fullmatch(found):
        return ProblemKind.NOT_A_PHONE
    if _lacks_its_plus(typed, found, region):
        return ProblemKind.NOT_A_PHONE
    return ProblemKind.PHONE_COUNTRY if _plus_is_doubtful(typed, found, region) else None


def is_placeholder_email(address: str) -> bool:
    """Whether a well-formed address was made up to satisfy a form: ``none@none.com``, ``noemail7@...``."""
    local, _, domain = address.rpartition("@")
    label, _, ending = domain.partition(".")
    bare = local if _INITIAL.match(local) else local.translate(_PUNCTUATION)
    word = bare.strip("0123456789")
    common = bare in _BOTH or word in _BOTH
    return (
        bare in _LOCALS
        or word in _NUMBERED
        or bare.startswith(_BEGINNINGS)
        or (label in _DOMAINS and "." not in ending)  # na.example.com is somebody's
        or (local == label and (common or len(set(bare)) == 1))
        or (common and label in _NO_DOMAINS)
        or (word in _TESTS and label in _TEST_DOMAINS)
        or (bare in _ANYBODY and label in _TEST_DOMAINS)
        or f"{bare}@{label}" in _ALPHABET
    )


def is_placeholder_phone(typed: str) -> bool:
    """Whether a number was made up: one digit over and over, or counted through."""
    digits = _NOT_DIGITS.sub("", typed)
    alike = len(set(digits.removeprefix("1") or digits)) == 1
    return digits in _COUNTED or (len(digits) >= _LOCAL_LENGTH and alike)


def has_extension(typed: str) -> bool:
    """Whether a phone number ends in an extension: ``(202) 555-0143 x12``, but not ``#2025550143``."""
    found = _EXTENSION.search(typed)
    return found is not None and any(c.isdigit() for c in typed[: found.start()])


def _beside_a_note(typed: str, region: str) -> tuple[str | None, ProblemKind | None]:
    """``202-555-0143 (cell)``, ``H: 202-555-0143``: the one number among the words.

    Words with digits of their own, but for a time of day, may be another number.
    """
    matches = list(PhoneNumberMatcher(typed[:_NOTE_LIMIT], region, leniency=Leniency.POSSIBLE))
    if len(matches) != 1:
        return None, ProblemKind.NOT_A_PHONE
    [match] = matches
    if match.number.extension:
        return None, ProblemKind.PHONE_EXTENSION
    rest = typed[: match.start] + typed[match.end :]
    if _LIKE_DIGITS.search(typed[: match.start]) or _LIKE_DIGITS.search(typed[match.end :]):
        return None, ProblemKind.NOT_A_PHONE  # a letter for a digit: 0664 123456O
    number, problem = phone(match.raw_string, region)
    if number is None or len(_NOT_DIGITS.sub("", _TIME.sub("", rest))) > _DIGITS_OF_A_NOTE:
        return None, problem or ProblemKind.NOT_A_PHONE
    return number, ProblemKind.PHONE_NOTE


def _number(typed: str, region: str) -> str | None:
    try:
        return addresses.phone(typed, region).address
    except InvalidAddress:
        return None


def _plus_is_doubtful(typed: str, found: str, region: str) -> bool:
    """Whether a plus may stand before a number of here: +2025550143 is Cairo, and meant was Washington.

    It may where the same digits are a number of here: any, where numbers are written without a 0 before them,
    else a mobile's. Who sets a country of one or two digits apart (+65 6123 4567) has meant it, where no
    number of here is grouped so; three are an area, too.
    """
    here = _calling_code(region)
    if not typed.startswith(_PLUSES) or found.startswith(f"+{here}"):
        return False
    national = phonenumbers.PhoneNumber(country_code=here, national_number=int(found[1:]))
    if not phonenumbers.is_valid_number(national):
        return False
    kind = phonenumbers.number_type(national)
    mobile = kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if not (mobile or _is_written_bare(region)):
        return False
    code = str(phonenumbers.parse(found).country_code)
    grouped = phonenumbers.format_number(national, PhoneNumberFormat.NATIONAL).lstrip("0( ")
    apart = (
        len(code) < _AREA_LENGTH
        and re.match(rf"[+\uff0b]\s*{code}[^\w]", typed)
        and not re.match(rf"{code}\D", grouped)
    )
    return not apart


def _lacks_its_plus(typed: str, found: str, region: str) -> bool:
    """Whether a country's own code was taken for an area of it: 4915112345678 is no number of 0491."""
    digits = _NOT_DIGITS.sub("", typed)
    here = str(_calling_code(region))
    if typed.startswith(_PLUSES) or not digits.startswith(here) or found != f"+{here}{digits}":
        return False
    whole = phonenumbers.PhoneNumber(country_code=int(here), national_number=int(digits[len(here) :] or 0))
    return phonenumbers.is_valid_number(whole)


@cache
def _is_written_bare(region: str) -> bool:
    """Whether a whole number is written without a trunk prefix, or with a 1 that many leave out."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    return metadata is not None and metadata.national_prefix in (None, "1")


_calling_code = cache(phonenumbers.country_code_for_region)
