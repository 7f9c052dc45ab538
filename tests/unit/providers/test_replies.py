"""What the words of mail servers come to: a reply of our own for each phrase, code and token."""

import pytest

from reachable.model.delivery_event import Cause, Kind, Permanence
from reachable.providers import _codes

type Told = tuple[Kind, Permanence, Cause]

PERMANENT, UNDETERMINED = Permanence.PERMANENT, Permanence.UNDETERMINED
GONE: Told = (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)
INACTIVE: Told = (Kind.BOUNCED, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)
DOWN: Told = (Kind.BOUNCED, UNDETERMINED, Cause.INACTIVE_OR_UNREACHABLE)
FULL: Told = (Kind.BOUNCED, UNDETERMINED, Cause.MAILBOX_FULL)
CONTENT: Told = (Kind.BOUNCED, UNDETERMINED, Cause.CONTENT_OR_SIZE)
POLICY: Told = (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
ACCESS: Told = (Kind.BOUNCED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)
OURS: Told = (Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)
NOTHING: Told = (Kind.BOUNCED, PERMANENT, Cause.UNKNOWN)


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def words(text: str) -> list[str]:
    return text.split()


def told(reply: str) -> Told:
    """What a hard bounce with this reply comes to."""
    found = _codes.bounce(PERMANENT, _codes.enhanced_status(reply), reply)
    assert found.permanence is not None
    assert found.cause is not None
    return found.kind, found.permanence, found.cause


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        # Microsoft
        ("550 5.1.90 the day's limit", ACCESS),
        ("550 5.7.12 it is not authenticated as one of ours", POLICY),
        ("550 5.7.232 trial tenant", ACCESS),
        ("550 5.7.233 tenant", ACCESS),
        ("550 5.7.705 tenant", ACCESS),
        ("550 5.2.121 RecipLimit; at most 33 an hour for ada@example.com", POLICY),
        ("550 5.2.122 RecipLimit; at most 3600 an hour", POLICY),
        ("550 5.4.310 example.invalid in DNS", GONE),
        ("550 5.7.124 RESOLVER; group", POLICY),
        ("550 5.7.133 not authenticated, group of teachers", POLICY),
        ("550 5.7.134 not authenticated, mailbox", POLICY),
        ("550 5.7.135 not authenticated, folder", POLICY),
        ("550 5.7.136 not authenticated, mail user", POLICY),
        ("550 5.7.322 of 1 May", DOWN),
        ("550 5.7.323 at port 25", DOWN),
        ("550 5.7.324 DS record", DOWN),
        ("550 5.7.505 recipient banned", GONE),
        ("550 5.7.509 school.example.org", OURS),
        ("550 5.7.515 school.example.org", OURS),
        ("550 5.7.750 school.example.org, register it", ACCESS),
        ("550 5.4.1 Access denied for this one. AS(201806281)", GONE),
        ("550 5.4.1 Access denied for this one\nAS(201806281)", GONE),
        ("550 5.7.1 192.0.2.1 is on it (S3140)", POLICY),
        ("550 192.0.2.1 is on it (S3150)", POLICY),
        ("550 SC-001 (COL004) 192.0.2.1", POLICY),
        ("550 OU-002 (COL004) 192.0.2.1", POLICY),
        ("550 5.7.1 SMTP.RecipNotFound", GONE),
        ("550 5.7.1 RESOLVER.ADR.RecipientNotFound", GONE),
        ("550 5.0.0 DNS.NonexistentDomain", GONE),
        ("550 5.1.1 RESOLVER.RST.AuthRequired", POLICY),
        ("550 5.1.1 RESOLVER.RST.NotAuthorized", POLICY),
        # Orange, Laposte.net
        ("550 5.5.0 OFR_401", OURS),
        ("550 5.5.0 LPN105_402", ACCESS),
        ("550 5.1.1 LPN007_405", OURS),
        ("550 5.5.0 OFR_416 [416]", GONE),
        ("552 5.1.1 OFR_417 [417]", FULL),
        ("550 5.1.1 LPN007_426", INACTIVE),
        ("550 5.1.1 OFR_505", DOWN),
        ("550 5.1.1 OFR004_506 mail", POLICY),
        ("550 5.1.1 LPN007_517", OURS),
        ("550 5.1.1 OFR004_104", POLICY),
        ("550 5.1.1 OFR_900", GONE),  # a number that we do not know: the code
        # GoDaddy
        ("550 5.1.1 IB110", POLICY),
        ("550 5.1.1 IB212", POLICY),
        ("535 5.1.1 IB401", ACCESS),
        ("550 5.1.1 IB504", OURS),
        ("550 5.1.1 IB510", POLICY),
        ("550 5.1.1 IB607", POLICY),
        ("554 5.1.1 IB705", POLICY),
        # Gmail
        ("550 https://support.example.com/mail/?p=NoSuchUser - gsmtp", GONE),
        ("550 5.1.1 https://support.example.com/mail/?p=DisabledUser - gsmtp", INACTIVE),
        ("550 5.1.1 https://support.example.com/mail/?p=OverQuotaPerm - gsmtp", FULL),
        ("550 5.2.1 https://support.example.com/mail/?p=ReceivingRatePerm - gsmtp", POLICY),
        ("550 5.7.1 https://support.example.com/mail/?p=RfcMessageNonCompliant - gsmtp", CONTENT),
        ("552 5.7.0 https://support.example.com/mail/?p=BlockedMessage - gsmtp", CONTENT),
        # Comcast, Charter
        ("550 5.2.0 http://postmaster.example.com/codes#DM000001", OURS),
        ("550 5.2.0 http://postmaster.example.com/codes#BL000010", POLICY),
        ("550 5.2.0 http://postmaster.example.com/codes#RL000003", POLICY),
        ("550 5.2.0 http://postmaster.example.com/codes#ES000001", POLICY),
        ("550 5.1.0 AUP#In-1310", POLICY),
        # Yahoo, Apple
        *((f"553 5.1.1 [{sign}01] ask us", POLICY) for sign in words("TS TSS BL PH IPTS GL CS HM")),
        # AOL
        *((f"554 5.1.1 ({sign}:B1)", POLICY) for sign in words("RLY HVU DYN CON RTR DNS SNS")),
        # NetEase
        *((f"554 5.1.1 {sign}:ABC", POLICY) for sign in words("HL MI RP DT WM FL IB")),
        # Others
        ("550 5.1.1 Mailbox unavailable or access denied: ada", POLICY),
        ("554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help)", POLICY),
        ("550 5.7.1 Policy rejection on the target address: ada", INACTIVE),
        ("554 5.1.1 BLOCK-SEND-ER", POLICY),
        ("550 one of them could not be reached (ada@example.com:blocked)", POLICY),
        ("501 5.0.0 Invalid domain name: school_1", OURS),
    ],
)
def test_a_receivers_own_code_comes_before_all(reply: str, expected: Told) -> None:
    assert told(reply) == expected


