"""People who do anything that Discord lets them do, in any order; what they choose comes from one number."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from discord_double import (
    ASSISTANT,
    AUDIT_ID,
    EXERCISES_ID,
    FORUM_ID,
    GENERAL_ID,
    INSTRUCTOR,
    STUDENT,
    TEACHER,
)
from discord_double import components as parts
from discord_double.ids import APPLICATION_ID, INSTRUCTOR_ROLE_ID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from discord_double import DiscordDouble, Interaction
    from discord_double.bot_process import BotProcess

    Json = dict[str, Any]

PEOPLE = (STUDENT, TEACHER, INSTRUCTOR, ASSISTANT, 501, 502)
TEXTS = (
    "How do CNNs avoid the vanishing gradient problem?",
    "vanishing gradient",
    "when is the exam?",
    "and with tanh?",
    "not what I asked",
    "show me the code",
    "3x8 seeds=2",
    "depth=5 sigmoid vs relu he seeds=2",
    "relu",
    "what_is_vanishing",
    "@everyone <@1> <@&2> https://example.com",
    "```python\nprint(1)",
    "*_~`|>#-[]()\\",
    "\u202e\u200b\u0000 \ud7ff 🦜 ÄÖÜ ∇",
    "word " * 1_500,
    "x",
    " ",
)
_SECONDS = 3.0


class People:
    """Acts on a running bot, and remembers what was to be seen by one person alone."""

    def __init__(self, bot: BotProcess) -> None:
        self.bot = bot
        self.opened: list[tuple[Interaction, int]] = []
        self.private: list[Interaction] = []

    @property
    def double(self) -> DiscordDouble:
        return self.bot.double

    async def act(self, kind: str, chance: Random) -> None:
        """Do one thing, and wait until the bot has taken it."""
        taken = await getattr(self, f"_{kind}")(chance)
        if taken is not None:
            await taken.acknowledged(timeout=_SECONDS)

    async def _command(self, chance: Random) -> Interaction | None:
        user = chance.choice(PEOPLE)
        name, options = self._any_command(chance)
        filled: Json = {}
        files: dict[str, tuple[str, bytes]] = {}
        for option in options:
            if not option.get("required") and chance.random() < 0.5:
                continue
            if option["type"] == 11:
                files[option["name"]] = ("a.md", chance.choice(TEXTS).encode("utf-8", "replace"))
            else:
                filled[option["name"]] = _value(option, chance)
        taken = await self.double.slash(name, filled, attachments=files, user_id=user)
        await self._note(taken, user)
        if filled.get("private") is True:
            self.private.append(taken)
        return taken

    async def _typing(self, chance: Random) -> Interaction | None:
        name, options = self._any_command(chance)
        suggesting = [option["name"] for option in options if option.get("autocomplete")]
        if not suggesting:
            return None
        focused = chance.choice(suggesting)
        typed = {focused: chance.choice(TEXTS)[:100]}
        return await self.double.autocomplete(name, typed, focused=focused, user_id=chance.choice(PEOPLE))

    async def _press(self, chance: Random) -> Interaction | None:
        shown = [one for one in self.double.world.messages.values() if one["author"]["id"] == APPLICATION_ID]
        controls = [
            (message, item)
            for message in shown[-30:]
            for item in parts.walk(message["components"])
            if item.get("custom_id") and not item.get("disabled")
        ]
        if not controls:
            return None
        message, control = chance.choice(controls)
        user = chance.choice(PEOPLE)
        if message["flags"] & parts.EPHEMERAL:
            user = int(message["interaction_metadata"]["user"]["id"])
        values = None if control["type"] == parts.BUTTON else _choice(control, chance)
        taken = await self.double.press(control["custom_id"], message, user_id=user, values=values)
        await self._note(taken, user)
        return taken

    async def _submit(self, chance: Random) -> Interaction | None:
        if not self.opened:
            return None
        form, user = self.opened.pop(chance.randrange(len(self.opened)))
        fields = [
            item for item in parts.walk(form.modal["components"]) if item.get("type") == parts.TEXT_INPUT
        ]
        values = {item["custom_id"]: _text(item, chance) for item in fields if chance.random() < 0.7}
        try:
            return await self.double.submit(form, values, user_id=user)
        except (ValueError, LookupError):
            return None  # something that nobody could send

    async def _mention(self, chance: Random) -> None:
        place = chance.choice((GENERAL_ID, EXERCISES_ID, AUDIT_ID))
        await self.double.mention(
            chance.choice(TEXTS)[:2_000], user_id=chance.choice(PEOPLE), channel_id=place
        )

    async def _whisper(self, chance: Random) -> None:
        await self.double.say(chance.choice(TEXTS)[:2_000], user_id=chance.choice(PEOPLE), guild=False)

    async def _post(self, chance: Random) -> None:
        await self.double.forum_post(
            chance.choice(TEXTS)[:90].strip() or "?", chance.choice(TEXTS)[:2_000], channel_id=FORUM_ID
        )

    async def _delete(self, chance: Random) -> None:
        shown = [one for one in self.double.world.messages.values() if not one["flags"] & parts.EPHEMERAL]
        if shown:
            await self.double.remove(chance.choice(shown[-20:]))

    async def _reconnect(self, chance: Random) -> None:
        before = self.double.sessions["RESUMED"]
        await chance.choice((self.double.drop, self.double.op7))()
        await self.double.resumed(before + 1)

    async def _note(self, taken: Interaction, user: int) -> None:
        await taken.acknowledged(timeout=_SECONDS)
        if taken.callback == parts.CALLBACK_MODAL:
            self.opened.append((taken, user))

    def _any_command(self, chance: Random) -> tuple[str, Sequence[Json]]:
        found: list[tuple[str, Sequence[Json]]] = []
        for command in self.double.commands or ():
            if command.get("type", 1) != 1:
                continue
            inner = [option for option in command.get("options", ()) if option["type"] == 1]
            found += [(f"{command['name']} {one['name']}", one.get("options", ())) for one in inner]
            found += [] if inner else [(command["name"], command.get("options", ()))]
        return chance.choice(found)

    async def begin(self) -> None:
        """Give the instructor their role."""
        await self.double.give(INSTRUCTOR, [INSTRUCTOR_ROLE_ID])

    async def wait(self) -> None:
        """Wait until nothing is under way."""
        await self.bot.settled(timeout=60)
        await asyncio.sleep(0)


def _value(option: Json, chance: Random) -> Any:
    if option.get("choices"):
        return chance.choice(option["choices"])["value"]
    match option["type"]:
        case 3:
            longest = option.get("max_length", 6_000)
            return chance.choice(TEXTS)[:longest].ljust(option.get("min_length", 0), "x")
        case 4 | 10:
            return chance.randint(int(option.get("min_value", -5)), int(option.get("max_value", 50)))
        case 5:
            return chance.random() < 0.5
        case 7:
            return GENERAL_ID
        case 8:
            return INSTRUCTOR_ROLE_ID
        case _:
            return STUDENT


def _choice(menu: Json, chance: Random) -> list[Any]:
    least = 1 if menu.get("min_values") is None else menu["min_values"]
    most = 1 if menu.get("max_values") is None else menu["max_values"]
    offered: list[Any] = [option["value"] for option in menu.get("options", ())]
    if not offered:
        offered = {5: [STUDENT, TEACHER], 6: [INSTRUCTOR_ROLE_ID]}.get(menu["type"], [GENERAL_ID])
    return chance.sample(offered, min(len(offered), chance.randint(least, most)))


def _text(field: Json, chance: Random) -> str:
    text = chance.choice(TEXTS)
    if field.get("style") == 1:
        text = text.replace("\n", " ")
    return text[: field.get("max_length") or 4_000].ljust(field.get("min_length") or 0, "x")
