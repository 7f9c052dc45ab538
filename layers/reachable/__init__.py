"""Reachable: what bounced is blocked, explained and, once the cause is gone, reset."""
