"""Stand-ins for the providers' own suppression lists, on a port of this machine.

Each is a file named by its provider's id and answers as that provider's pages say, with its traps; none was
tried against a live service. The local stack's accounts lead to them, and the unit tests of ``upstream``
speak to them over HTTP.
"""
