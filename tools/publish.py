"""Put the built console where CloudFront finds it, and beside it what it must know of its stack.

Nothing in it knows whether AWS answers or something that stands in for it. docs/console.md tells the order.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3
from botocore.exceptions import BotoCoreError, ClientError

from tools.deployed import names_below
from tools.steps import Failure

type Clients = Callable[[str], Any]
"""AWS's clients, by the service's name."""

INDEX: Final = "index.html"
SETTINGS: Final = "settings.json"
ASSETS: Final = "assets/"
BUILDS: Final = "builds/"
_KEPT: Final = timedelta(days=30)
"""So long after a build was replaced a page that is still open may ask for its files."""
_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""Browsers are told to believe the type (nosniff), so each is written out."""
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_FIRST: Final = "no-cache"
_TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_COGNITO_TOKENS: Final = "/oauth2/token"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """How the console signs people in: by code with PKCE, under a client without a secret.

    ``logout_endpoint`` is Cognito's, which takes ``client_id`` and ``logout_uri``; ``end_session_endpoint``
    that of OpenID Connect. One of them is there, or none where the issuer tells none.
    """

    authority: str
    client_id: str
    scope: str
    authorization_endpoint: str
    token_endpoint: str
    logout_endpoint: str | None = None
    end_session_endpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the console reads before anything else: ``settings.json``."""

    stage: str
    sign_in: SignIn
    api: str = "/api"

    def as_json(self) -> bytes:
        """Without what is not there."""
        sign_in = {name: value for name, value in asdict(self.sign_in).items() if value is not None}
        return json.dumps({"api": self.api, "stage": self.stage, "sign_in": sign_in}, indent=1).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a stack's console lies."""

    bucket: str
    distribution_id: str
    url: str
    settings: Settings


