"""Phrases of mail servers, as data: what each is about. `_replies` reads them and argues their order.

Sources: RFC 5321 section 4.2 and RFC 3463 for what the standards say; the texts of Postfix, Exim, Sendmail,
qmail and Exchange; the error pages of Gmail, Microsoft, Yahoo, Apple, Mimecast, GMX, QQ and Coremail. No
reply was copied: a phrase holds what recurs in many.

A phrase is words in their order. ``..`` stands for up to four others, ``.`` for one at most, a word in
capitals for any of its set. Phrases and replies are read alike: without articles, auxiliaries, numbers,
hosts, accents and plurals, an address as ``@``, a pair of `JOINED` as one word; so "the address does not
exist" is "address nonexistent". Other languages are in the sets, and have a phrase of their own only
where they need it. The first row that has a phrase of the reply wins, wherever in the reply it stands.
"""

from collections.abc import Mapping
from typing import Final

from reachable.providers._meanings import (
    CONTENT,
    FULL,
    INACTIVE,
    INVALID,
    POLICY,
    SECURITY,
    SENDER,
    UNAVAILABLE,
    UNREACHABLE,
    Meaning,
)

SETS: Final[Mapping[str, str]] = {
    "MAILBOX": """
        @ account address addressee alias customer inbox mailbox mbox member rcpt recipient subscriber user
        username destinataire utilisateur compte boîte adresse
        usuario destinatario buzón cuenta casilla dirección utilizador caixa conta endereço
        utente casella indirizzo
        benutzer nutzer empfänger empfängeradresse postfach konto mailadresse gebruiker ontvanger postvak
        użytkownik odbiorca adresat adres skrzynka пользователь получатель адресат адрес ящик аккаунт
    """,
    "DEAD": """
        ambiguous bad illegal incorrect invalid malformed nonexistent unallocated unknown unlisted
        unrecognized unregistered unresolvable unroutable unverified
        inconnu inconnue inexistant inexistante introuvable invalide
        inexistente desconocido desconocida inválido inválida desconhecido desconhecida
        inesistente sconosciuto sconosciuta unbekannt unbekannter ungültig onbekend
        nieznany nieprawidłowy неизвестен несуществующий
    """,
    "INACTIVE": """
        abandoned archived cancelled closed deactivated deleted disabled discontinued dormant expired frozen
        inactive locked parked paused removed restricted retired stopped suspended terminated unused
        bloqué désactivé suspendu fermé inactif
        deshabilitada deshabilitado desactivada suspendida bloqueada inactivo
        desativada desabilitada suspensa bloqueado disattivato disabilitata sospeso
        deaktiviert gesperrt inaktiv zablokowane wyłączone nieaktywne заблокирован отключен неактивен
    """,
    "FULL": """
        full plein pleine lleno llena cheia lotada piena voll überfüllt vol przepełniona pełna переполнен
    """,
    "STOPPED": """
        banned blocked bounced declined denied disallowed forbidden prohibited refuse refused refusing reject
        rejected rejecting rejection unacceptable unaccepted
        bloqués rechazado rechazada rejeitado rejeitada recusado refusée abgelehnt abgewiesen verweigert
        rifiutato odrzucony odrzucona отклонено отклонен
    """,
    "SENDER": """
        sender originator expéditeur émetteur remitente remetente absender mittente nadawca отправитель
    """,
    "IP": "ip client network",
    "SENT": "command connection error invalid login mail recipient request session transaction unknown",
    "BLOCKLIST": """
        abuseat abusix barracudacentral cloudmark cobion dnsbl hostkarma invaluement junkemailfilter mailspike
        manitu psbl rbl senderscore sorbs spamcop spamhaus spamrl surbl uceprotect uribl
    """,
}
"""``BLOCKLIST``, lists of senders, is found in hosts and links, too."""

