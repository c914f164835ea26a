"""A card that is changed in its place stays while the run is under way, and when nothing comes of it."""

import json
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import MagicMock

import pytest
from discord_double.fakes import FakeDelivery

from bot.discord.cards import Card, text_card
from bot.discord.limits import CARD_TEXT
from bot.discord.one_try import Outcome
from bot.discord.playing.in_place import InPlace, in_place, with_waiting
from bot.discord.waiting import waiting_card
from bot.pending import InteractionAddress, Pending, Played, Question, Wanted

if TYPE_CHECKING:
    from bot.discord.courier import Courier
    from bot.discord.delivery import Delivery

Json = dict[str, Any]
TOKEN = "t"
MENU: Json = {"type": 1, "components": [{"type": 3, "custom_id": "backchat:1:card:c:1:d::relu"}]}
WAITING: list[Json] = [{"type": 17, "components": [{"type": 10, "content": "Running"}]}]


def card(*texts: str) -> list[Json]:
    return [{"type": 17, "components": [{"type": 10, "content": text} for text in texts]}, MENU]


def length(items: list[Json]) -> int:
    return sum(len(item.get("content", "")) + length(item.get("components", [])) for item in items)


def pending(wanted: Wanted) -> Pending:
    address = InteractionAddress(application=1, token=TOKEN, channel=2, message=3)
    return Pending(id=1, user=5, guild=9, address=address, wanted=wanted)


class Fake:
    """Notes what is shown and said; answers with what it is told to, then that all is well."""

    def __init__(self, *outcomes: int) -> None:
        self.outcomes = [*outcomes]
        self.cards: list[list[Json]] = []
        self.said: list[Json] = []
        self.finished: list[Card] = []
        self.message: int | None = 3
        self.lane = None

    def outcome(self) -> Outcome:
        return Outcome(status=self.outcomes.pop(0) if self.outcomes else 200)

    async def show(self, *args: Any, **_: Any) -> Outcome:
        if isinstance(args[0], Card):
            self.cards.append(args[0].view.to_components())
        else:
            self.said.append({"path": args[1], **args[2]})
        return self.outcome()

    async def finish(self, one: Card) -> Any:
        self.finished.append(one)
        return MagicMock(id=3)


def made(fake: Fake) -> InPlace:
    wanted = Played(state="d::relu", kept=json.dumps(card("Title")))
    found = in_place(cast("Delivery", fake), pending(wanted), cast("Courier", fake))
    assert isinstance(found, InPlace)
    return found


def test_what_waits_shows_the_card_without_its_controls() -> None:
    shown = with_waiting(card("Title", "Numbers"), WAITING)
    assert shown == [card("Title", "Numbers")[0], *WAITING]


@pytest.mark.parametrize("texts", [("t" * 4_000,), ("a" * 1_000, "b" * 2_995), ("a", "b" * 3_999)])
def test_a_full_card_gives_way_from_its_end(texts: tuple[str, ...]) -> None:
    before = card(*texts)
    shown = with_waiting(before, WAITING)
    assert length(shown) <= CARD_TEXT
    assert shown[0]["components"][0]["content"][:1] == texts[0][:1]
    assert before == card(*texts)


async def test_progress_is_shown_below_the_card() -> None:
    fake = Fake()
    await made(fake).show(waiting_card("Running", 7))
    [shown] = fake.cards
    assert shown[0]["components"][0]["content"] == "Title"
    assert "backchat:1:cancel:7" in str(shown)


async def test_a_sentence_is_said_in_private_and_the_card_is_put_back() -> None:
    fake = Fake()
    assert await made(fake).finish(text_card("Too expensive.")) is None
    assert fake.cards == [card("Title")]
    [said] = fake.said
    assert said["flags"] & 1 << 6
    assert "Too expensive." in str(said)
    assert fake.finished == []


async def test_a_new_card_takes_the_place_of_the_old_one() -> None:
    fake = Fake()
    one = Card(view=text_card("New").view)
    await made(fake).finish(one)
    assert fake.finished == [one]
    assert fake.cards == []


async def test_putting_back_is_tried_again_while_discord_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.playing.in_place._PAUSE", 0.0)
    fake = Fake(500, 0, 200, 404)
    await made(fake).finish(text_card("No."))
    assert len(fake.cards) == 3
    assert len(fake.said) == 1


def test_all_other_requests_are_delivered_as_ever() -> None:
    delivery = FakeDelivery()
    for wanted in (Question(text="?"), Played(state="d::relu")):
        assert in_place(delivery, pending(wanted), cast("Courier", None)) is delivery
