"""Exit codes of the public interface, and the sentence that goes with each."""

import logging
import re
from typing import cast

import click

from answers.errors import AnswerError
from bot.errors import BackchatError, ConfigurationError
from bot.jobs.errors import JobError, JobFailed, JobRefused, JobTimedOut
from bot.storage.errors import BadBackup, StorageError, Unstorable
from sim.errors import SimulationError, TooExpensive
from sim.knobs import nearest

FAILED = 1
BAD_INPUT = 2
TOO_EXPENSIVE = 3
TIMED_OUT = 4
CONFIGURATION = 78
INTERRUPTED = 130

# The first row that fits decides, so a subclass stands before its base.
_CODES: tuple[tuple[type[BaseException], int], ...] = (
    (click.ClickException, BAD_INPUT),
    (ConfigurationError, CONFIGURATION),
    (BackchatError, BAD_INPUT),
    (TooExpensive, TOO_EXPENSIVE),
    (SimulationError, BAD_INPUT),
    (JobRefused, BAD_INPUT),
    (JobTimedOut, TIMED_OUT),
    (JobError, FAILED),
    (BadBackup, BAD_INPUT),
    (Unstorable, BAD_INPUT),
    (StorageError, FAILED),
    (AnswerError, FAILED),
    (KeyboardInterrupt, INTERRUPTED),
    (click.Abort, INTERRUPTED),
    (BrokenPipeError, FAILED),
)
_SILENT = (BrokenPipeError,)

_log = logging.getLogger(__name__)


def report_error(error: BaseException) -> int:
    """Print one sentence for an error and return the exit code; re-raise what is a bug."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    code = next((code for kind, code in _CODES if isinstance(error, kind)), None)
    if code is None:
        raise error
    if not isinstance(error, _SILENT):
        click.echo(f"backchat: {sentence(error)}", err=True)
    if isinstance(error, JobFailed):
        _log.error("%s: %s\n%s", error.exception_type, error.exception_text, error.trace)
    return code


def sentence(error: BaseException) -> str:
    """Return what the person reads."""
    match error:
        case click.UsageError():
            help_hint = f" See {error.ctx.command_path} --help." if error.ctx else ""
            return _usage(error) + help_hint
        case click.ClickException():
            return error.format_message()
        case KeyboardInterrupt() | click.Abort():
            return "interrupted."
        case _:
            return str(error)


def _usage(error: click.UsageError) -> str:
    """Name the nearest command or word where click only says that there is no such one."""
    if isinstance(error, click.BadParameter) and error.param and isinstance(error.param.type, click.Choice):
        return _not_a_choice(error.param, error.format_message())
    group = error.ctx.command if error.ctx else None
    if not error.ctx or not isinstance(group, click.Group):
        return error.format_message()
    commands = group.list_commands(error.ctx)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return f"A command was wanted; got none; known: {', '.join(commands)}."
    quoted = re.search(r"'([^']*)'", error.format_message())
    if quoted is None or quoted[1].startswith("-"):
        return error.format_message()
    return f"There is no command {quoted[1]!r}; {nearest(quoted[1], commands)}"


def _not_a_choice(param: click.Parameter, message: str) -> str:
    words = [str(word) for word in cast("click.Choice[str]", param.type).choices]
    quoted = re.search(r"'([^']*)' is not one of", message)
    got = quoted[1] if quoted else ""
    return f"{param.opts[0]} is one of {', '.join(words)}; got {got!r}; {nearest(got, words)}"
