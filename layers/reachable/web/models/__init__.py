"""Requests and answers of the API, a file a subject: the edge where JSON becomes our values and back.

A function loads its own alone.
"""
