"""Changing the very card that was pressed: it stays while the run is under way, and when that fails."""

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import discord
from discord import ui

from bot.discord.cards import Card
from bot.discord.courier import Courier
from bot.discord.delivery import Delivery
from bot.discord.here import client_of, guild_of
from bot.discord.limits import CARD_TEXT
from bot.discord.one_try import Outcome
from bot.discord.pace import Pace
from bot.discord.places import mode_in, switched_off
from bot.discord.raw_cards import to_json
from bot.discord.telling import tell
from bot.pending import InteractionAddress, Pending, Played
from bot.storage.guild_settings import Mode

_log = logging.getLogger(__name__)

Json = dict[str, Any]

_ROW, _TEXT = 1, 10
_EPHEMERAL = 1 << 6
_TRIES, _PAUSE = 3, 2.0
_LOOKS, _LOOK_SECONDS = 20, 0.1
_BUSY = "I am running this card already; wait for it, or press Cancel below it."
_RESTARTING = "I am restarting; press it again in a minute."
_PICTURES = ("media", "file")


class RawView(ui.LayoutView):
    """Components as they were sent; they are sent again as they are."""

    def __init__(self, components: list[Json]) -> None:
        super().__init__(timeout=None)
        self._raw = components

    def to_components(self) -> list[Json]:
        """Return them."""
        return self._raw


def kept(message: discord.Message) -> list[Json]:
    """Return the components of a message so that they can be sent again, its pictures as those it holds."""
    found = [item.to_component_dict() for item in ui.LayoutView.from_message(message, timeout=None).children]
    return [_with_own_files(item) for item in found]


def with_waiting(components: list[Json], waiting: list[Json]) -> list[Json]:
    """Return a card that waits: without what could be pressed, and with what says where the run stands."""
    shown = [item for item in components if item.get("type") != _ROW]
    room = CARD_TEXT - sum(map(_length, waiting))
    over = sum(map(_length, shown)) - room
    return [*(_shortened(shown, over) if over > 0 else shown), *waiting]


class InPlace:
    """The card of one request, which is changed; delivers as others do, but keeps what was there."""

    def __init__(
        self, delivery: Delivery, pending: Pending, components: list[Json], courier: Courier
    ) -> None:
        self.message = delivery.message
        self._delivery = delivery
        self._pending = pending
        self._components = components
        self._courier = courier

    @property
    def lane(self) -> Pace | None:
        """What limits how often it may change."""
        return self._delivery.lane

    async def type(self) -> None:
        """Show that something is going on, until cancelled."""
        await self._delivery.type()

    async def show(self, card: Card) -> Outcome:
        """Show below the card where the run stands; try once."""
        waiting = with_waiting(self._components, card.view.to_components())
        return await self._delivery.show(Card(view=RawView(waiting)))

    async def finish(self, card: Card) -> discord.Message | None:
        """Turn the card into the new one; where only a sentence is to be said, leave it and say that."""
        if not card.sentence:
            return await self._delivery.finish(card)
        address = self._pending.address
        if isinstance(address, InteractionAddress):
            await self._again(lambda: self._delivery.show(Card(view=RawView(self._components))))
            path = f"/webhooks/{address.application}/{address.token}"
            body = to_json(card)
            body["flags"] = cast("int", body["flags"]) | _EPHEMERAL
            await self._again(lambda: self._courier.show("POST", path, body, signed=False))
        return None

    async def _again(self, attempt: Any) -> None:
        for _ in range(_TRIES):
            outcome: Outcome = await attempt()
            if outcome.done or outcome.refused:
                return
            await asyncio.sleep(max(_PAUSE, outcome.retry_after))
        _log.warning("a card could not be put back as it was, or its asker not be told why")


def in_place(delivery: Delivery, pending: Pending, courier: Courier) -> Delivery:
    """Return the way to a request's place, which is the card itself where one is changed."""
    wanted = pending.wanted
    if not isinstance(wanted, Played) or not wanted.kept:
        return delivery
    return InPlace(delivery, pending, json.loads(wanted.kept), courier)


async def take_in_place(interaction: discord.Interaction, message: discord.Message, wanted: Played) -> None:
    """Acknowledge what was pressed and change the card that it was pressed on."""
    client = client_of(interaction)
    requests, guild = client.requests, guild_of(interaction)
    if requests.closing:
        await tell(interaction, _RESTARTING)
        return
    if not await _is_free(requests.changing, message.id, wanted.kept):
        await tell(interaction, _BUSY)
        return
    requests.changing[message.id] = wanted.kept
    try:
        if (refusal := client.rates.refusal(interaction.user.id, interaction.channel_id)) is not None:
            await tell(interaction, refusal.text)
            return
        settings = await client.hub.settings_at(guild)
        if guild is not None and mode_in(settings, interaction.channel) is Mode.OFF:
            await tell(interaction, switched_off(settings))
            return
        address = InteractionAddress(
            application=interaction.application_id,
            token=interaction.token,
            channel=interaction.channel_id,
            message=message.id,
            private=message.flags.ephemeral,
        )
        pending = Pending(
            id=interaction.id,
            user=interaction.user.id,
            guild=int(guild) if guild else None,
            address=address,
            wanted=wanted,
        )
        requests.accept(pending)
        try:
            await interaction.response.defer()
        except Exception:
            requests.drop(pending)
            raise
        await requests.serve(pending)
    finally:
        requests.changing.pop(message.id, None)


async def _is_free(changing: Mapping[int, str], message: int, seen: str) -> bool:
    """Tell whether a card may be changed.

    Who sees another card than the one that is being changed sees what came of it: only the last words about
    that are still under way.
    """
    for _ in range(_LOOKS):
        if message not in changing:
            return True
        if changing[message] == seen:
            return False
        await asyncio.sleep(_LOOK_SECONDS)
    return False


def _with_own_files(item: Json) -> Json:
    """Name the files of a message as it does itself: their addresses are good for a day only."""
    changed: Json = {}
    for key, value in item.items():
        if isinstance(value, list):
            changed[key] = [
                _with_own_files(cast("Json", one)) if isinstance(one, dict) else one
                for one in cast("list[Any]", value)
            ]
        elif key in _PICTURES and isinstance(value, Mapping):
            url = str(cast("Mapping[str, Any]", value).get("url", ""))
            changed[key] = {"url": f"attachment://{unquote(urlsplit(url).path.rsplit('/', 1)[-1])}"}
        else:
            changed[key] = value
    return changed


def _length(item: Json) -> int:
    own = len(str(item.get("content") or "")) if item.get("type") == _TEXT else 0
    return own + sum(map(_length, item.get("components") or ()))


def _shortened(items: list[Json], over: int) -> list[Json]:
    """Cut the last texts, so much in all: what a card says first is what it is about."""
    result: list[Json] = []
    for item in reversed(items):
        one = dict(item)
        if one.get("components"):
            before = _length(one)
            one["components"] = _shortened(one["components"], over)
            over -= before - sum(map(_length, one["components"]))
        elif one.get("type") == _TEXT and over > 0:
            text = str(one["content"])
            left = len(text) - over
            over -= min(len(text), over + 1)
            if left <= 1:
                continue
            one["content"] = f"{text[: left - 1]}…"
        result.append(one)
    return result[::-1]