SENDERS = lines("""
550 5.1.1 Message fails DMARC of school.example.org
550 5.1.1 SPF: 192.0.2.1 may not send for school.example.org
554 5.1.1 bad DKIM signature
550 Sender Policy Framework says no
550-5.1.1 Unauthenticated mail
550 5.7.0 <ada@example.com>: Recipient address rejected: two authentication checks went wrong
550 5.1.1 message is not authenticated
550 5.1.1 no reverse DNS for 192.0.2.1
554 rDNS of 192.0.2.1 is generic
550 5.1.1 192.0.2.1 has no PTR
550 Reverse lookup of 192.0.2.1 gives nothing
550 5.1.1 bad reverse hostname
550 reverse name of 192.0.2.1 missing
550 reverse mapping of 192.0.2.1 missing
550 reverse IP of 192.0.2.1 missing
550 5.1.1 cannot find your hostname
550 IP address has no hostname
550 your IP does not resolve
550 IP name lookup went wrong
550 the hostname mail does not resolve
550 Sender ID says no
550 FCrDNS says no
550 mailbox unavailable, look at DNS MX of yours
550 bad resource record
550 sender has a null MX
550 5.1.8 <office@school.example.org>: Sender address rejected: Domain not found
550 5.1.1 unknown sender
552 what MAIL FROM names is invalid
553 5.5.4 <office>... Domain name required for sender address office
501 Sender's domain is nonexistent
550 an unroutable old sender
550 invalid envelope from
550 bad return path
550 bad from address
550 bad From: domain
550 illegal sending domain
550 Sender email is unknown here
550 sender account is not known
550 sender is not in our domain
553 Sender address rejected: not owned by user ada
550 Sender verify failed
550-Sender verification went wrong
550 Sender callout went wrong
550 Sender domain must exist
550 5.7.1 illegal old sender
550 the sender's name does not resolve
550 null sender is not wanted
550 we verify senders
550 we went on verifying senders
550 the sender has no home
550 Sender address must exist
501 Syntax error in MAIL FROM
550 5.7.1 she has no permission to send as this person
550 your address is unknown here
550 your domain is unknown here
550 5.1.1 callout went wrong
550 sender does not accept anything
550 sender is too new
550 for us your sender is new
550 5.1.1 newly registered, so no
550 return address is bad
550 bad envelope domain
550 the Reply-To address is bad
550 look at the Reply-To header
550 bad Reply-To
550 an address in From: does not exist
550 发件人地址不存在
550 发件人地址无效
550 Absenderadresse existiert nicht
550 remitente no válido
550 remitente no válida
550 remetente não válido
550 l'expéditeur n'est pas valide
550 mittente non valido
550 mittente non valida
550 Absender nicht gültig
550 отправитель не действителен
550 a bad originating address
550 a bad bounce address
550 a bad sending address
550 return path is undeliverable
550 Reply-To domain does not exist
550 die Absenderdomain existiert nicht
""")

