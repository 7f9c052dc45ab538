"""Show people and what happened to them, a module a kind of thing, as far as the viewer may see it."""