PHRASES: Final[tuple[tuple[Meaning, str], ...]] = (
    # How it came, in words that others use of what they found
    (
        UNREACHABLE,
        """
        lost connection | timed out while | connect to connection refused | system storage | system resource
        | insufficient disk space
        """,
    ),
    (
        POLICY,
        """
        relay quota | daily quota | hourly quota | queue quota | quota per | sender not authenticated
        | spam or virus
        """,
    ),
    (SECURITY, "sending quota | sending limit | submission quota | relay limit"),
    # A mailbox, in words that are said of senders or messages, too
    (
        FULL,
        """
        MAILBOX .. FULL | FULL MAILBOX | quota | overquota | storage | mailbox size | mailbox .. limit
        | mailbox exceeds | exceeds .. mailbox | exceeds .. disk | too many messages on the server
        | too many messages in .. MAILBOX | zuviele mails | 已满 | 空间不足
        """,
    ),
    (INACTIVE, "mailbox blocked | account blocked | inactivity"),
    (INVALID, "rfc address"),
    # Who sends cannot prove it: authentication and DNS of domains
    (
        SENDER,
        """
        dmarc | spf | dkim | sender policy framework | unauthenticated | authentication check
        | not authenticated | reverse dns | rdns | ptr | reverse lookup | reverse hostname | reverse name
        | reverse mapping | reverse ip | cannot find .. hostname | no hostname | ip .. lookup
        | ip .. not resolve | hostname .. not resolve | sender id | fcrdns | dns mx | resource record
        """,
    ),
    # Whom the message names as its sender
    (
        SENDER,
        """
        SENDER .. DEAD | DEAD . SENDER | SENDER .. not resolve | SENDER .. not in .. domain | not owned by
        | null sender | SENDER verify | SENDER verification | verify SENDER | verifying SENDER
        | SENDER callout | SENDER must | SENDER no | SENDER null mx | required for SENDER
        | syntax error in SENDER | send as
        """,
    ),
    # Whose name it borrows
    (POLICY, "helo | ehlo | spoofed | spoofing | forged | mismatch | mismatched"),
    # How we came: relaying, logging in, encryption
    (
        SECURITY,
        """
        relay .. STOPPED | not relay | no relay | unable to relay | rcpthosts | authentication | authenticate
        | authentification | auth failed | auth required | log in | logged in | bad password
        | username . password | credential | pop before smtp | tls | starttls | encryption required
        | local user only
        """,
    ),
    # The form of the message, and what it carries
    (
        CONTENT,
        """
        rfc | malformed mail | mail malformed | invalid mail | mail invalid | invalid content | mail format
        | format error | mime | mail header | header error | header too large | header too long
        | invalid header | missing .. header | header missing | header .. invalid | duplicate header
        | multiple header | multiple . from | multiple addresses in from | missing .. from | from missing
        | missing . mail id | missing date | missing subject | empty subject | empty mail | ascii | zip
        | macro | encrypted | harmful | bit data | bare lf | bare cr | bare carriage | line too long
        | line longer | invalid character | nul character | unicode | encoding | from header | header from
        | header field | file extension | file name | corrupt | too many header | virus | malware | trojan
        | infected | attachment | file type | executable | security issue | content presents
        """,
    ),
    # Lists and reputation
    (
        POLICY,
        """
        BLOCKLIST | blacklist | blocklist | denylist | blackhole | ip .. listed | listed at | listed on
        | listed in | listed by | reputation | IP .. STOPPED | STOPPED . ip | black ip | invalid ip
        | ip check | host blocked | server blocked | STOPPED host | connection rejected | connection denied
        | connection not accepted | ipv | dynamic | residential | compromised | botnet | open relay
        | open proxy | blocked using | blocked by | blocked see | blocked for | no smtp service
        """,
    ),
    # Spam
    (
        POLICY,
        """
        spam | spammer | spamming | junk | junkmail | unsolicited | bulk | advertising | abuse | abusive
        | phishing | suspicious | suspected | suspicion | content filter | banned content | content denied
        | content examination | content restriction | mail filtered | quarantined | backscatter | 垃圾
        """,
    ),
    # Its size
    (
        CONTENT,
        """
        content rejected | mail too large | mail too big | mail file too big | mail size | mail length
        | too much mail data | mail exceeds | size limit | size exceeds | exceeds .. size | maximum .. size
        | larger than
        """,
    ),
    # Rates
    (
        POLICY,
        """
        too many .. SENT | sent to too many | excessive | frequency limited | rate limit | rate limited
        | rate exceeded | exceed .. limit | limit exceeded | limit reached | reached .. limit | exceed .. max
        | exceed .. maximum | maximum number | connection limit | slow down | too fast | too quickly
        | too frequent | receiving .. rate | throttled | throttling
        """,
    ),
    # Rules, of a site or a person
    (
        POLICY,
        """
        policy | politique | security reason | administrative prohibition | prohibited by administrator
        | private list | whitelist | allowed sender | geographical | country | access .. rejected
        | rejected by .. recipient | rejected by user | user refused | only accepts | only accepting
        | not accept mail from | not want | not welcome | go away | not allowed to connect
        | not allowed to send | SENDER .. STOPPED | STOPPED . SENDER
        """,
    ),
    # Their system
    (
        UNREACHABLE,
        """
        host not found try again | timed out | timeout | retry time | connection reset | connection refused
        | connection closed | connection dropped | no route to host | not reachable | unreachable
        | unable to connect | not able to establish | mail expired | envelope expired | queue expired
        | time expired | queue too long | hop count | too many hop | loop | internal .. error | system error
        | local error | database error | error writing | configuration error | misconfigured | certificate
        | busy | mailer error | command died | delivery temporarily suspended | host down | server down
        | undelivered after | server error | error in processing | temporarily unavailable
        | temporarily failed | failed temporarily | temporary . failure | lookup failure | greylisted
        | dns .. failed
        """,
    ),
    # The mailbox
    (
        INACTIVE,
        """
        MAILBOX .. INACTIVE | INACTIVE MAILBOX | domain INACTIVE | MAILBOX moved | not receiving
        | not receive | unable to receive | not in use | out of service | INACTIVE . user | no longer
        | does not accept mail | suspend service | not accepting mail | 停用
        """,
    ),
    (
        INVALID,
        """
        MAILBOX .. DEAD | DEAD . MAILBOX | DEAD domain | domain DEAD | DEAD host | host DEAD | nonexistent
        | no such | no mailbox | no recipient | no user | no valid recipient | no account | no one by
        | not user | not local | not have .. account | not in recipient list | not in .. directory
        | not listed in .. book | lookup .. failed | not .. verified | not verify | verification failed
        | not resolve | not . member | not . registered | no domain | not find .. domain | not find .. host
        | null mx | no mx | undeliverable | no se encuentra | 不存在
        """,
    ),
    (UNREACHABLE, "try again | try later"),
    # What RFC 5321 says of every 550, and Postfix of every recipient that it refuses
    (
        UNAVAILABLE,
        """
        MAILBOX unavailable | unavailable . MAILBOX | recipient rejected | recipient refused
        | recipient denied | address rejected | address refused | mailbox name STOPPED
        """,
    ),
)

