"""The commands of the AWS CLI and of SAM in the pages, and whether each is one that they take.

No command line tool is asked: the AWS CLI makes its options from botocore's models, which come with boto3.
What a tool has beside them stands in tables here.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import botocore.session
from botocore import xform_name
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.validate import ParamValidator

_FENCE: Final = re.compile(r"^( *)```\w*\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_INLINE: Final = re.compile(r"`((?:aws|sam) [^`]+)`")
_SEPARATORS: Final = frozenset({";", "&&", "||", "|", "&", "\n", ")", "("})
_OPENING: Final = frozenset({"if", "while", "until", "do", "then", "else", "elif", "!", "{", "exec", "time"})
_ASSIGNMENT: Final = re.compile(r"\w+=")
_BARE: Final = 3
"""Words of a tool, a service and an operation."""
_HIDDEN: Final = "\x00"
"""In a word where the shell puts something that the page does not tell: a variable, what a command prints."""

_GLOBAL: Final[Mapping[str, bool]] = {
    "--region": True,
    "--profile": True,
    "--output": True,
    "--query": True,
    "--endpoint-url": True,
    "--no-cli-pager": False,
    "--no-paginate": False,
    "--debug": False,
    "--cli-input-json": True,
    "--cli-read-timeout": True,
    "--cli-connect-timeout": True,
}
"""The options of all commands, and whether a value follows."""
_PAGED: Final = frozenset({"--max-items", "--page-size", "--starting-token"})
_HIGH_LEVEL: Final[Mapping[tuple[str, str], tuple[int, Mapping[str, bool]]]] = {
    ("s3", "cp"): (2, {"--recursive": False, "--sse": True, "--quiet": False, "--only-show-errors": False}),
    ("s3", "ls"): (1, {"--recursive": False, "--human-readable": False, "--summarize": False}),
    ("s3", "rm"): (1, {"--recursive": False, "--quiet": False}),
    ("s3", "sync"): (2, {"--delete": False, "--quiet": False}),
    ("cloudformation", "deploy"): (
        0,
        {
            "--template-file": True,
            "--stack-name": True,
            "--parameter-overrides": True,
            "--capabilities": True,
        },
    ),
    ("configure", "sso"): (0, {}),
    ("configure", "list"): (0, {}),
}
"""Commands that are no operation: how many values stand alone, and the options."""
_SAM: Final[Mapping[str, Mapping[str, bool]]] = {
    "build": {"--template": True, "--build-dir": True, "--parameter-overrides": True, "--cached": False},
    "deploy": {
        "--stack-name": True,
        "--template-file": True,
        "--config-file": True,
        "--capabilities": True,
        "--parameter-overrides": True,
        "--resolve-s3": False,
        "--no-confirm-changeset": False,
        "--no-fail-on-empty-changeset": False,
        "--no-progressbar": False,
    },
    "delete": {"--stack-name": True, "--no-prompts": False},
    "validate": {"--lint": False, "--template": True},
}
"""SAM's commands, with the options that a page may need. Not ``--guided``: it writes a tracked file."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command as a shell would call it; values that the page does not tell are a NUL."""

    words: tuple[str, ...]
    is_mentioned: bool = False
    """By its name alone, between backticks: it needs nothing then."""

    def __str__(self) -> str:
        return " ".join(self.words).replace(_HIDDEN, "...")


def of_page(text: str) -> list[Command]:
    """The commands of ``aws`` and ``sam`` in a page: those of its fences, and those between backticks."""
    scripts = [found[2] for found in _FENCE.finditer(text)]
    prose = _FENCE.sub("", text)
    inline = [re.sub(r"\s+", " ", found[1]) for found in _INLINE.finditer(prose)]
    mentioned = [
        Command(one.words, len(one.words) <= _BARE) for script in inline for one in _commands(script)
    ]
    return [command for script in scripts for command in _commands(script)] + mentioned


def of_script(script: str) -> list[Command]:
    """The same of a script."""
    return list(_commands(script))


