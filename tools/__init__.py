"""What ``./dev`` does: a module a group of commands."""
