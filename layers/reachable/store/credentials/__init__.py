"""The table ``credentials``: status, history and holders of each credential, one partition each.

    <credential>  / status             the registers; there only once something blocked or a START came
    <credential>  / event#<hex>        the history, append only
    <credential>  / holder#<user_id>   who holds it, or held it
    <credential>  / proof              when somebody signed in with it while it was bad
    <credential>  / upstream#<provider>#<account>   how it stands on a provider's own list

``holder#``, ``proof``, ``status`` and ``upstream#`` sort in this order, so one Query gives all four.

keys       the keys of all of these
registers  what is blocked and lifted: the status, and the one register that a change moves
history    what happened, item by item
proofs     when somebody signed in with a bad credential
holders    who holds or held a credential, alone or with its status
upstream   how a credential stands on the providers' own lists
staff      what staff do: history, status and audit in one transaction
"""
