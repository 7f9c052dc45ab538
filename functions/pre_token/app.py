"""Cognito's pre-token trigger (V2): put the verified email and phone into the access token.

Cognito's own access token carries neither, and a token proves only what it carries as verified.
Source: docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
"""

from typing import Any

CLAIMS = ("email", "email_verified", "phone_number", "phone_number_verified")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Add the claims that the user has."""
    attributes = event["request"].get("userAttributes", {})
    claims = {name: attributes[name] for name in CLAIMS if name in attributes}
    event["response"]["claimsAndScopeOverrideDetails"] = {
        "accessTokenGeneration": {"claimsToAddOrOverride": claims}
    }
    return event
