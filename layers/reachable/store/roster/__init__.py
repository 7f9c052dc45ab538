"""The table ``roster``: who is in the district, and how they can be reached.

items     keys and items of every record, and values back from them
records   users, students, schools, classes, read by id
reach     all that the gate reads of a user, and the account status
search    people by the beginnings of names
listing   what is stored, for the next import to compare
writes    what an import writes
"""
