"""What somebody sees who waits."""

from typing import Any
from unittest.mock import MagicMock

import discord
import pytest
from discord_double import message_problems

from bot.discord.raw_cards import to_json
from bot.discord.waiting import CancelButton, described, waiting_card
from bot.jobs.status import Queued, Running


@pytest.mark.parametrize(
    ("ahead", "seconds", "text"),
    [
        (3, 11.2, "3 runs before yours, about 15 s"),
        (1, 4.1, "1 run before yours, about 5 s"),
        (0, 0.2, "Your run is next, about 1 s"),
        (0, 0.0, "Your run is next"),
        (40, 61.0, "40 runs before yours, about 70 s"),
        (60, 125.0, "60 runs before yours, about 3 min"),
        (2, float("inf"), "2 runs before yours"),
        (2, float("nan"), "2 runs before yours"),
    ],
)
def test_who_waits_for_a_turn_sees_how_many_are_before_and_how_long_it_takes(
    ahead: int, seconds: float, text: str
) -> None:
    assert described(Queued(ahead=ahead, seconds=seconds)) == text


@pytest.mark.parametrize(
    ("fraction", "cells", "percent"),
    [(0.0, 0, "0 %"), (0.5, 8, "50 %"), (0.99, 15, "99 %"), (1.0, 16, "100 %"), (7.0, 16, "100 %")],
)
def test_a_bar_shows_how_much_is_done(fraction: float, cells: int, percent: str) -> None:
    text = described(Running(fraction=fraction, text="tanh, step 40 of 100", seconds=7.5))
    bar, left = text.split("\n")
    assert bar == f"`{'█' * cells}{'░' * (16 - cells)}` {percent} · tanh, step 40 of 100"
    assert left == "-# about 8 s left"


def test_what_a_run_says_of_itself_is_shown_as_it_is_written() -> None:
    text = described(Running(fraction=0.1, text="*a*\n# b" + "c" * 500, seconds=0))
    assert r"\*a\* # b" in text
    assert len(text) < 300
    assert "Running" in described(Running(fraction=0.0, text=" ", seconds=0))


async def test_the_card_can_be_sent_and_cancelled() -> None:
    payload: dict[str, Any] = to_json(waiting_card("1 run before yours", 1234567890123456789))
    assert message_problems(payload, [], edited=None, held=[]) == []
    [button] = payload["components"][0]["components"][1]["components"]
    assert (button["label"], button["custom_id"]) == ("Cancel", "backchat:1:cancel:1234567890123456789")
    match = CancelButton.__discord_ui_compiled_template__.fullmatch(button["custom_id"])
    assert match is not None
    same = await CancelButton.from_custom_id(MagicMock(discord.Interaction), CancelButton(1).item, match)
    assert same.request_id == 1234567890123456789
