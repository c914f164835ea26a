"""What is done when a button is pressed or a form sent in: once, and with a sentence when it fails."""

import functools
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

import discord

from bot.discord.failures import explain, has_expired, is_gone
from bot.discord.here import client_of
from bot.discord.telling import tell
from bot.discord.translating import read_by

_log = logging.getLogger(__name__)

_Callback = TypeVar("_Callback", bound=Callable[..., Coroutine[Any, Any, None]])


def explained(callback: _Callback) -> _Callback:
    """Let a method that takes an interaction run once for each, and tell the person why it failed."""

    @functools.wraps(callback)
    async def run(self: object, interaction: discord.Interaction, *args: Any, **more: Any) -> None:
        if not client_of(interaction).first_time(interaction):
            return
        read_by(interaction)
        try:
            await callback(self, interaction, *args, **more)
        except Exception as error:  # noqa: BLE001  whoever pressed is told
            if isinstance(error, discord.HTTPException) and (is_gone(error) or has_expired(error)):
                _log.info("what was pressed expired before it could be acknowledged")
                return
            if interaction.client.is_closed():
                _log.info("the bot ended before what was pressed was done")
                return
            await tell(interaction, explain(error))

    return cast("_Callback", run)
