"""Logins are few: they are spread over the day before they run out, and a wrong token is noticed at once."""

import logging
from typing import Any
from unittest.mock import AsyncMock

import pytest
from discord.http import Route
from discord_double import DiscordDouble

from bot.discord import login
from bot.discord.login import Logins, TooManyLogins, ask_logins, pause_before_login, spare
from bot.errors import ConfigurationError


@pytest.fixture(autouse=True)
def at_the_double(double: DiscordDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", double.api)
    monkeypatch.setattr(login, "_BETWEEN_SECONDS", 0.0)


def test_a_bot_that_is_started_over_and_over_never_uses_up_its_logins() -> None:
    left, time = 1_000, 0.0
    while time < 24 * 3600:
        time += 1.0 + Logins(total=1_000, remaining=left, reset_after=24 * 3600 - time).pause
        if time < 24 * 3600:
            left -= 1
    assert 10 <= left < 100


def test_with_plenty_left_nobody_waits() -> None:
    assert Logins(total=1_000, remaining=201, reset_after=80_000.0).pause == 0
    assert Logins(total=1_000, remaining=200, reset_after=1_900.0).pause == pytest.approx(10)
    assert Logins(total=1_000, remaining=0, reset_after=1_900.0).pause == pytest.approx(1_900)


async def test_discord_is_asked_and_the_log_says_why_it_takes_so_long(
    double: DiscordDouble, caplog: pytest.LogCaptureFixture
) -> None:
    assert await pause_before_login(double.token) == 0
    double.logins = 82
    assert await pause_before_login(double.token) == pytest.approx(1_200)
    assert "log in 82 more times in the next 24.0 h; the next time is in 1200 s" in caplog.text
    assert double.problems() == []


async def test_a_wrong_token_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="Discord refuses the token"):
        await ask_logins("not.the.token")


@pytest.mark.parametrize("status", [0, 429, 500])
async def test_a_discord_that_does_not_say_keeps_nobody_waiting(double: DiscordDouble, status: int) -> None:
    double.fail_next("GET", "/gateway/bot", status=status)
    assert await pause_before_login(double.token) == 0


async def test_an_odd_answer_neither(double: DiscordDouble, caplog: pytest.LogCaptureFixture) -> None:
    bodies: tuple[Any, ...] = ({"url": "wss://x"}, [], "a page")
    for body in bodies:
        double.fail_next("GET", "/gateway/bot", status=200, body=body)
        with caplog.at_level(logging.INFO):
            assert await pause_before_login(double.token) == 0


async def test_a_connection_is_given_up_rather_than_another_login_used(
    double: DiscordDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    await spare(double.token, initial=False)
    double.logins = 100
    await spare(double.token, initial=True)  # somebody has waited before
    with pytest.raises(TooManyLogins):
        await spare(double.token, initial=False)
    monkeypatch.setattr(login, "ask_logins", AsyncMock(return_value=None))
    await spare(double.token, initial=False)
