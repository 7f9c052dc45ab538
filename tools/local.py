"""The local stack's commands: up, down, outputs, token, env."""

import json
import shlex

from rich.markup import escape

from tools import console, deploy, emulator, front, place, provider_lists, seed, stack
from tools.place import NAME, State
from tools.stack import Stack
from tools.steps import screen


def up() -> None:
    """Start the local AWS, build, deploy, fill it, publish the console. Again: only what has changed."""
    screen.print(where(bring_up()), soft_wrap=True)


def down() -> None:
    """End the local stack and forget its data; its port, passwords and secrets stay the same."""
    state = place.state()
    front.stop(state)
    provider_lists.stop(state)
    emulator.stop(state)


def outputs() -> None:
    """Print where everything is, as JSON."""
    print(json.dumps(stack.running().described(), indent=1))


def token(login: str) -> None:
    """Print a bearer token: of a sample login, or of the machine client for `sends`."""
    print(stack.running().token(login))


def env() -> None:
    """Print what the AWS CLI needs: eval "$(./dev env)"."""
    state = place.state()
    stack.running()
    for name, value in place.aws_variables(state.port).items():
        print(f"export {name}={shlex.quote(value)}")


def bring_up() -> Stack:
    """The stack, up to date with the work tree.

    The emulator starts afresh where it is not up, where infra/ has changed, which it cannot change in place,
    and where an earlier deploy did not come to its end.

    Raises:
        Failure: something on the way failed.
    """
    state = place.state()
    if not (emulator.is_up(state) and _can_be_updated(state)):
        emulator.stop(state)
        emulator.start(state)
    provider_lists.start(state)
    front.reserve(state)
    deploy.deploy(state)
    up_stack = seed.fill(state)
    console.bring(state)
    return up_stack


def _can_be_updated(state: State) -> bool:
    return state.code is not None and state.infra == deploy.infra_digest()


def where(up_stack: Stack) -> str:
    """Where everything is, for a person, who may paste each line into a shell: the API's address has a $."""
    prefix = "" if NAME == "dev" else f"REACHABLE_STACK={NAME} "
    lines = {
        "console": f"{up_stack.console_url}   # sign in as one of the sample logins below",
        "logins": f"{', '.join(up_stack.users)}   # each with the password {up_stack.password}",
        "API": shlex.quote(up_stack.api_url),
        "AWS": f'eval "$({prefix}./dev env)"   # then the aws command; it is at {up_stack.endpoint_url}',
        "names": f"{prefix}./dev outputs",
        "tokens": f"{prefix}./dev token user_manager   # or: {', '.join([*up_stack.users, 'sends'])}",
        "mails sent": f"{up_stack.endpoint_url}/_ministack/ses/messages",
        "logs": str(emulator.LOG.relative_to(place.ROOT)),
        "end it": f"{prefix}./dev down",
    }
    told = "\n".join(f"  [bold]{name:<10}[/]  {escape(value)}" for name, value in lines.items())
    return f"\nThe stack {NAME} is up.\n{told}"