def find(clients: Clients, stack: str) -> Place:
    """The console's place in a deployed stack. Reads, and changes nothing.

    Raises:
        Failure: there is no such stack, it serves no console, or nobody could sign in.
    """
    try:
        [told] = clients("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        outputs = {one["OutputKey"]: one["OutputValue"] for one in told["Outputs"]}
        parameters = {one["ParameterKey"]: one["ParameterValue"] for one in told["Parameters"]}
        names = names_below(clients("ssm"), f"/reachable/{parameters['Stage']}/")
    except (BotoCoreError, ClientError) as refused:
        raise Failure(f"AWS, asked about {stack}: {refused}", "Name the stack: --stack-name.") from refused
    if "console-bucket" not in names:
        raise Failure(f"{stack} serves no console.", "Deploy this version, with Console=true.")
    sign_in = _own_pool(outputs, names) if "UserPoolId" in outputs else _issuer(outputs)
    origins = list(filter(None, parameters.get("SignInOrigins", "").split(",")))
    called = _origin(sign_in.token_endpoint)
    if called not in origins and (origins or "UserPoolId" not in outputs):
        raise Failure(
            f"The console may not call {called}, where it changes a code for a token.",
            f"Deploy with SignInOrigins={','.join([*origins, called])}, then publish again.",
        )
    return Place(
        bucket=names["console-bucket"],
        distribution_id=names["console-distribution-id"],
        url=names["console-url"],
        settings=Settings(stage=parameters["Stage"], sign_in=sign_in),
    )


def publish(clients: Clients, place: Place, built: Path) -> None:
    """Put a build, then the settings, then the page that names both; remove what nobody asks for any longer.

    Raises:
        Failure: there is a file of a kind that is not known.
    """
    files = {file.relative_to(built).as_posix(): file for file in built.rglob("*") if file.is_file()}
    bodies = {key: file.read_bytes() for key, file in files.items()}
    bodies[SETTINGS] = place.settings.as_json()
    types = {key: _type_of(key) for key in bodies}  # before anything is put
    s3 = clients("s3")
    _note(
        s3, place.bucket, files
    )  # before its files: who publishes meanwhile leaves them, and so does who comes next
    for key in sorted(bodies, key=_turn):
        s3.put_object(
            Bucket=place.bucket,
            Key=key,
            Body=bodies[key],
            ContentType=types[key],
            CacheControl=_FOR_EVER if key.startswith(ASSETS) else _ASK_FIRST,
        )
    _tidy(s3, place.bucket, datetime.now(UTC))
    changed = [f"/{INDEX}", f"/{SETTINGS}"]
    clients("cloudfront").create_invalidation(
        DistributionId=place.distribution_id,
        InvalidationBatch={
            "Paths": {"Quantity": len(changed), "Items": changed},
            "CallerReference": datetime.now(UTC).strftime(_TIME),
        },
    )


def asked_for(put: Iterable[datetime], now: datetime) -> list[datetime]:
    """Of builds, by when each was put: the one that is served, and those replaced within the last 30 days."""
    times = sorted(put)
    return [at for at, replaced in pairwise([*times, now]) if replaced > now - _KEPT]


def _note(s3: Any, bucket: str, files: Iterable[str]) -> None:
    """What this build has, under when it was put."""
    s3.put_object(
        Bucket=bucket,
        Key=f"{BUILDS}{datetime.now(UTC).strftime(_TIME)}.json",
        Body=json.dumps(sorted(files)).encode(),
        ContentType="application/json",
    )


def _tidy(s3: Any, bucket: str, now: datetime) -> None:
    """Remove what is of no build that is asked for. Files are listed first: what is there then is noted."""
    there = set(_keys(s3, bucket, ASSETS))
    noted = {
        datetime.strptime(PurePosixPath(key).stem, _TIME).replace(tzinfo=UTC): key
        for key in _keys(s3, bucket, BUILDS)
    }
    kept: set[str] = set()
    for at in asked_for(noted, now):
        kept |= set(json.loads(s3.get_object(Bucket=bucket, Key=noted[at])["Body"].read()))
    for key in there - kept:
        s3.delete_object(Bucket=bucket, Key=key)


def _keys(s3: Any, bucket: str, prefix: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from (one["Key"] for one in page.get("Contents", []))


def _turn(key: str) -> tuple[bool, bool, str]:
    """When a file is put: a page that is there finds all that it names."""
    return key == INDEX, key == SETTINGS, key


def _type_of(key: str) -> str:
    suffix = PurePosixPath(key).suffix
    if suffix not in _TYPES:
        raise Failure(f"{key} is of a kind that is not known.", "Add it to _TYPES in tools/publish.py.")
    return _TYPES[suffix]


def _own_pool(outputs: Mapping[str, str], names: Mapping[str, str]) -> SignIn:
    """Cognito's pages. Its own list of endpoints names no way to sign out, and lies at another address."""
    page = names["token-endpoint"].removesuffix(_COGNITO_TOKENS)
    return SignIn(
        authority=outputs["Issuer"],
        client_id=outputs["ConsoleClientId"],
        scope=outputs["ConsoleScope"],
        authorization_endpoint=f"{page}/oauth2/authorize",
        token_endpoint=f"{page}{_COGNITO_TOKENS}",
        logout_endpoint=f"{page}/logout",
    )


def _issuer(outputs: Mapping[str, str]) -> SignIn:
    """As the issuer tells of itself (OpenID Connect Discovery)."""
    issuer, client_id = outputs["Issuer"], outputs.get("ConsoleClientId")
    if not client_id:
        raise Failure("Nobody could sign in: ConsoleClientId is empty.", "Deploy with the issuer's client.")
    where = f"{issuer.removesuffix('/')}/.well-known/openid-configuration"
    try:
        answer = urllib3.request("GET", where, timeout=10, retries=2)
        told = answer.json()
        return SignIn(
            authority=issuer,
            client_id=client_id,
            scope=outputs["ConsoleScope"],
            authorization_endpoint=told["authorization_endpoint"],
            token_endpoint=told["token_endpoint"],
            end_session_endpoint=told.get("end_session_endpoint"),
        )
    except (urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError) as unread:
        raise Failure(f"{where} tells no endpoints: {unread!r}", "Is Issuer right?") from unread


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
