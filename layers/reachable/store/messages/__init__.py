"""The table ``messages``: each message, and what became of it. Never its words.

    user#<id>         / <queued at>#<message id>  a message, with a time for each status
    address#<digest>  / <sent at>#<message id>    what another system sent to an address that several share
    user#, address#   / last#<credential>         the newest message to a credential
    dedup#<dedup id>  / message                   which message a dedup id made, and of what content
    provider#<provider>#<provider's message id> / <digest of a credential>
                                                  one recipient of it: whose message it is, when it was sent,
                                                  and what was said of it before we knew
    uncertain         / <at>#<message id>         those of which nobody knows whether they went out

A message's id tells its owner and time, so it leads to its record without an index. Statuses only ever gain
times, and a record is only ever put if absent: whatever order things come in, the record is the same.

keys                the keys of all of these
items               a message's item, how it moves on in any order, the message back; when an item ends
dedup               what a client asks for twice is one message
record              one message: written down once, moved on by what is told of it, read by its id
sending             who may send a message, or stop it
uncertain_messages  those of which nobody knows whether they went out
pointers            what a provider says of a message by its own id
last_messages       the newest message to each credential
pages               a user's messages, or a shared address's, newest first

``store.batches`` and ``store.tokens`` keep items of their own in this table.
"""
