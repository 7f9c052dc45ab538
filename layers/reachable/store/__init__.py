"""DynamoDB: a module or a folder a table, the only places that know its keys."""