ACCESSES = lines("""
550 5.1.1 relaying denied
550 5.1.1 relay for ada is denied
550 we do not relay
550 no relaying, go home
550 Unable to relay for ada@example.com
550 relaying to <ada@example.com> prohibited by administrator
553 that domain isn't in my list of allowed rcpthosts
550 5.1.1 SMTP authentication is needed
550 5.1.1 authenticate first
550 Authentification requise
550 5.1.1 AUTH failed
553 <ada@example.com>: you have logged in as ida
500 your server has no TLS
550 5.1.1 STARTTLS first
550 5.1.1 encryption required
550 local users only
550 5.1.1 sending quota exceeded
550 5.1.1 submission quota exceeded
550 5.1.1 user sending limit exceeded
550 5.1.1 SMTP relay limit exceeded
550 please log in
550 AUTH required
550 POP before SMTP
550 5.1.1 bad password
550 5.1.1 username or password are bad
550 5.1.1 credentials are bad
503 5.5.1 a command that nobody waited for
503 a command that nobody waited for
550 bad sequence
550 wrong sequence of commands
550 out of sequence
550 protocol error
550 protocol violation
550 protocol synchronization went wrong
550 pipelining before we said so
550 need RCPT
554 5.5.1 Error: no valid recipients
550 5.1.1 account blocked from sending
""")

CONTENTS = lines("""
550 5.1.1 Virus found
550 two viruses found
554 malware inside
554 trojan inside
554 your message is infected
552 5.1.1 such attachments are unwelcome
552 5.1.1 one attachment is unwelcome
552 file type is unwelcome
552 executables are unwelcome
554 5.1.1 malformed mail
550 5.7.1 Message is not RFC 5322 compliant
554 not compliant with RFC 5322
554 does not comply with RFC 5322
554 it violates RFC 5322
550 something in the message header
554 header error
552 5.1.1 headers too large (3 at most)
552 5.1.1 header too long
550 invalid header found
550 missing header To
550 header missing: To
550 duplicate headers
550 multiple headers of one name
550 multiple From
550 there are multiple addresses in From:
550 missing From
550 From: missing
550 missing Message-ID
550 missing Date
550 bare LF
550 bare CR
500 5.1.1 line too long
500 lines longer than 998
500 lines too long
550 invalid characters in it
550 a unicode character in it
550 8-bit encoding in it
552 your message is too large: 30 MB
552 message too big
552 5.1.1 message file too big
552 message size: 30 MB
552 size limit is 10 MB
552 5.1.1 size exceeds 10 MB
552 it exceeds our size
552 maximum is a size of 10 MB
552 larger than 10 MB
552 5.1.1 a potential security issue
554 5.1.1 its content was rejected
554 mail is malformed
554 5.1.1 MIME
554 invalid message
554 message is invalid
554 5.1.1 invalid content
554 bad message format
554 format error
550 To header is invalid
550 header field To
550 5.1.1 bad From header
550 5.1.1 bad header From
552 5.1.1 unwanted file extension
552 5.1.1 unwanted file name
550 5.1.1 missing subject
550 5.1.1 empty subject
550 empty message
550 bare carriage return
550 not ASCII
552 zip files
552 macros in it
552 it is encrypted
552 possibly harmful
550 8-bit data
550 NUL characters
550 it is corrupt
550 too many headers
554 5.7.0 blocked because its content presents a danger
552 message length
552 Too much mail data
552 your message exceeds 10 MB
552 5.1.1 message size exceeds the quota of the mailbox
552 5.1.1 message too long for the mailbox
552 5.1.1 quota exceeded by this message
554 5.1.1 odd signs in subject
554 5.1.1 the subject line is odd
554 nonstandard characters
554 unsafe things in it
554 dangerous things in it
554 病毒
552 附件
552 添付
554 ウイルス
552 tamaño del mensaje
552 taille du message
552 Größe der Nachricht
552 邮件过大
552 邮件太大
552 邮件大小
552 郵件過大
552 サイズ
552 mensaje demasiado grande
552 mensagem muito grande
552 message trop volumineux
552 message trop lourd
552 messaggio troppo grande
552 Nachricht zu groß
552 die Nachricht ist zu groß: zu grosse Bilder
552 сообщение слишком большое
552 письмо слишком велико
552 5.1.1 pièce jointe
552 5.1.1 el adjunto
552 5.1.1 der Anhang
552 5.1.1 allegato
552 5.1.1 anexo
552 5.1.1 вложение
552 5.1.1 oversized
552 5.1.1 bigger than 10 MB
552 5.1.1 over the size
554 5.1.1 вирус
""")

