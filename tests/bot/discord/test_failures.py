"""Which exception becomes which sentence, and what of it is for the log alone."""

import logging
from unittest.mock import MagicMock

import discord
import pytest

from bot.discord.explained import explained
from bot.discord.failures import NOT_STORED, explain
from bot.errors import BadRequest
from bot.storage.errors import DamagedDatabase, DiskFull, NotFound, StorageUnavailable


@pytest.mark.parametrize("kind", [StorageUnavailable, DiskFull, DamagedDatabase])
def test_what_only_the_operator_can_mend_shows_nobody_a_path(
    kind: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert explain(kind("/var/lib/backchat/backchat.sqlite is gone.")) == NOT_STORED
    assert "/var/lib/backchat/backchat.sqlite is gone." in caplog.text


@pytest.mark.parametrize("error", [NotFound("There is no version 9."), BadRequest("A question has words.")])
def test_what_somebody_can_mend_is_said_as_it_is(error: Exception) -> None:
    assert explain(error) == str(error)


def test_anything_else_is_a_number_that_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    said = explain(ZeroDivisionError("secret"))
    assert "secret" not in said
    assert said.split("`")[1] in caplog.text


async def test_who_pressed_as_the_bot_ended_is_not_told_through_a_closed_connection() -> None:
    interaction = MagicMock()
    interaction.client.first_time.return_value = True
    interaction.client.is_closed.return_value = True
    await Pressed().callback(interaction)
    assert interaction.response.mock_calls == interaction.followup.mock_calls == []


class Pressed:
    @explained
    async def callback(self, interaction: discord.Interaction) -> None:
        del interaction
        raise RuntimeError("Session is closed")
