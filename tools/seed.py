"""What a fresh local stack is filled with: secrets, a sender, the sample district, its logins."""

import hashlib
from typing import TYPE_CHECKING, Final

from tools import provider_lists, stack, webhook_secrets
from tools.place import State
from tools.sample_district import LOGINS, build_zip
from tools.stack import SENDER, Stack
from tools.steps import Failure, step

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

_ROSTER_KEY: Final = "roster/sample-district.zip"
_IMPORT_WITHIN_SECONDS: Final = 120
_FEEDBACK: Final = ("Bounce", "Complaint", "Delivery")


def fill(state: State) -> Stack:
    """Fill it; what is there already stays. The stack as it is then.

    Raises:
        Failure: the sample district could not be imported.
    """
    described = stack.describe(state)
    sample = hashlib.sha256(build_zip() + described.user_pool_id.encode()).hexdigest()
    if state.sample == sample and state.webhook_secrets.keys() == webhook_secrets.KINDS.keys():
        return described
    with step("Putting the secrets and the sender in their places"):
        webhook_secrets.put(state, described.aws.ssm, described.api_url)
        provider_lists.put(state, described.aws.ssm)
        provider_lists.put_webhook_secret(described.aws.ssm)
        _verify_sender(described)
    with step("Importing the sample district"):
        _import(described)
    with step("Making its logins"):
        for login in LOGINS:
            _make_login(described, login)
    state.sample = sample
    state.save()
    return stack.describe(state)


def _verify_sender(described: Stack) -> None:
    ses = described.aws.ses
    ses.verify_email_identity(EmailAddress=SENDER)
    for kind in _FEEDBACK:
        ses.set_identity_notification_topic(
            Identity=SENDER, NotificationType=kind, SnsTopic=described.topics["ses"]
        )


def _import(described: Stack) -> None:
    """By the bucket, as a district does it."""
    machine = described.state_machines["import_roster"]
    client = described.aws.stepfunctions
    before = {one["executionArn"] for one in client.list_executions(stateMachineArn=machine)["executions"]}
    described.aws.s3.put_object(Bucket=described.buckets["roster"], Key=_ROSTER_KEY, Body=build_zip())

    def ended() -> list[str]:
        executions = client.list_executions(stateMachineArn=machine)["executions"]
        new = [one for one in executions if one["executionArn"] not in before]
        return [one["executionArn"] for one in new if one["status"] != "RUNNING"]

    [execution, *_] = described.wait_until(ended, "the import of the sample district", _IMPORT_WITHIN_SECONDS)
    result = client.describe_execution(executionArn=execution)
    if result["status"] != "SUCCEEDED":
        raise Failure(
            f"The import of the sample district ended {result['status']}: {result.get('error', '')} "
            f"{result.get('cause', '')}".strip(),
            f"aws stepfunctions get-execution-history --execution-arn {execution} tells more.",
        )


def _make_login(described: Stack, login: str) -> None:
    cognito, pool, known = described.aws.cognito, described.user_pool_id, LOGINS[login]
    addresses = {"email": known.email, "phone_number": known.phone}
    attributes: list[AttributeTypeTypeDef] = [{"Name": "given_name", "Value": known.given_name}]
    for name, value in addresses.items():
        if value:
            attributes += [{"Name": name, "Value": value}, {"Name": f"{name}_verified", "Value": "true"}]
    try:
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=login,
            TemporaryPassword=described.password,
            UserAttributes=attributes,
            MessageAction="SUPPRESS",
        )
    except cognito.exceptions.UsernameExistsException:
        cognito.admin_update_user_attributes(UserPoolId=pool, Username=login, UserAttributes=attributes)
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=login, Password=described.password, Permanent=True
    )
    for group in known.groups:
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=login, GroupName=group)
