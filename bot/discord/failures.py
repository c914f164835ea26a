"""The one place where an exception becomes a sentence for a person and a line in the log."""

import logging
import secrets

import discord
from discord import app_commands

from answers.errors import AnswerError
from bot.errors import BackchatError
from bot.jobs.errors import JobError, JobFailed
from sim.errors import SimulationError

_log = logging.getLogger(__name__)

_MENDABLE = (SimulationError, AnswerError, BackchatError, JobError)


def explain(error: BaseException) -> str:
    """Return the sentence to show; what is not the person's to mend is logged under an id they can quote."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, _MENDABLE) and not isinstance(error, JobFailed):
        return str(error)
    id_ = secrets.token_hex(3)
    if isinstance(error, JobFailed):
        _log.error("error %s: %s: %s\n%s", id_, error.exception_type, error.exception_text, error.trace)
    else:
        _log.error("error %s", id_, exc_info=error)
    return f"Something in the bot broke, not in what you asked; tell the course team this number: `{id_}`."


def is_gone(error: discord.HTTPException) -> bool:
    """Tell whether the place to reply to does not exist any more: nobody is left to be told."""
    return isinstance(error, discord.NotFound)
