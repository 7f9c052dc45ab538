"""Frozen typed values and the errors; no clock, no I/O, no AWS."""