POLICIES = lines("""
554 5.1.1 blocked using zen.spamhaus.example
550 See https://www.spamcop.example/bl?192.0.2.1
550 5.1.1 192.0.2.1 is on our blacklist
550 192.0.2.1 blacklisted
550 IP in black list
550 192.0.2.1 on a block list
550 192.0.2.1 is blocklisted
550 192.0.2.1 on our deny list
550 5.1.1 IP address is listed
550 192.0.2.1 listed at lists.example.net
550 192.0.2.1 listed on lists.example.net
550 192.0.2.1 listed in lists.example.net
550 192.0.2.1 listed by lists.example.net
550 5.1.1 poor reputation
550 5.1.1 Your IP address has been temporarily blocked
554 5.1.1 Client host rejected: generic
554 host network, not allowed
554 5.1.1 we have banned this IP
550 5.1.1 black IP
550 5.1.1 invalid IP
556 5.1.1 IP check went wrong
554 5.1.1 your host blocked
554 5.1.1 your server blocked
554 5.1.1 rejected host mail.example.org
554 5.1.1 connection rejected
554 5.1.1 connection denied
553 5.1.1 Connections will not be accepted from 192.0.2.1
550 IPv6 is not for us
554 dynamic IP
554 dynamic host
554 open relay found at 192.0.2.1
554 open proxy at 192.0.2.1
554 5.1.1 blocked using ours
554 5.1.1 blocked by ours
554 5.1.1 blocked, see our site
554 5.1.1 blocked for a day
550 5.1.1 it looks like spam
550 you are a spammer
554 junk
554 junkmail
554 5.1.1 unsolicited
554 5.1.1 phishing
554 5.1.1 suspicious in many ways
554 5.1.1 suspected
554 5.1.1 under suspicion
554 5.1.1 our content filter says no
554 5.1.1 you are spamming
554 5.1.1 banned content
550 5.1.1 mail content denied
554 5.1.1 content examination
553 5.1.1 message filtered
554 垃圾邮件
550 5.1.1 too many connections
550 5.1.1 too many invalid recipients
550 5.1.1 too many unknown users
550 5.1.1 <ada@example.com> - 192.0.2.1 has sent to too many people this hour
550 5.1.1 excessive volume
550 5.1.1 connection frequency limited
550 5.1.1 rate limited
550 5.1.1 rate limit
550 5.1.1 rate exceeded
550 5.1.1 you exceeded our hourly limit
550 5.1.1 hourly limit exceeded
550 5.1.1 limit reached
550 5.1.1 you have reached a limit
550 it has exceeded the max number of messages in a session
550 5.2.1 The user is receiving mail at a rate that we cannot take
550 5.2.1 The user is receiving mail too quickly
550 5.1.1 you are throttled
550 5.1.1 daily relay quota exceeded
550 5.1.1 daily quota exceeded
550 5.1.1 hourly quota exceeded
550 5.1.1 queue quota exceeded
550 5.1.1 sender is not authenticated for the folder
550 5.1.1 quota per day exceeded
550 5.1.1 local policy violated
550 5.1.1 two policies violated
550 5.1.1 politique
550 5.1.1 for security reasons
550 5.1.1 administrative prohibition
550 5.1.1 prohibited by administrator
550 5.1.1 HELO mail: need a whole name
550 5.1.1 EHLO mail: need a whole name
553 5.1.1 private list
550 5.1.1 you are not on our whitelist
550 5.1.1 geographical reasons
550 5.1.1 your access to us is rejected
550 5.1.1 mail is rejected by some recipients
550 5.1.1 it was rejected by this user
553 5.1.1 User refused to have it
550 5.1.1 she only accepts mail from friends
550 5.1.1 we do not accept mail from you
554 5.1.1 school.example.org is not allowed to connect here
554 5.1.1 you are not allowed to send
550 5.1.1 sender is rejected
550 5.1.1 rejected by header-based list of blocked senders
550 5.1.1 spoofed
550 5.1.1 spoofing
550 5.1.1 forged
550 5.1.1 MAIL FROM mismatch
550 5.1.1 MAIL FROM mismatched
550 5.1.1 bulk mail
550 5.1.1 advertising
550 5.1.1 due to abuse
550 5.1.1 abusive
550 5.1.1 your server has sent spam or viruses
550 5.1.1 content restriction
550 5.1.1 quarantined
550 5.1.1 backscatter
550 5.1.1 you are on our blackhole list
550 5.1.1 residential network
550 5.1.1 compromised machine
550 5.1.1 botnet
554-No SMTP service here
550 5.1.1 it exceeds the maximum that we take in an hour
550 5.1.1 maximum number of messages
550 5.1.1 connection limit
550 5.1.1 slow down
550 5.1.1 too fast
550 5.1.1 too frequent
550 5.1.1 throttling
550 5.1.1 not among the allowed senders
550 5.1.1 not from your country
550 5.1.1 she is only accepting mail from friends
550 5.1.1 we do not want it
550 5.1.1 you are not welcome
550 5.1.1 go away
554 5.1.1 your SBRS is low
550 5.1.1 está en una lista negra
550 5.1.1 sur une liste noire
550 5.1.1 in una lista nera
550 5.1.1 schwarze Liste
550 5.1.1 черный список
550 5.1.1 в черном списке
550 黑名单
550 黑名單
550 ブラックリスト
550 5.1.1 unwanted mail
550 5.1.1 indésirable
550 5.1.1 no deseado
550 5.1.1 indesiderato
550 5.1.1 indesejado
550 5.1.1 unerwünscht
550 5.1.1 спам
550 迷惑
550 スパム
550 5.1.1 we are not accepting mail from you
550 5.1.1 not allowed to post
550 5.1.1 you may not post
550 5.1.1 you need permission to post
550 5.1.1 this is no place for you: not a welcomed sender
550 5.1.1 mail comes only from friends
550 5.1.1 only within the school
550 5.1.1 must come from within
550 5.1.1 nothing from outside
550 5.1.1 outside of it
550 5.1.1 external senders
550 5.1.1 external mail
550 5.1.1 internal senders
550 5.1.1 internal mail
550 5.1.1 you are not a member of this list
550 5.1.1 closed list
550 5.1.1 moderated
550 5.1.1 restricted to friends
550 5.1.1 challenge sent
550 5.1.1 captcha
550 5.1.1 show that you are human
550 5.1.1 show that you are a real person
550 5.1.1 for internal use
550 5.1.1 must come from inside
""")

