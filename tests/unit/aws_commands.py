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
import tree_sitter_bash
from botocore import xform_name
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.validate import ParamValidator
from tree_sitter import Language, Node, Parser

_FENCE: Final = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_OF_A_SHELL: Final = frozenset({"sh", "bash", ""})
_INLINE: Final = re.compile(r"`((?:aws|sam) [^`]+)`")
_BASH: Final = Parser(Language(tree_sitter_bash.language()))
_OPENING: Final = frozenset({"exec", "time"})
_NO_WORDS: Final = frozenset({"variable_assignment", "file_redirect", "herestring_redirect", "comment"})
_ESCAPED: Final = re.compile(r"\\\n|\\(.)")
_QUOTED: Final = re.compile(r'\\\n|\\(["\\$`])')
_PLACEHOLDER: Final = re.compile(r'<[A-Za-z][^<>\n"]*>')
"""What the reader puts there, such as <your set>: to a shell it would be a redirection, but in quotes."""
_AS_LETTERS: Final = str.maketrans("<> '", "\ue001\ue002\ue003\ue004")
_AS_TYPED: Final = str.maketrans("\ue001\ue002\ue003\ue004", "<> '")
_IN_LETTERS: Final = re.compile("\ue001.*?\ue002")
_BARE: Final = 3
"""Words of a tool, a service and an operation."""
_HIDDEN: Final = "\ue000"
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
    """A command as a shell would call it; values that the page does not tell are hidden."""

    words: tuple[str, ...]
    is_mentioned: bool = False
    """By its name alone, between backticks: it needs nothing then."""

    def __str__(self) -> str:
        return " ".join(self.words).replace(_HIDDEN, "...")


def of_page(text: str) -> list[Command]:
    """The commands of ``aws`` and ``sam`` in a page: those of its fences, and those between backticks."""
    scripts = [found[3] for found in _FENCE.finditer(text) if found[2] in _OF_A_SHELL]
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
    """Wherever they stand: in a loop, a function, behind a pipe, in ``$(...)``."""
    tree = _BASH.parse(_PLACEHOLDER.sub(lambda found: found[0].translate(_AS_LETTERS), script).encode())
    if tree.root_node.has_error:
        raise ValueError(f"bash would not read: {script}")
    for node in _all(tree.root_node):
        if node.type == "command":
            words = list(_words(node))
            while words and words[0] in _OPENING:
                del words[0]
            if words and words[0] in {"aws", "sam"}:
                yield Command(tuple(words))


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in node.named_children:
        yield from _all(child)


def _words(command: Node) -> Iterator[str]:
    """The name and its arguments; those too that stand behind a redirection."""
    yield from (_text(part) for part in command.named_children if part.type not in _NO_WORDS)
    redirected = command.parent
    if redirected is not None and redirected.type == "redirected_statement":
        for redirection in redirected.children_by_field_name("redirect"):
            yield from map(_text, redirection.children_by_field_name("destination")[1:])


def _text(node: Node) -> str:
    """What a word is once the shell has taken its quotes and backslashes away."""
    text = (node.text or b"").decode()
    match node.type:
        case "raw_string":
            return text[1:-1].translate(_AS_TYPED)
        case "ansi_c_string":
            return text[2:-1]
        case "string":
            return _QUOTED.sub(r"\1", "".join(_pieces(node)))[1:-1].translate(_AS_TYPED)
        case "concatenation" | "command_name":
            return "".join(map(_text, node.children))
        case kind if kind.endswith(("expansion", "substitution")):
            return _HIDDEN
        case _:
            return _IN_LETTERS.sub(_HIDDEN, _ESCAPED.sub(r"\1", text))


def _pieces(string: Node) -> Iterator[str]:
    """A string in double quotes; what the shell puts into it is hidden."""
    at, whole = string.start_byte, string.text or b""
    for child in string.named_children:
        if child.type != "string_content":
            yield whole[at - string.start_byte : child.start_byte - string.start_byte].decode()
            yield _HIDDEN
            at = child.end_byte
    yield whole[at - string.start_byte :].decode()


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
    return "\\ue000" in text or ('"file' in text and "://" in text)


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
        return json.loads(word)
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
