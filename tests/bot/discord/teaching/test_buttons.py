"""The ids of buttons and menus come from outside: whatever they say, somebody gets a sentence."""

import pytest

from bot.discord.teaching.buttons import THEME, Target
from bot.errors import BadRequest


def test_an_id_says_what_is_done_with_what() -> None:
    target = Target(action="light", parts=("why_relu", "123456789012345678", "3", "dark"), values=("7",))
    assert (target.slug, target.id(1), target.number(2)) == ("why_relu", "123456789012345678", 3)
    assert (target.part(3, THEME), target.chosen, target.chosen_number) == ("dark", "7", 7)


@pytest.mark.parametrize(
    "parts",
    [
        (),
        ("",),
        ("Why ReLU?\0",),
        ("a" * 41,),
        ("relu", "-1"),
        ("relu", "9" * 21),
        ("relu", "x"),
        ("relu", "\N{ARABIC-INDIC DIGIT ONE}"),
    ],
)
def test_an_id_that_nobody_wrote_is_refused_with_what_to_do(parts: tuple[str, ...]) -> None:
    target = Target(action="restore", parts=parts, values=("x",))
    for read in (
        lambda: (target.slug, target.number(1)),
        lambda: (target.slug, target.id(1)),
        lambda: target.part(1, THEME),
        lambda: target.chosen_number,
    ):
        with pytest.raises(BadRequest, match="another version of me, and nothing was done"):
            read()


def test_a_menu_without_a_choice_asks_for_one() -> None:
    with pytest.raises(BadRequest, match="choose one"):
        _ = Target(action="open").chosen