FULLS = lines("""
552 5.1.1 Mailbox full
550 5.7.1 mailbox of ada@example.com is full
550 full mailbox
550 5.1.1 over quota
550 5.1.1 overquota
550 5.1.1 quota exceeded
550 5.1.1 he has used his storage
552 5.2.1 mailbox size
552 5.2.1 mailbox is over its limit
552 5.1.1 it exceeds this mailbox
550 User has too many messages on the server.
550 too many messages in her inbox
550 Hat zuviele Mails
550 该邮箱已满
550 用户空间不足
552 5.2.2 it is larger than we take, or the recipient's mailbox is full
550 5.1.1 mailbox exceeds what it may hold
550 5.1.1 she exceeded her disk space
552 5.2.2 mailbox full, message too large
""")

INACTIVES = lines("""
550 5.1.1 mailbox blocked
550 5.1.1 account has been blocked
550 5.1.1 inactivity
550 5.7.1 <ada@example.com>: Recipient address rejected: User account disabled
550 5.1.1 disabled account
550 5.1.1 account is not active
550 5.1.1 User account not activated
550 5.1.1 account not enabled
550 5.1.1 ada@example.com is no longer valid
550 5.1.1 recipient no longer on server
556 this host does not accept mail
550 5.1.1 not accepting mail
550 5.0.0 suspends the service
550 用户已停用
550 5.1.1 the domain is suspended
550 5.1.1 the user has moved
550 5.1.1 she is not receiving mail
550 5.1.1 she does not receive mail
550 5.1.1 she is unable to receive mail
550 5.1.1 address is not in use
550 5.1.1 out of service
550 5.1.1 not active as a user
""")

DOWNS = lines("""
554 lost connection with mail.example.com while performing the HELO handshake
554 5.1.1 timed out while performing the EHLO handshake
connect to mail.example.com[192.0.2.1]:25: Connection refused, see the policy
452 insufficient system storage
Name service error for example.com: Host not found, try again
554 5.1.1 connection timed out
554 5.1.1 connection reset by peer
554 5.1.1 connection refused
554 5.1.1 no route to host
554 5.1.1 host is not reachable
554 5.1.1 network unreachable
554 5.1.1 unable to connect
Sorry, I wasn't able to establish an SMTP connection.
554 5.1.1 message expired
554 5.1.1 envelope expired
554 5.1.1 queue expired
554 5.1.1 it has been in the queue too long
554 5.1.1 hop count exceeded
554 5.1.1 too many hops
554 5.1.1 mail loops back to myself
554 5.3.0 <ada@example.com>: Recipient address rejected: Internal resource error
554 5.1.1 system error
554 5.1.1 local configuration error
554 5.1.1 server is misconfigured
554 5.1.1 certificate of the other side has expired
450 5.1.1 mailbox temporarily unavailable
554 5.1.1 temporary failure
554 5.1.1 temporary local failure
554 5.1.1 lookup failure
450 5.1.1 Recipient address rejected: Greylisted
554 5.1.1 DNS lookup of example.com failed
554 please try again
554 please try later
554 5.1.1 out of system resources
452 5.1.1 insufficient disk space for this mailbox
554 5.1.1 timeout
554 5.1.1 retry time not reached
554 5.1.1 connection closed by the other side
554 5.1.1 connection dropped by the other side
554 5.1.1 delivery time expired
554 5.1.1 local error
554 5.1.1 database error
554 5.1.1 error writing the mail to disk
554 5.1.1 server busy
554 5.1.1 mailer error
554 5.1.1 command died with status 1
554 5.1.1 delivery temporarily suspended
554 5.1.1 host is down
554 5.1.1 server is down
554 5.1.1 undelivered after 5 days
554 5.1.1 server error
554 5.1.1 error in processing
554 5.1.1 lookup temporarily failed
554 5.1.1 lookup failed temporarily
""")