def complaints(command: Command) -> list[str]:
    """What is wrong with a command; nothing where it is one."""
    tool, *words = command.words
    if words == ["--version"]:
        return []
    found = _of_sam(words) if tool == "sam" else _of_aws(words)
    return [told for told in found if not (command.is_mentioned and " needs " in told)]


# A shell's words


def _commands(script: str) -> Iterator[Command]:
    words: list[str] = []
    for token in [*_tokens(script), "\n"]:
        if token in _SEPARATORS:
            yield from _called(words)
            words = []
        elif isinstance(token, _Within):
            yield from _commands(token)
        else:
            words.append(token)


class _Within(str):
    """What stands in ``$(...)``."""

    __slots__ = ()


def _called(words: Sequence[str]) -> Iterator[Command]:
    start = 0
    while start < len(words) and (words[start] in _OPENING or _ASSIGNMENT.match(words[start])):
        start += 1
    called = words[start:]
    if called and called[0] in {"aws", "sam"}:
        yield Command(tuple(called))


def _tokens(script: str) -> Iterator[str]:  # noqa: C901, PLR0912, PLR0915 - a shell's rules, in a row
    """Words and separators; what is in ``$(...)`` as one of its own, before the word in which it stands."""
    word: list[str] | None = None
    at, quoted, skipped = 0, False, 0
    here: list[str] = []
    while at < len(script):
        sign = script[at]
        if quoted and sign == '"':
            quoted = False
        elif sign == "\\" and at + 1 < len(script):
            at += 1
            if script[at] != "\n":
                keeps = quoted and script[at] not in '"\\$`'
                word = [*(word or []), *(["\\"] if keeps else []), script[at]]
        elif sign == "$" and script[at + 1 : at + 2] == "(":
            end = _closing(script, at + 2)
            yield _Within(script[at + 2 : end])
            word = [*(word or []), _HIDDEN]
            at = end
        elif sign == "$" and (found := re.compile(r"\$(\{[^}]*\}|\w+|[@#?*])").match(script, at)):
            word = [*(word or []), _HIDDEN]
            at = found.end() - 1
        elif quoted:
            word = [*(word or []), sign]
        elif sign == '"':
            quoted, word = True, word or []
        elif sign == "'":
            end = script.index("'", at + 1)
            word = [*(word or []), script[at + 1 : end]]
            at = end
        elif sign == "<" and (found := re.compile(r"<<-?\s*'?(\w+)'?").match(script, at)):
            here.append(found[1])
            at = found.end() - 1
        elif sign == "<" and (found := re.compile(r"<[^<>\n]*>").match(script, at)):
            word = [*(word or []), _HIDDEN]  # what the reader puts there, such as <your set>
            at = found.end() - 1
        elif sign in "<>":
            if word is not None and "".join(word).isdigit():
                word = None
            found = re.compile(r"[<>]+(&\d)?\s*").match(script, at)
            assert found
            skipped = 0 if found[1] else 1
            at = found.end() - 1
            if word:
                yield "".join(word)
            word = None
        elif sign == "#" and word is None:
            at = (script.find("\n", at) if "\n" in script[at:] else len(script)) - 1
        elif sign in " \t\n;&|()":
            if word is not None and not skipped:
                yield "".join(word)
            skipped = 0 if word is not None else skipped
            word = None
            if sign not in " \t":
                yield sign
            if sign == "\n" and here:
                at = _after(script, at + 1, here.pop(0)) - 1
        else:
            word = [*(word or []), sign]
        at += 1
    if word is not None and not skipped:
        yield "".join(word)


def _closing(script: str, at: int) -> int:
    """Where the parenthesis ends that was opened before."""
    depth = 1
    while at < len(script):
        if script[at] == "\\":
            at += 1
        elif script[at] == "'":
            at = script.index("'", at + 1)
        elif script[at] in "()":
            depth += 1 if script[at] == "(" else -1
            if depth == 0:
                return at
        at += 1
    raise ValueError(f"never closed: {script[-60:]}")


