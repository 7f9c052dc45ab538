"""What must stay secret, kept where AWS keeps such things and read when it is needed: one module a kind."""