REFUSALS: Final[tuple[tuple[Meaning, str], ...]] = (
    (POLICY, "STOPPED | no permit"),
    (UNREACHABLE, "service .. unavailable | server .. unavailable | insufficient"),
)
"""Words that only refuse: whatever it is, for whatever reason."""

FILLERS: Final = """
    a an the this that is are was were be been has have had do does did will would may might can could should
    our my its it sorry please currently
    el la los las le les der die das ist il lo o um une un una du des est esta sa su
"""

JOINED: Final[Mapping[str, str]] = {
    "nonexistent": """
        not exist | not existent | non existent | not found | no existe | no encontrado | não existe
        | não encontrado | non esiste | non trovato | existe pas | existiert nicht | nicht gefunden
        | nicht vorhanden | bestaat niet | nie istnieje | nie znaleziono | не существует | не найден
    """,
    "invalid": "not valid",
    "unknown": "not known | nicht bekannt",
    "unlisted": "not listed",
    "unrecognized": "not recognized",
    "unavailable": "not available",
    "inactive": "not active | not activated | not enabled",
    "refused": "not allowed | not permitted | not authorized",
    "unaccepted": "not accepted",
    "unroutable": "not routable",
    "undeliverable": "not deliverable",
    "blacklist": "black list",
    "blocklist": "block list",
    "denylist": "deny list",
    "ip": "sending server",
    "address": "local part",
    "mailbox": "mail box",
    "sender": """
        your address | your domain | mail from | from address | from domain | envelope from | return path
        | sending domain | sender address | sender domain
    """,
}
"""Words that are read as one."""

ALIKE: Final[Mapping[str, str]] = {
    "address": "addresses",
    "mailbox": "mailboxes",
    "virus": "viruses",
    "policy": "policies",
    "blacklist": "blacklisted",
    "blocklist": "blocklisted",
    "exceed": "exceeded",
    "mail": "email message",
    "relay": "relaying",
    "not": "cannot isnt doesnt dosnt couldnt wasnt",
    "unroutable": "unrouteable",
    "recognized": "recognised",
}
"""Forms of a word, beside the plural's s."""
