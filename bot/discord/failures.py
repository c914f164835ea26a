"""The one place where an exception becomes a sentence for a person and a line in the log."""

import logging
import secrets

import aiohttp
import discord
from discord import app_commands

from answers.errors import AnswerError
from bot.discord.cards import Card
from bot.discord.one_try import TOO_MANY
from bot.errors import BackchatError
from bot.jobs.errors import JobError, JobFailed
from bot.storage.errors import DamagedDatabase, DiskFull, NewerDatabase, StorageError, StorageUnavailable
from sim.errors import SimulationError

_log = logging.getLogger(__name__)

_BAD_REQUEST, _TOO_LARGE, _SERVER_ERROR = 400, 413, 500
_UNKNOWN_WEBHOOK, _INVALID_WEBHOOK_TOKEN = 10015, 50027
_MENDABLE = (SimulationError, AnswerError, BackchatError, JobError, StorageError)
_OPERATORS = (StorageUnavailable, DiskFull, DamagedDatabase, NewerDatabase)
"""What only whoever runs the bot can mend: the details, paths among them, are for the log."""
NOT_STORED = (
    "My database does not work at the moment, and nothing was changed; try again in a minute, and if it "
    "lasts, tell whoever runs me."
)


def explain(error: BaseException) -> str:
    """Return the sentence to show; what is not the person's to mend is logged under an id they can quote."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, _OPERATORS):
        _log.error("%s", error)
        return NOT_STORED
    if isinstance(error, _MENDABLE) and not isinstance(error, JobFailed):
        return str(error)
    id_ = secrets.token_hex(3)
    if isinstance(error, JobFailed):
        _log.error("error %s: %s: %s\n%s", id_, error.exception_type, error.exception_text, error.trace)
    else:
        _log.error("error %s", id_, exc_info=error)
    return f"Something in the bot broke, not in what you asked; tell the course team this number: `{id_}`."


def is_gone(error: discord.HTTPException) -> bool:
    """Tell whether the place to reply to does not exist any more."""
    return isinstance(error, discord.NotFound)


def has_expired(error: discord.HTTPException) -> bool:
    """Tell whether the 15 minutes of an interaction are over."""
    return error.code in (_UNKNOWN_WEBHOOK, _INVALID_WEBHOOK_TOKEN)


def is_closed(error: Exception) -> bool:
    """Tell whether nothing can be said in that place, whatever it is."""
    return isinstance(error, discord.Forbidden | discord.NotFound) or (
        isinstance(error, discord.HTTPException) and has_expired(error)
    )


def refuses_files(error: discord.HTTPException, card: Card) -> bool:
    """Tell whether Discord may only have refused the card's files, and would take its text."""
    return error.status in (_BAD_REQUEST, _TOO_LARGE) and bool(card.images or card.scripts)


def is_too_large(error: discord.HTTPException) -> bool:
    """Tell whether the files are more than Discord, or a proxy before it, takes in any message."""
    return error.status == _TOO_LARGE


def is_passing(error: Exception) -> bool:
    """Tell whether the same request may succeed later: Discord is away, or has had enough for now."""
    if isinstance(error, discord.HTTPException):
        return error.status >= _SERVER_ERROR or error.status == TOO_MANY
    return isinstance(error, aiohttp.ClientError | OSError | TimeoutError)
