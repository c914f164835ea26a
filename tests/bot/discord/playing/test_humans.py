"""Who may call a human when, and whom a message may call."""

from typing import Any
from unittest.mock import MagicMock

import discord
import pytest

from bot.discord.guard import mend
from bot.discord.guard.calling import calling
from bot.discord.here import guild_of, is_abroad
from bot.discord.playing import humans
from bot.discord.playing.humans import Calls

NOBODY: dict[str, Any] = {"parse": []}


def test_a_question_is_asked_once_and_by_one_person_not_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(humans.time, "monotonic", lambda: now[0])
    calls = Calls()
    assert calls.refusal("1", 5, "n7") is None
    calls.note("1", 5, "n7")
    assert "already" in (calls.refusal("1", 6, "n7") or "")
    assert "again in 10 min" in (calls.refusal("1", 5, "n8") or "")
    assert calls.refusal("2", 5, "n7") is None
    now[0] += 600
    assert calls.refusal("1", 5, "n8") is None
    assert "already" in (calls.refusal("1", 5, "n7") or "")


def test_a_call_that_reached_nobody_is_forgotten() -> None:
    calls = Calls()
    calls.note("1", 5, "n7")
    calls.forget("1", 5, "n7")
    assert calls.refusal("1", 5, "n7") is None


def test_only_while_helpers_are_called_their_role_may_be() -> None:
    message = {"content": "<@&7>", "allowed_mentions": {"parse": ["everyone", "roles"], "users": ["1"]}}

    def sent() -> Any:
        return mend("POST", "/channels/1/messages", dict(message))[0]["allowed_mentions"]

    assert sent() == NOBODY
    with calling([7]):
        assert sent() == {"parse": [], "roles": ["7"]}
    assert sent() == NOBODY


@pytest.mark.parametrize(
    ("guild", "integrated", "member", "group", "found", "abroad"),
    [
        (9, True, True, False, "9", False),
        (9, False, True, False, "9", False),
        (9, False, False, False, None, True),
        (None, False, False, False, None, False),
        (None, False, False, True, None, True),
    ],
)
def test_where_the_bot_is_no_member_it_is_abroad(  # noqa: PLR0913, PLR0917
    guild: int | None,
    integrated: bool,  # noqa: FBT001
    member: bool,  # noqa: FBT001
    group: bool,  # noqa: FBT001
    found: str | None,
    abroad: bool,  # noqa: FBT001
) -> None:
    interaction = MagicMock(discord.Interaction, guild_id=guild)
    interaction.is_guild_integration.return_value = integrated
    interaction.client.get_guild.return_value = MagicMock() if member else None
    interaction.context.private_channel = group
    assert guild_of(interaction) == found
    assert is_abroad(interaction) is abroad
