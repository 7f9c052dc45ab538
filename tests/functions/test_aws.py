"""What each thread may trust of AWS's clients."""

from unittest.mock import patch

import pytest
from botocore.errorfactory import ClientExceptionsFactory

from reachable import aws as reachable_aws


@pytest.mark.usefixtures("aws")
def test_a_clients_exceptions_are_made_with_it() -> None:
    """Made on first use by two threads at once, one would catch what the other's call never raises."""
    reachable_aws.forget_clients()
    client = reachable_aws.client("dynamodb")
    with patch.object(ClientExceptionsFactory, "create_client_exceptions") as created:
        assert client.exceptions.ConditionalCheckFailedException
    created.assert_not_called()