GONES = lines("""
550 5.7.1 User unknown
550 5.7.1 Unknown user ada@example.com
550 5.2.1 ada: we have no such mailbox
553 unknown or illegal alias: ada@example.com
550 unknown domain
550 the domain is not valid
550 invalid host
550 5.7.1 Host unknown
553 example.com does not exist
550 5.7.1 that is not existent
550 5.7.1 it is non-existent
550 5.7.1 not found
550 there is no mailbox here
550 no valid recipients
550 no account of that name
550 5.7.1 not a user of ours
554 delivery error: dd This user doesn't have a mail.example.com account (ada@mail.example.com) [0]
554 5.7.1 Not in the recipient list
550 ada is not in our directory
550 5.7.1 ada is not listed in the public Name & Address Book
550 lookup of her name failed
550 they cannot be verified
550 verification failed
550 not a member
550 he is not registered
551 User not local
554 5.7.1 NO-DOMAIN
550 Could not find the domain
550 Could not find any host of that name
550 null MX
550 no MX
550 no se encuentra
550 该用户不存在
552 aborted: her mailbox was not found
550 the recipient's address is not known
550 5.7.1 address is unlisted
550 5.7.1 recipient is not recognised
550 5.7.1 recipient is unrouteable
550 email address is bad
550 local part is bad
550 mail box is bad
553 <ada@example> is no RFC-5321 address
550 no recipient like that
550 5.7.1 no such person
550 no user of that name
550 no one by that name
550 not local
550 it is undeliverable
550 it is not deliverable
550 could not verify the person
550 that name does not resolve
""")

UNAVAILABLES = lines("""
550 that mailbox is unavailable today
550 5.7.1 mailbox not available
550 unavailable mail user
550 <ada@example.com>: Recipient address rejected
550 5.7.1 recipient rejected
550 recipient refused
550 recipient denied
550 #5.1.0 Address rejected.
550 address refused
553 mailbox name not allowed
""")

REFUSALS = lines("""
550 5.2.0 Message rejected
550 5.5.0 refused
550 5.0.0 no permit
554 5.3.0 Denied
550 Access denied
550 look at your IP
550 l'expéditeur
550 拒绝
550 拒收
550 拒否
550 发件人
550 寄件人
550 寄件者
550 送信者
550 差出人
550 送信元
""")

WEAK_ACCESSES = lines("""
500 5.5.2 unrecognized command
500 5.5.2 command unrecognized
550 5.5.1 unexpected command
502 5.5.1 not implemented
""")

WEAK_CONTENTS = lines("""
550 its content
550 its subject
550 内容
550 contenido
550 contenu
550 Inhalt
550 contenuto
550 conteúdo
550 содержимое
550 содержание
552 5.0.0 it is too big
""")

WEAK_DOWNS = lines("""
554 5.0.0 service is currently unavailable
554 5.0.0 server is currently unavailable
554 5.0.0 insufficient permission
""")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (reply, expected)
        for replies, expected in (
            (SENDERS, OURS),
            (ACCESSES, ACCESS),
            (CONTENTS, CONTENT),
            (POLICIES, POLICY),
            (FULLS, FULL),
            (INACTIVES, INACTIVE),
            (DOWNS, DOWN),
            (GONES, GONE),
            (UNAVAILABLES, GONE),
            (REFUSALS, POLICY),
            (WEAK_CONTENTS, CONTENT),
            (WEAK_ACCESSES, ACCESS),
            (WEAK_DOWNS, DOWN),
        )
        for reply in replies
    ],
)
def test_words_say_what_it_is_about(reply: str, expected: Told) -> None:
    assert told(reply) == expected


