"""What people read: sentences that a school secretary understands, a file a language.

A rule answers a code; this is the only place that has its sentence. A new language is a file as ``es.py``
and its line in ``_SPOKEN``; the form in ``_words.py`` says what it must have.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Final

from reachable.model.credential import KIND_OF_CHANNEL, CredentialKind
from reachable.model.delivery_event import Cause, Channel
from reachable.model.details import Detail
from reachable.model.group import Tally
from reachable.model.guidance import Guidance
from reachable.model.message import Dropped
from reachable.model.reset import Need
from reachable.model.roster_problem import ProblemKind
from reachable.model.send import Refusal
from reachable.model.status import Ground
from reachable.model.upstream import Hindrance, Upstream
from reachable.words import en, es
from reachable.words._alarms import bounces_leap as bounces_leap
from reachable.words._alarms import emergencies_lost as emergencies_lost
from reachable.words._alarms import list_denied as list_denied
from reachable.words._alarms import parked_near_their_end as parked_near_their_end
from reachable.words._providers import NAMES
from reachable.words._sheets import as_csv as as_csv
from reachable.words._words import DigestTexts, InvitationTexts, Unsubscribing, Words
from reachable.words._words import RosterMail as RosterMail


class Language(StrEnum):
    """The languages in which we speak to people (ISO 639-1)."""

    EN = "en"
    ES = "es"


_SPOKEN: Final[Mapping[Language, Words]] = {Language.EN: en.WORDS, Language.ES: es.WORDS}


def of_accept_language(header: str) -> Language:
    """The first of our languages that a browser prefers (RFC 9110 section 12.5.4), else English."""
    for part in header.split(","):
        tag = part.split(";")[0].strip().split("-")[0].lower()
        if tag in Language:
            return Language(tag)
    return Language.EN


def spoken(*languages: str) -> Language:
    """The first of these that we speak, such as a person's and then the district's; else English."""
    return next((Language(tag) for tag in languages if tag in Language), Language.EN)


def reason(ground: Ground | None, cause: Cause, kind: CredentialKind, language: Language) -> str:
    """Why a credential is bad, in a sentence for staff."""
    words = _SPOKEN[language]
    said = words.by_ground.get(ground) if ground is not None else None
    return (said or words.by_cause[cause])[kind]


def why(reason_: str, channel: Channel, language: Language) -> str | None:
    """Why a message came to its status, by the code that its record has; None of a code that is not ours."""
    words = _SPOKEN[language]
    if reason_ in Cause:
        return words.by_cause[Cause(reason_)][KIND_OF_CHANNEL[channel]]
    known: tuple[Refusal | Dropped, ...] = (*Refusal, *Dropped)
    return next((words.not_sent[code] for code in known if code == reason_), None)


def advice(need: Need, language: Language, our_number: str | None) -> str:
    """What must happen before the rest of a credential opens."""
    words = _SPOKEN[language]
    return words.needs[need].format(number=our_number or words.our_number)


def guidance(advised: Guidance, language: Language, our_number: str | None, *, zone: tzinfo) -> str:
    """What to do about a credential, in a sentence for staff; its day is that of ``zone``."""
    words = _SPOKEN[language]
    if advised.upstream is not None and advised.kind is not None:
        told = of_upstream(advised.upstream, advised.kind, language, our_number, zone=zone)
        if told is not None:
            return told
    told = _filled(words.guidance[advised.because or advised.code], advised, language, our_number, zone)
    return f"{told} {words.did_you_mean.format(domain=advised.meant)}" if advised.meant else told


def of_upstream(
    upstream: Upstream, kind: CredentialKind, language: Language, our_number: str | None, *, zone: tzinfo
) -> str | None:
    """What a person must do about a provider's own list; None where nothing keeps it there."""
    if upstream.hindrance is None:
        return None
    return hindrance(
        upstream.hindrance,
        upstream.provider,
        kind,
        language,
        our_number,
        until=upstream.retry_after,
        zone=zone,
    )


