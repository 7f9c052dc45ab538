"""The HTTP API's edge: requests and answers (pydantic), identity, problem+json."""
