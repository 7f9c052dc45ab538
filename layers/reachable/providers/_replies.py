"""What a mail server's words are about: its operator's own codes, then phrases (`_phrases`).

Words and codes decide together. The first of these that says something wins (`_codes` has 4 to 6):

1. **The receiver's own code.** Its operator has documented it, so it is exact, whatever stands beside it:
   Orange writes OFR_417 for a full mailbox beside 5.1.1.
2. **Words about the sender, a policy, the content.** They come before those about the mailbox, since who
   refuses a sender often names mailboxes, too ("too many unknown users", "mailbox unavailable, your IP is
   listed"), while of a mailbox that is gone hardly anybody speaks of DMARC. Where a mailbox is spoken of in
   words that are a sender's elsewhere ("blocked due to inactivity"), a row above them has the whole phrase.
   A verdict stands before its decoration, so these words are none of a sender's in two cases, both only
   where plain words for a dead mailbox come first ("No such user. This is not an open relay"):
   the enhanced code is exact and says the same, two witnesses against one word, whatever it is; or, without
   such a code, they are no more than a sign or good advice (`_phrases.ASIDE`: "No such user, see RFC 5321").
   "DMARC: user unknown" and "too many unknown users" stay a sender's: there the blame comes first.
3. **Words about the mailbox**, or the system that should have it. They win over the code: many servers give
   one code (5.7.1) to every refusal, and a person has written why. A code corrects them in three places:
   why a mailbox is "unavailable", whose the "invalid address" is (5.1.7, 5.1.8), what is wrong with a
   message that is only "rejected" (5.3.4, 5.6.x).
4. **The enhanced code**, where it is exact. A detail of 0, and the subject of protocol, tell hardly more than
   a reply code: before these, words which refuse and say no more ("denied", "your IP") are heard.
5. **The reply code**, the coarsest: 550 is said of dead mailboxes and of spam alike.
6. **The provider's class.** It read the same reply, and had no more to go by.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final
from unicodedata import combining, normalize

from reachable.providers import _phrases
from reachable.providers._meanings import (
    CONTENT,
    FULL,
    INACTIVE,
    INVALID,
    POLICY,
    SECURITY,
    SENDER,
    UNREACHABLE,
    Meaning,
)

LONGEST: Final = 2000
"""Characters of a reply that are read: a limit on what a stranger can make us do."""

DETAILS: Final[Mapping[str, Meaning]] = {
    # Microsoft, learn.microsoft.com: "Email non-delivery reports and SMTP errors in Exchange Online"
    "1.90": SECURITY,  # the sending tenant has reached its day's limit
    "2.121": POLICY,  # the recipient gets too much from this sender
    "2.122": POLICY,  # or from all: a rate, nothing of the address
    "4.310": INVALID,  # the domain is not there
    "7.12": POLICY,  # a recipient that hears only its own organisation
    "7.124": POLICY,  # a group or mailbox that hears only whom its owner named
    "7.133": POLICY,
    "7.134": POLICY,
    "7.135": POLICY,
    "7.136": POLICY,
    "7.232": SECURITY,  # the sending tenant has reached a limit
    "7.233": SECURITY,
    "7.322": UNREACHABLE,  # their certificate has expired
    "7.323": UNREACHABLE,  # their TLSA record
    "7.324": UNREACHABLE,  # their DNSSEC
    "7.505": INVALID,  # "banned recipient": no valid one
    "7.509": SENDER,  # DMARC
    "7.515": SENDER,  # the rules for bulk senders
    "7.705": SECURITY,  # the sending tenant is over a threshold
    "7.750": SECURITY,  # a domain that the sending tenant has not registered
}
"""Details that a receiver has made up, by subject and detail."""

ORANGE: Final[Mapping[str, Meaning]] = {
    # postmaster.orange.fr; Laposte.net's LPN codes have the same numbers
    "401": SENDER,  # SPF
    "402": SECURITY,  # authentication required
    "405": SENDER,  # a sender that takes no mail
    "416": INVALID,
    "417": FULL,
    "426": INACTIVE,
    "505": UNREACHABLE,  # try later
    "517": SENDER,  # DMARC
    "1": POLICY,  # connections of an IP
    "5": POLICY,
}
GODADDY: Final[Mapping[str, Meaning]] = {
    # godaddy.com/help/fix-rejected-email-with-a-bounce-error-40685
    "510": POLICY,  # messages in one session
    "1": POLICY,  # what an IP does
    "2": POLICY,  # content judged to be spam
    "4": SECURITY,  # authentication
    "5": SENDER,  # the From address
    "6": POLICY,  # rates
    "7": POLICY,  # blocklists
}
"""By number or, where it has no row, its first digit."""

_SHAPE: Final = re.compile(
    r"\b(?:(?P<orange>(?:ofr|lpn)\d*_)|(?P<godaddy>ib))(?P<number>\d\d\d)\b"
    # Microsoft: 5.4.1 with AS(...) is its directory's "no such recipient"
    r"|(?P<directory>\b5\.4\.1\b.*\bas\(\d)"
    # Outlook.com, sendersupport.olc.protection.outlook.com/pm/troubleshooting.aspx
    r"|(?P<outlook>\b(?:sc|dy|ou|rp)-00\d\b)"
    # Comcast, postmaster.comcast.net/smtp-error-codes.php: DMARC; lists, rates, dynamic networks
    r"|(?P<dmarc>#dm\d{6})|(?P<comcast>#(?:bl|rl|es)\d{6})"
    # AOL, postmaster.aol.com/error-codes: networks, relays, DNS, connections, rates, routes
    r"|(?P<aol>\((?:rly|hvu|dyn|con|rtr|dns|sns):[a-z]{1,3}\d{0,2}\))"
    # Yahoo, senders.yahooinc.com/smtp-error-codes, and Apple, support.apple.com/102322, in brackets
    r"|(?P<bracket>\[(?:tss?|bl|ph|ipts|gl|cs|hm)\d\d\])"
    # NetEase, mail.163.com/help: where it looked, and what it found
    r"|(?P<netease>\b(?:hl|mi|rp|dt|wm|fl|ib):[a-z]{3}\b)",
    re.DOTALL,
)
_OF_SHAPE: Final[Mapping[str | None, Meaning]] = {"directory": INVALID, "dmarc": SENDER}

TOKENS: Final[Mapping[str, Meaning]] = {
    # Gmail's links, support.google.com/a/answer/3726730
    "?p=nosuchuser": INVALID,
    "?p=disableduser": INACTIVE,
    "?p=overquota": FULL,
    "?p=receivingrate": POLICY,
    "?p=rfcmessage": CONTENT,
    "?p=blockedmessage": CONTENT,
    # Exchange: what its resolver found
    "recipnotfound": INVALID,
    "recipientnotfound": INVALID,
    "nonexistentdomain": INVALID,
    "rst.authrequired": POLICY,
    "rst.notauthorized": POLICY,
    # RFC 5321, 4.2.4: a command out of its order, which our side sent
    "503 5.5.": SECURITY,
    # Microsoft's block lists
    "(s3140)": POLICY,
    "(s3150)": POLICY,
    # Charter, spectrum.net: its acceptable use policy
    "aup#": POLICY,
    # QQ, service.mail.qq.com: this recipient gets too much. T-Online: what this IP did
    "mailbox unavailable or access denied": POLICY,
    "a problem occurred. (ask your postmaster": POLICY,
    # Yandex: the mailbox is blocked. Trend Micro: the sender is. Barracuda: by this recipient
    "policy rejection on the target address": INACTIVE,
    "block-send-er": POLICY,
    ":blocked)": POLICY,
    # Sendmail: what HELO named
    "501 5.0.0 invalid domain name": SENDER,
}


_OF_SENDERS: Final = (SENDER, SECURITY, CONTENT, POLICY)
_EXACT: Final = frozenset(("1.1", "1.2", "1.6", "1.10", "2.1"))
"""Details that say of a mailbox, or its system, that it is dead, and nothing else."""


def told(status: str | None, reply: str) -> Meaning | None:
    """What the receiver's own code or, where there is none, the words are about."""
    return _of_receiver(status, reply) or _of_words(status, words(reply))


