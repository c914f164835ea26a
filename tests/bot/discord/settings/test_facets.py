"""One part of the settings in the id of a button: what was seen, what it was, and whose."""

import itertools
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import discord
import pytest
from discord_double import message_problems
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.cards import Card
from bot.discord.limits import CUSTOM_ID
from bot.discord.raw_cards import to_json
from bot.discord.settings.card import Section, Sight, settings_card
from bot.discord.settings.command import wanted_posts
from bot.discord.settings.control import put_id, undo_id
from bot.discord.settings.facets import ALL, FACETS, MOST, digest, packed, unpacked
from bot.storage.guild_settings import GuildSettings, Mode, with_changes

LARGEST = 2**63 - 1
IDS = st.integers(min_value=1, max_value=LARGEST).map(str)
VALUES = st.lists(IDS, max_size=MOST).map(tuple) | st.sampled_from(
    [("all",), ("dark",), ("addressed",), ("on",)]
)
MANY = {
    str(LARGEST - number): mode for number, mode in enumerate(itertools.islice(itertools.cycle(Mode), 60))
}


@given(VALUES)
def test_values_survive_the_id_of_a_button(values: tuple[str, ...]) -> None:
    assert unpacked(packed(values)) == values


@pytest.mark.parametrize("name", FACETS)
def test_every_id_fits_for_the_largest_values(name: str) -> None:
    five = tuple(str(LARGEST - number) for number in range(MOST))
    channel = str(LARGEST) if name in ("mode", "posts") else ""
    values = five if name in ("instructors", "assistants", "helpers", "posts") else ("addressed",)
    assert len(put_id(FACETS[name], values, channel)) <= CUSTOM_ID
    assert undo_id(FACETS[name], values, values, channel) is not None


@pytest.mark.parametrize(
    ("name", "channel", "values"),
    [
        ("elsewhere", "", ("answer",)),
        ("keep", "", ("off",)),
        ("audit", "", ()),
        ("audit", "", (str(LARGEST),)),
        ("instructors", "", ("1", "2")),
        ("mode", "5", ("off",)),
        ("mode", "5", ()),
        ("posts", "5", (ALL,)),
        ("posts", "5", ("7", "8")),
    ],
)
def test_what_a_card_offers_is_taken(name: str, channel: str, values: tuple[str, ...]) -> None:
    assert FACETS[name].takes(channel, values)


@pytest.mark.parametrize(
    ("name", "channel", "values"),
    [
        ("elsewhere", "", ()),
        ("elsewhere", "", ("answer", "off")),
        ("theme", "", ("pink",)),
        ("theme", "5", ("dark",)),
        ("keep", "", ()),
        ("audit", "", ("1", "2")),
        ("audit", "", ("general",)),
        ("instructors", "", ("Ada",)),
        ("instructors", "", (str(2**64),)),
        ("mode", "", ("off",)),
        ("mode", "general", ("off",)),
        ("mode", "5", ("loud",)),
        ("posts", "", (ALL,)),
        ("posts", "5", ("x",)),
    ],
)
def test_what_no_card_offers_is_refused(name: str, channel: str, values: tuple[str, ...]) -> None:
    assert not FACETS[name].takes(channel, values)


def test_what_nobody_packed_is_no_value_of_anything() -> None:
    assert not FACETS["instructors"].takes("", unpacked("\N{SNOWMAN}" * 11))


def test_what_does_not_fit_has_no_undo_rather_than_a_wrong_one() -> None:
    six = tuple(str(LARGEST - number) for number in range(8))
    assert undo_id(FACETS["instructors"], (), six) is None


def test_a_change_of_one_channel_leaves_the_others() -> None:
    settings = GuildSettings(channels={"1": Mode.OFF}, forums={"5": ("8",)})
    mode, posts = FACETS["mode"], FACETS["posts"]
    changed = with_changes(settings, {"channels": mode.change(settings, "2", ("answer",))})
    assert changed.channels == {"1": Mode.OFF, "2": Mode.ANSWER}
    assert with_changes(changed, {"channels": mode.change(changed, "2", ())}).channels == settings.channels
    changed = with_changes(settings, {"forums": posts.change(settings, "6", (ALL,))})
    assert dict(changed.forums) == {"5": ("8",), "6": ()}
    assert posts.read(changed, "6") == (ALL,)
    assert posts.read(changed, "7") == ()


@given(VALUES, VALUES)
def test_what_somebody_has_seen_is_told_from_what_is_there(
    seen: tuple[str, ...], now: tuple[str, ...]
) -> None:
    assert (digest(seen) == digest(now)) is (seen == now)


@pytest.mark.parametrize(
    ("before", "chosen", "wanted"),
    [
        ((), ("none",), ()),
        ((), ("none", "7"), ("7",)),
        ((), ("none", "all"), (ALL,)),
        ((ALL,), ("all", "7"), ("7",)),
        ((ALL,), ("all", "none"), ()),
        (("7",), ("7", "all"), (ALL,)),
        (("7",), ("7", "8"), ("7", "8")),
        (("7",), ("7", "none"), ()),
        (("7", "8"), ("8",), ("8",)),
        ((ALL,), ("all",), (ALL,)),
    ],
)
def test_what_was_added_to_a_menu_is_what_is_meant(
    before: tuple[str, ...], chosen: tuple[str, ...], wanted: tuple[str, ...]
) -> None:
    assert wanted_posts(before, chosen) == wanted


def forum(id_: int, tags: int = 20) -> Any:
    made = MagicMock(spec=discord.ForumChannel, id=id_)
    made.available_tags = [SimpleNamespace(id=number + 1, name="t" * 20) for number in range(tags)]
    made.permissions_for.return_value = discord.Permissions.none()
    return made


@pytest.mark.parametrize("section", Section)
@pytest.mark.parametrize("full", [False, True])
def test_the_card_is_within_the_limits_whatever_a_server_has_decided(section: Section, *, full: bool) -> None:
    many = tuple(str(number + 1) for number in range(MOST))
    settings = GuildSettings()
    if full:
        settings = GuildSettings(
            channels=MANY, forums=dict.fromkeys(MANY, many), instructors=many, assistants=many, helpers=many,
            audit_channel="9", keep_questions=True, elsewhere=Mode.ANSWER,
        )  # fmt: skip
    guild = MagicMock(spec=discord.Guild)
    guild.get_channel.side_effect = forum
    client: Any = MagicMock(reading_refused=True)
    client.intents.message_content = False
    sight = Sight(
        client=client, guild=guild, settings=settings, section=section, channel=str(LARGEST) if full else "",
        notice="n" * 600, undo=undo_id(FACETS["theme"], ("dark",), ("light",)), asking=True,
    )  # fmt: skip
    body = to_json(Card(view=settings_card(sight)))
    assert message_problems(body, [], edited=None, held=[]) == []
