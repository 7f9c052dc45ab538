"""Pure decisions over frozen values: no clock, no I/O, no AWS. A rule answers a code, not words."""