def _after(script: str, at: int, end: str) -> int:
    """Behind the line that ends a here-document."""
    found = re.compile(rf"^{end}$\n?", re.MULTILINE).search(script, at)
    return found.end() if found else len(script)


# SAM


def _of_sam(words: Sequence[str]) -> list[str]:
    name, *rest = words
    if name not in _SAM:
        return [f"sam has no command {name}"]
    return _unknown(rest, _SAM[name], f"sam {name}")


def _unknown(words: Sequence[str], options: Mapping[str, bool], name: str) -> list[str]:
    return [f"{name} has no {word}" for word in words if word.startswith("--") and word not in options]


# The AWS CLI


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


def _of_aws(words: Sequence[str]) -> list[str]:
    if len(words) < 2:
        return ["no operation"]
    service, name, *rest = words
    if high_level := _HIGH_LEVEL.get((service, name)):
        return _of_high_level(f"{service} {name}", rest, *high_level)
    service = {"s3api": "s3"}.get(service, service)
    if service not in _session().get_available_services():
        return [f"there is no service {service}"]
    if name == "wait":
        waiters = _waiters(service)
        if not rest or rest[0] not in waiters:
            return [f"{service} has no waiter {' '.join(rest[:1])}"]
        name, *rest = waiters[rest[0]], *rest[1:]
    model = _session().get_service_model(service)
    operations = {xform_name(one, "-"): one for one in model.operation_names}
    if name not in operations:
        return [f"{service} has no operation {name}"]
    return _of_operation(service, model.operation_model(operations[name]), rest)


def _of_high_level(name: str, words: Sequence[str], alone: int, options: Mapping[str, bool]) -> list[str]:
    options = {**_GLOBAL, **options}
    found, given = _unknown(words, options, name), 0
    takes = False
    for word in words:
        given += 0 if takes or word.startswith("--") else 1
        takes = options.get(word, False)
    return found + ([f"{name} takes {alone} values, not {given}"] if given != alone else [])


def _waiters(service: str) -> dict[str, str]:
    """The waiters of a service, and the operation of each."""
    waiters = _session().get_waiter_model(service)
    return {
        xform_name(name, "-"): xform_name(waiters.get_waiter(name).operation, "-")
        for name in waiters.waiter_names
    }


def _pages(service: str, operation: str) -> bool:
    try:
        _session().get_paginator_model(service).get_paginator(operation)
    except (ValueError, botocore.exceptions.UnknownServiceError, botocore.exceptions.DataNotFoundError):
        return False
    return True


def _of_operation(service: str, operation: OperationModel, words: Sequence[str]) -> list[str]:
    name = f"{service} {xform_name(operation.name, '-')}"
    shape = operation.input_shape
    members = {f"--{xform_name(one, '-')}": one for one in (shape.members if shape else {})}
    paged = _PAGED if _pages(service, operation.name) else frozenset[str]()
    found: list[str] = []
    given: dict[str, Any] = {}
    at = files = 0
    while at < len(words):
        option = words[at]
        at += 1
        values = []
        while at < len(words) and not words[at].startswith("--"):
            values.append(words[at])
            at += 1
        if not option.startswith("--"):
            found.append(f"{name}: {option!r} stands alone")
            continue
        alone = _outfile(service, operation, values)
        files += alone
        if option in _GLOBAL or option in paged:
            wanted = 1 if _GLOBAL.get(option, True) else 0
            found += [] if len(values) - alone == wanted else [f"{name} {option} takes {wanted} values"]
            continue
        member, no = members.get(option), False
        if member is None and option.startswith("--no-"):
            member, no = members.get(f"--{option.removeprefix('--no-')}"), True
        if member is None or shape is None or (no and shape.members[member].type_name != "boolean"):
            found.append(f"{name} has no {option}")
            continue
        try:
            given[member] = _value(shape.members[member], values[: len(values) - alone])
        except ValueError as unreadable:
            found.append(f"{name} {option}: {unreadable}")
    if shape is not None and not found and "--cli-input-json" not in words:
        found += [
            f"{name} needs --{xform_name(one, '-')}" for one in shape.required_members if one not in given
        ]
        found += [] if found else _misfits(name, given, shape)
    if operation.name == "Invoke" and not found and not files:
        found.append(f"{name} needs a file for the answer")
    return found