def refusal(reply: str) -> Meaning | None:
    """What words are about that refuse and say no more."""
    return _first(_refusals_by_word(), words(reply))


def _of_words(status: str | None, found: Sequence[str]) -> Meaning | None:
    told = _first(_phrases_by_word(), found)
    return (_dead(status, found) or told) if told in _OF_SENDERS else told


def _dead(status: str | None, found: Sequence[str]) -> Meaning | None:
    """What plain words say of a dead mailbox, where the sender's word beside them is decoration."""
    dead = min(_ends(_plain_by_word(), found), default=None, key=_end)
    if dead is None:
        return None
    end, _, verdict = dead
    said = _ends(_phrases_by_word(), found)
    if any(blamed <= end and meaning in _OF_SENDERS for blamed, _, meaning in said):
        return None
    if status and status.partition(".")[2] in _EXACT:
        return verdict
    rest = [word for word in found if word not in _ASIDE]
    return verdict if _first(_phrases_by_word(), rest) is INVALID else None


def _of_receiver(status: str | None, reply: str) -> Meaning | None:
    own = DETAILS.get(status.partition(".")[2]) if status else None
    if own is not None:
        return own
    text = reply[:LONGEST].lower()
    return _of_shape(text) or next((meaning for token, meaning in TOKENS.items() if token in text), None)


