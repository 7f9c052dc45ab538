"""SQS: one module a queue, the only places that know its messages."""