def _outfile(service: str, operation: OperationModel, values: Sequence[str]) -> int:
    """``aws lambda invoke`` takes a file beside its options: one word that belongs to none of them."""
    return 1 if (service, operation.name) == ("lambda", "Invoke") and len(values) == 2 else 0


def _misfits(name: str, given: Mapping[str, Any], shape: Shape) -> list[str]:
    told = {member: value for member, value in given.items() if not _has_hidden(value)}
    report = ParamValidator().validate(told, shape)
    needless = [line for line in report.generate_report().splitlines() if "Missing required" not in line]
    return [f"{name}: {line}" for line in needless] + _enums(name, told, shape)


def _enums(name: str, value: Any, shape: Shape) -> list[str]:
    """Words that AWS does not know; botocore itself leaves them to the service."""
    match shape:
        case StructureShape():
            return [
                one
                for key, inner in (value or {}).items()
                if key in shape.members
                for one in _enums(name, inner, shape.members[key])
            ]
        case ListShape():
            return [one for inner in value for one in _enums(name, inner, shape.member)]
        case MapShape():
            return [one for inner in value.values() for one in _enums(name, inner, shape.value)]
        case _:
            known: Sequence[str] = getattr(shape, "enum", [])
            return [f"{name}: {value!r} is none of {known}"] if known and value not in known else []


def _has_hidden(value: Any) -> bool:
    """Whether the page does not tell all of it, or it stands in a file."""
    text = json.dumps(value, default=lambda one: one.decode())
    return "\\u0000" in text or ('"file' in text and "://" in text)


def _value(shape: Shape, words: Sequence[str]) -> Any:
    """What an option's words are, as the shape has it.

    Raises:
        ValueError: they are none.
    """
    if shape.type_name == "boolean":
        if words:
            raise ValueError(f"takes no value, not {words[0]!r}")
        return True
    if not words:
        raise ValueError("needs a value")
    if isinstance(shape, ListShape) and not _is_json(words[0]):
        return [_scalar_or_short(shape.member, word) for word in words]
    if len(words) != 1:
        raise ValueError(f"takes one value, not {len(words)}")
    if _is_json(words[0]):
        return words[0] if shape.type_name == "string" else _json(words[0])
    return _scalar_or_short(shape, words[0])


def _is_json(word: str) -> bool:
    return word.lstrip()[:1] in {"{", "["} or word.startswith(("file://", "fileb://"))


def _json(word: str) -> Any:
    if word.startswith("file"):
        return word
    try:
        return json.loads(word.replace(_HIDDEN, "\\u0000"))
    except ValueError as unreadable:
        raise ValueError(f"no JSON: {unreadable}") from unreadable


def _scalar_or_short(shape: Shape, word: str) -> Any:
    """A word, or the shorthand ``Key=Value,Key=Value``."""
    if _HIDDEN in word and "=" not in word:
        return word
    match shape:
        case StructureShape() | MapShape():
            pairs = [pair.partition("=") for pair in word.split(",")]
            if not all(equals for _, equals, _ in pairs):
                raise ValueError(f"no shorthand: {word!r}")
            members = shape.members if isinstance(shape, StructureShape) else {}
            return {
                key: _scalar_or_short(members[key], value) if key in members else value
                for key, _, value in pairs
            }
        case _ if shape.type_name in {"integer", "long"}:
            return int(word)
        case _ if shape.type_name in {"float", "double"}:
            return float(word)
        case _:
            return word
