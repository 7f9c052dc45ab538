"""One module an act, named by its verb: reads, asks a rule, writes on condition."""
