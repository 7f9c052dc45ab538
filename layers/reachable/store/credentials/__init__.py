"""The table ``credentials``: status, history and holders of each credential, one partition each.

    <credential>  / status             the registers; there only once something blocked or a START came
    <credential>  / event#<hex>        the history, append only
    <credential>  / holder#<user_id>   who holds it, or held it

``holder#`` sorts before ``status``, so one Query gives both.

keys       the keys of all of these
registers  what is blocked and lifted: the status, and the one register that a change moves
history    what happened, item by item
holders    who holds or held a credential, alone or with its status
staff      what staff do: history, status and audit in one transaction
"""
