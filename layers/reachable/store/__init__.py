"""DynamoDB: one module a table, the only places that know its keys."""