def _of_shape(text: str) -> Meaning | None:
    found = _SHAPE.search(text)
    if found is None:
        return None
    number = found["number"]
    if number is None:
        return _OF_SHAPE.get(found.lastgroup, POLICY)
    codes = ORANGE if found["orange"] else GODADDY
    return codes.get(number) or codes.get(number[0])


# How words are read

_AROUND: Final = re.compile(r"\bhost \S+ said: |\(in reply to [^)]*\)")
"""What Postfix writes around a reply."""
_CHUNK: Final = re.compile(r"[^\s<>()\[\]{}\"`,;!?*|=#]+")
_HOST: Final = re.compile(r"//|\w\.[^\W\d_]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FIRST_WITHOUT_BLANKS: Final = "\u3040"
"""From here on, alphabets write without blanks: each sign is a word."""
_SHORTEST_PLURAL: Final = 4


def words(reply: str) -> list[str]:
    """A reply's words as phrases have them."""
    text = _plain(reply[:LONGEST])
    if "said: " in text or "in reply to" in text:
        text = _AROUND.sub(" ", text)
    found: list[str] = []
    for chunk in _CHUNK.findall(text):
        for spelt in _spelt(chunk.strip(".:'")):
            word = _word(spelt)
            while found and word and (found[-1], word) in _JOINED:
                word = _JOINED[found.pop(), word]
            if word:
                found.append(word)
    return found


def _spelt(chunk: str) -> Sequence[str]:
    """The words in what stands between blanks: one, mostly."""
    if chunk.isalpha():
        return (chunk,)
    if "@" in chunk:
        return ("@",)
    found = _WORD.findall(chunk)
    return [name for name in found if name in _BLOCKLISTS] if found and _HOST.search(chunk) else found


def _plain(text: str) -> str:
    """Lower case, without accents."""
    if text.isascii():
        return text.lower()
    signs = normalize("NFKD", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower())
    return "".join(
        f" {sign} " if sign >= _FIRST_WITHOUT_BLANKS else sign for sign in signs if not combining(sign)
    )


@lru_cache(maxsize=2048)
def _word(spelt: str) -> str:
    """One spelling for all forms; nothing for a filler."""
    stem, _, end = spelt.partition("'")
    if end == "t":
        return "not"
    if end not in ("", "s"):  # l'utilisateur, n'existe
        stem = end
    stem = _ALIKE.get(stem, stem)
    if stem in _FILLERS:
        return ""
    if len(stem) >= _SHORTEST_PLURAL:
        stem = stem.removesuffix("s")  # of "status" too: phrases are read alike
    return _ALIKE.get(stem, stem)


_FILLERS: Final = frozenset(_phrases.FILLERS.split())
_BLOCKLISTS: Final = frozenset(_phrases.SETS["BLOCKLIST"].split())
_ALIKE: Final = {form: word for word, forms in _phrases.ALIKE.items() for form in _plain(forms).split()}
_JOINED: Final = {
    tuple(map(_word, _plain(pair).split())): _word(word)
    for word, pairs in _phrases.JOINED.items()
    for pair in pairs.split("|")
}
_ASIDE: Final = frozenset(map(_word, _phrases.ASIDE.split()))

# How phrases are found

type _Phrase = Sequence[frozenset[str] | int]
type _ByWord = Mapping[str, Sequence[tuple[int, Meaning, _Phrase]]]

_GAPS: Final = {"..": 4, ".": 1}
"""How many other words may stand between."""


def _first(phrases: _ByWord, found: Sequence[str]) -> Meaning | None:
    """The meaning of the first row of the table that has a phrase of these words."""
    best, told = len(_phrases.PHRASES), None
    for at, word in enumerate(found, start=1):
        for row, meaning, phrase in phrases.get(word, ()):
            if row >= best:
                break
            if _follows(phrase, 0, found, at):
                best, told = row, meaning
    return told


def _ends(phrases: _ByWord, found: Sequence[str]) -> Iterator[tuple[int, int, Meaning]]:
    """Where each phrase ends that stands in these words, with its row and what it means."""
    for at, word in enumerate(found, start=1):
        for row, meaning, phrase in phrases.get(word, ()):
            end = _follows(phrase, 0, found, at)
            if end:
                yield end, row, meaning


def _end(phrase: tuple[int, int, Meaning]) -> tuple[int, int]:
    return phrase[:2]


def _follows(phrase: _Phrase, part: int, found: Sequence[str], at: int) -> int:
    """Where the phrase ends whose part from this one on stands at this place; 0 where it does not."""
    if part == len(phrase):
        return at
    wanted = phrase[part]
    if isinstance(wanted, int):
        afters = range(at, min(at + wanted + 1, len(found)))
        return next(filter(None, (_follows(phrase, part + 1, found, after) for after in afters)), 0)
    return _follows(phrase, part + 1, found, at + 1) if at < len(found) and found[at] in wanted else 0


@cache
def _phrases_by_word() -> _ByWord:
    """Made with the first reply: most starts of a process read none."""
    return _by_word(_phrases.PHRASES)


@cache
def _plain_by_word() -> _ByWord:
    return _by_word(_phrases.PLAIN)


@cache
def _refusals_by_word() -> _ByWord:
    return _by_word(_phrases.REFUSALS)


def _by_word(table: Iterable[tuple[Meaning, str]]) -> _ByWord:
    """Each phrase under every word that can be its first, so that a reply meets few."""
    by_word = defaultdict(list)
    for row, (meaning, phrases) in enumerate(table):
        for phrase in phrases.split("|"):
            first, *rest = _phrase(phrase)
            for word in first if isinstance(first, frozenset) else ():
                by_word[word].append((row, meaning, rest))
    return by_word


def _phrase(text: str) -> Iterator[frozenset[str] | int]:
    """Its words, read as a reply's are, between sets and gaps."""
    plain: list[str] = []
    for word in (*text.split(), ""):
        if word and word not in _GAPS and word not in _phrases.SETS:
            plain.append(word)
            continue
        if plain:
            yield from (frozenset((part,)) for part in words(" ".join(plain)))
            plain = []
        if word:
            yield _GAPS.get(word) or _set(word)


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(_word(word) or word for word in _plain(_phrases.SETS[name]).split())