MAILBOXES = words("""
account address addressee alias customer inbox mailbox mbox member rcpt recipient subscriber user username
accounts addresses mailboxes recipients users
destinataire utilisateur compte boîte adresse usuario destinatario buzón cuenta casilla dirección
utilizador caixa conta endereço utente casella indirizzo
benutzer nutzer empfänger empfängeradresse postfach konto mailadresse gebruiker ontvanger postvak
użytkownik odbiorca adresat adres skrzynka пользователь получатель адресат адрес ящик аккаунт
""")
DEAD = words("""
ambiguous bad illegal incorrect invalid malformed nonexistent unallocated undeliverable unknown unlisted
unrecognized unregistered unresolvable unroutable unrouteable unverified
inconnu inconnue inexistant inexistante introuvable invalide inexistente desconocido desconocida
inválido inválida desconhecido desconhecida inesistente sconosciuto sconosciuta
unbekannt unbekannter ungültig onbekend nieznany nieprawidłowy неизвестен несуществующий
""")
NOT_THERE = (
    """
does not exist|doesn't exist|doesn\N{RIGHT SINGLE QUOTATION MARK}t exist|doesnt exist|dosnt exist|isnt valid
is not existent|is non existent|cannot be found|couldnt be found|wasnt found|is not valid|is not known
is not listed|is not recognized|is not recognised|is not routable|is not deliverable
no existe|no encontrado|não existe|não encontrado|non esiste|non trovato|n'existe pas|existiert nicht
nicht gefunden|nicht vorhanden|nicht bekannt|bestaat niet|nie istnieje|nie znaleziono
не существует|не найден
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
GIVEN_UP = words("""
abandoned archived cancelled closed deactivated deleted disabled discontinued dormant expired frozen inactive
locked parked paused removed restricted retired stopped suspended terminated unused
bloqué bloquée désactivé suspendu fermé inactif deshabilitada deshabilitado desactivada suspendida
bloqueada inactivo
desativada desabilitada suspensa bloqueado disattivato disabilitata sospeso
deaktiviert gesperrt inaktiv zablokowane wyłączone nieaktywne заблокирован отключен неактивен
""")
OVERFULL = words("""
full plein pleine lleno llena cheia lotada piena voll überfüllt vol przepełniona pełna переполнен
""")
STOPPED = words("""
banned blocked bounced declined denied disallowed forbidden prohibited refuse refused refusing reject rejected
rejecting rejection unacceptable unaccepted
bloqués rechazado rechazada rejeitado rejeitada recusado refusé refusée abgelehnt abgewiesen verweigert
rifiutato odrzucony odrzucona отклонено отклонен
bloqué bloquée interdit interdite bloqueado bloqueada prohibido denegado denegada
negado negato recusada gesperrt blockiert verboten
bloccato bloccata rifiutata vietato заблокирован заблокировано отклонена запрещен запрещено
""")
NOT_ALLOWED = lines("""
not allowed
not permitted
not authorized
not accepted
pas autorisé
pas autorisée
no autorizado
no permitido
não autorizado
não permitido
non autorizzato
non consentito
nicht autorisiert
nicht erlaubt
nicht berechtigt
nicht zugelassen
не разрешен
не авторизован
""")
INSIDERS = words("""
colleague employee faculty member moderator owner parent staff student subscriber teacher
colleagues employees members students
""")
INSIDES = words("campus company district domain organization organisation school tenant university")
SENDER = words(
    "sender originator expéditeur émetteur remitente remetente absender mittente nadawca отправитель "
    "отправителя absenderadresse absenderdomain"
)
SENT = words("""
commands connections errors invalid logins mails messages emails recipients requests sessions transactions
unknown
""")
BLOCKLISTS = words("""
abuseat abusix barracudacentral cloudmark cobion dnsbl hostkarma invaluement junkemailfilter mailspike
manitu psbl rbl senderscore sorbs spamcop spamhaus spamrl surbl uceprotect uribl
""")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        *((f"550 5.7.1 {noun}: unknown", GONE) for noun in MAILBOXES),
        *((f"550 5.7.1 user: {verdict}", GONE) for verdict in [*DEAD, *NOT_THERE]),
        *((f"550 5.7.1 user {verdict}", INACTIVE) for verdict in GIVEN_UP),
        *((f"550 5.7.1 user {verdict}", FULL) for verdict in OVERFULL),
        *((f"550 5.1.1 client: {verdict}", POLICY) for verdict in STOPPED),
        *((f"550 5.1.1 client: {verdict}", POLICY) for verdict in NOT_ALLOWED),
        *((f"550 5.1.1 {noun} refused", POLICY) for noun in SENDER),
        *((f"550 5.1.1 only for {noun}", POLICY) for noun in INSIDERS),
        *((f"550 5.1.1 {noun} only", POLICY) for noun in INSIDERS),
        *((f"550 5.1.1 outside the {noun}", POLICY) for noun in INSIDES),
        *((f"552 5.1.1 message too {size}", CONTENT) for size in ("big", "large", "long")),
        *((f"550 5.1.1 there were too many {noun} today", POLICY) for noun in SENT),
        *((f"550 5.1.1 ask {name}", POLICY) for name in BLOCKLISTS),
        *((f"550 5.1.1 see https://www.{name}.example.net/a", POLICY) for name in BLOCKLISTS),
        ("550 5.7.1 ada@example.com: unknown", GONE),
        ("550 5.1.1 the network refused", POLICY),
        ("550 5.1.1 sending server refused", POLICY),
    ],
)
def test_a_sets_words_stand_for_each_other(reply: str, expected: Told) -> None:
    assert told(reply) == expected


@pytest.mark.parametrize(
    "filler",
    words("""
    a an the this that is are was were be been has have had do does did will would may might can could should
    our my its it sorry please currently
    el la los las le les der die das ist il lo o um une un una du des est esta sa su
    e es fue foi wurde votre ihre ihr tu
    """),
)
def test_articles_and_auxiliaries_say_nothing(filler: str) -> None:
    assert told(f"550 5.7.1 no {filler} account") == GONE


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        # what Postfix writes around a reply is not the reply
        ("host mx.spamcop.example[192.0.2.4] said: 550 5.7.1 user unknown", GONE),
        ("550 5.7.1 no user (in reply to EHLO command)", GONE),
        ("smtp; 550-5.7.1 user\n550 5.7.1 unknown", GONE),
        # addresses, hosts and links are no words, whatever they are called
        ("550 5.7.1 <spam@example.com>: unknown", GONE),
        ("550 5.7.1 spam@example.com... user unknown", GONE),
        ("550 5.7.1 user unknown - mx1.spam.example.com", GONE),
        ("550 5.7.1 user unknown, see https://example.com/spam/policy", GONE),
        # signs and case
        ("550 5.7.1 USER_UNKNOWN", GONE),
        ("550 5.7.1 'User' \"unknown\".", GONE),
        ("550 5.7.1 user/unknown", GONE),
        ("550 5.7.1 the recipient's address: unknown", GONE),
        ("550 5.7.1 l'utilisateur: inconnu", GONE),
        # a plural is its word
        ("550 5.7.1 users: unknown", GONE),
        ("550 5.1.1 your access is rejected", POLICY),
        # up to four words in between, and of two faults the sender's
        ("550 5.7.1 user one two three four unknown", GONE),
        ("550 5.7.1 user one two three four five unknown", POLICY),
        ("550 5.7.1 unknown one user", GONE),
        ("550 5.7.1 unknown one two user", POLICY),
        ("550 user unknown, blocked using ours", POLICY),
        ("550 5.1.1 DMARC, user unknown", OURS),
        # nothing that we know
        ("550 hello", NOTHING),
        ("", NOTHING),
    ],
)
def test_replies_are_read_by_words(reply: str, expected: Told) -> None:
    assert told(reply) == expected


DEAD_FIRST = "no such user; DMARC, relaying denied, malware, blocked using ours"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        # an exact code and plain words for a dead mailbox, then whatever a sender is blamed with elsewhere
        *((f"550 {code} {DEAD_FIRST}", GONE) for code in ("5.1.1", "5.1.2", "5.1.6", "5.1.10", "5.2.1")),
        *((f"550 {code} {DEAD_FIRST}", OURS) for code in ("5.1.0", "5.1.3", "5.2.0", "5.7.1")),
        ("550 5.1.1 user unknown. We relay nothing", GONE),
        ("550 5.1.1 invalid mailbox, virus filter", GONE),
        ("550 5.1.1 no mailbox here, virus filter", GONE),
        ("550 5.1.1 用户不存在, spam", GONE),
        ("550 5.2.1 her account was closed because of abuse", INACTIVE),
        ("550 5.2.1 disabled account, abuse", INACTIVE),
        ("550 5.2.1 用户已停用, spam", INACTIVE),
        # the blame comes first, or is what the mailbox's words are part of
        ("550 5.1.1 spam: user unknown", POLICY),
        ("550 5.1.1 too many unknown users", POLICY),
        ("550 5.1.1 sender rejected: user unknown", OURS),
        # no plain words for a dead mailbox
        ("550 5.1.1 mailbox unavailable: spam", POLICY),
        ("550 5.1.1 not local: spam", POLICY),
        # a mailbox that is full, a system that is down: no sender's words
        ("552 5.2.1 user unknown, or mailbox full", FULL),
        ("550 5.1.1 user unknown, timed out", DOWN),
        # without an exact code: words that are only added
        *(
            (f"550 user unknown - {word} ABC", GONE)
            for word in words("bulk junk members policy rfc spam spammer spammers staff students virus")
        ),
        ("550 5.0.0 user unknown (RFC 5321)", GONE),
        ("550 user unknown, blocked by policy", POLICY),
        ("550 user unknown, spam, DMARC", OURS),
        ("550 policy: user unknown", POLICY),
        ("550 account disabled, spam", POLICY),  # whose account?
    ],
)
def test_plain_words_for_a_dead_mailbox_stand_before_their_decoration(reply: str, expected: Told) -> None:
    assert told(reply) == expected


@pytest.mark.parametrize(
    ("length", "expected"), [(2000 - len("user unknown"), GONE), (2001 - len("user unknown"), NOTHING)]
)
def test_what_comes_after_2000_characters_is_not_read(length: int, expected: Told) -> None:
    assert told("550 x " + "." * (length - len("550 x  ")) + " user unknown") == expected


def test_a_receivers_code_after_2000_characters_is_not_read() -> None:
    assert told("550 " + "." * 1990 + " OFR_416") == NOTHING


def test_a_long_reply_is_read_as_quickly_as_any() -> None:
    """What a stranger writes is read once: this takes minutes where each sign is tried with each."""
    for part in ("host ", "(in reply to ", "5.4.1 ", "user ", "a@", "a."):
        assert told(part * 1_000_000)
