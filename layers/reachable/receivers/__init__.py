"""Programs of others that are told of events: one post, and what its answer means.

event_webhook   the district's own, by Standard Webhooks
"""
