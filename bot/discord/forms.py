"""Forms that are sent in: their id says it all, so one that was opened before a restart counts."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import discord

from bot.discord.explained import explained

Fields = Mapping[str, Any]
"""What was put into a form, by the ids of its fields: text, or a list of chosen values."""
Submit = Callable[[discord.Interaction, re.Match[str], Fields], Awaitable[None]]


class Forms:
    """What is done with each form.

    discord.py remembers the forms that it showed until it ends; these outlive that.  Show a plain `ui.Modal`
    whose custom id matches a template, with everything in it that is needed to go on.
    """

    def __init__(self) -> None:
        self._known: list[tuple[re.Pattern[str], Submit]] = []

    def add(self, template: str, submit: Submit) -> None:
        """Have `submit` called for the forms whose whole custom id matches a pattern."""
        self._known.append((re.compile(template), submit))

    async def take(self, interaction: discord.Interaction) -> None:
        """Do what is to be done with an interaction, if it is a form."""
        if interaction.type is not discord.InteractionType.modal_submit or interaction.data is None:
            return
        custom_id = str(interaction.data.get("custom_id", ""))
        for pattern, submit in self._known:
            if (match := pattern.fullmatch(custom_id)) is not None:
                await self._submit(interaction, submit, match)

    @explained
    async def _submit(self, interaction: discord.Interaction, submit: Submit, match: re.Match[str]) -> None:
        await submit(interaction, match, dict(_fields(interaction.data)))


def _fields(part: Any) -> Iterator[tuple[str, Any]]:
    """Walk through rows and labels to the fields themselves."""
    if isinstance(part, Sequence) and not isinstance(part, str):
        for one in cast("Sequence[Any]", part):
            yield from _fields(one)
    elif isinstance(part, Mapping):
        found = cast("Mapping[str, Any]", part)
        if "custom_id" in found and ("value" in found or "values" in found):
            yield found["custom_id"], found.get("value", found.get("values"))
        for key in ("components", "component"):
            yield from _fields(found.get(key))