def hindrance(
    told: Hindrance,
    provider: str,
    kind: CredentialKind,
    language: Language,
    our_number: str | None,
    *,
    until: datetime | None = None,
    zone: tzinfo,
) -> str:
    """What keeps an address on a provider's own list, and what a person must do, in a sentence for staff."""
    words = _SPOKEN[language]
    return words.hindrances[told].format(
        provider=NAMES.get(provider, provider),
        noun=words.noun[kind],
        at=_moment(until, language, zone) if until else "",
        number=our_number or words.our_number,
    )


def provider(id_: str) -> str:
    """The name under which people know a provider, the same in every language."""
    return NAMES.get(id_, id_)


def guidance_to_oneself(
    advised: Guidance, language: Language, our_number: str | None, *, zone: tzinfo
) -> str:
    """What to do about one's own credential, in a sentence for who has it."""
    words = _SPOKEN[language]
    said = words.guidance_to_oneself.get(advised.because) if advised.because is not None else None
    return _filled(said or words.guidance_to_oneself[advised.code], advised, language, our_number, zone)


def day(at: datetime, language: Language, zone: tzinfo) -> str:
    """The day of a time where the zone is, as people of the language write it."""
    from babel.dates import format_date  # late: most sentences tell no date

    return format_date(at.astimezone(zone), "long", language)


def _moment(at: datetime, language: Language, zone: tzinfo) -> str:
    from babel.dates import format_time  # late, as above

    there = at.astimezone(zone)
    return (
        f"{day(at, language, zone)}, {format_time(there, 'short', tzinfo=zone, locale=language)} {there:%Z}"
    )


def _filled(
    sentence: str, advised: Guidance, language: Language, our_number: str | None, zone: tzinfo
) -> str:
    words = _SPOKEN[language]
    return sentence.format(
        noun=words.noun[advised.kind] if advised.kind else "",
        elsewhere=words.elsewhere[advised.kind] if advised.kind else "",
        at=day(advised.at, language, zone) if advised.at else "",
        number=our_number or words.our_number,
    )


def label(name: str, language: Language) -> str:
    """What stands before a text to a shared phone."""
    return _SPOKEN[language].label.format(name=name)


def invitation(language: Language, *, district: str, url: str) -> InvitationTexts:
    """An invitation, filled in. ``district`` is its name, empty where it is not known."""
    words = _SPOKEN[language].invitation
    filling = {"district": district or words.district, "url": url}
    return InvitationTexts(
        subject=words.subject.format(**filling),
        email=words.email.format(**filling),
        sms=words.sms.format(**filling),
        district=filling["district"],
    )


def unsubscribing(language: Language) -> Unsubscribing:
    """The page that a mail's link leads to."""
    return _SPOKEN[language].unsubscribing


def digest(language: Language) -> DigestTexts:
    """The weekly mail to staff, in parts to be filled in."""
    return _SPOKEN[language].digest


def roster_mail(language: Language) -> RosterMail:
    """The mails about a roster that was not applied, to be filled in."""
    return _SPOKEN[language].roster_mail


def what_to_do(problem: ProblemKind, language: Language) -> str:
    """What a Rostering Administrator should do about a problem."""
    return _SPOKEN[language].roster_problems[problem]


def held(tally: Tally, language: Language) -> str:
    """Why a batch, sender or domain is held."""
    return _SPOKEN[language].held.format(bounced=tally.bounced, sent=tally.sent)


def detail(told: Detail, language: Language, values: Mapping[str, str]) -> str:
    """What is wrong, in a sentence for who asked. Of the values a kind of credential is put into words."""
    words = _SPOKEN[language]
    filling = {
        name: words.short[value] if isinstance(value, CredentialKind) else value
        for name, value in values.items()
    }
    return words.details[told].format(**filling)
