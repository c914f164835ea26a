"""Which answer a message is about, remembered for a while and nowhere but in memory."""

from unittest.mock import MagicMock

import discord

from answers.followups import Turn
from bot.discord.conversations import Conversations
from bot.discord.turns import Turns

BOT, STUDENT, OTHER = 1, 2, 3
CHANNEL, CARD = 10, 100


def turn(answer: str = "sigmoid") -> Turn:
    return Turn(answer=answer, question="why?")


def user(id_: int) -> MagicMock:
    found = MagicMock(discord.User)
    found.id = id_
    return found


def message(
    author: int = STUDENT, *, place: int = CHANNEL, id_: int = CARD, to: int | None = None
) -> MagicMock:
    """Describe a message in a server's channel."""
    found = MagicMock(discord.Message)
    found.id, found.author = id_, user(author)
    found.channel = MagicMock(discord.TextChannel)
    found.channel.id = place
    found.reference = None if to is None else MagicMock(discord.MessageReference, message_id=to)
    return found


def thread(owner: int) -> MagicMock:
    found = MagicMock(discord.Thread)
    found.id, found.owner_id = CHANNEL, owner
    return found


def answered(answer: str = "sigmoid") -> Conversations:
    found = Conversations()
    found.remember(message(BOT), STUDENT, turn(answer))
    return found


def test_a_reply_to_a_card_is_about_its_answer_whoever_replies() -> None:
    for person in (STUDENT, OTHER):
        assert answered().before(message(person, to=CARD), user(BOT)) == turn()
    assert answered().before(message(to=CARD + 1), user(BOT)) is None


def test_in_a_channel_nothing_but_a_reply_is_about_an_answer() -> None:
    assert answered().before(message(), user(BOT)) is None


def test_in_a_thread_of_the_bot_the_next_message_of_the_same_person_is() -> None:
    for owner, person, found in ((BOT, STUDENT, turn()), (BOT, OTHER, None), (OTHER, STUDENT, None)):
        said = message(person)
        said.channel = thread(owner)
        assert answered().before(said, user(BOT)) == found


def test_in_a_direct_message_the_next_one_is() -> None:
    said = message()
    said.guild = None
    assert answered().before(said, user(BOT)) == turn()
    elsewhere = message(place=CHANNEL + 1)
    elsewhere.guild = None
    assert answered().before(elsewhere, user(BOT)) is None


def test_a_reply_that_nothing_follows_ends_the_conversation() -> None:
    conversations = answered()
    conversations.remember(message(BOT, id_=CARD + 1), STUDENT, None)
    said = message()
    said.guild = None
    assert conversations.before(said, user(BOT)) is None
    assert conversations.before(message(to=CARD), user(BOT)) == turn()


def test_what_was_not_sent_is_not_remembered() -> None:
    conversations = Conversations()
    conversations.remember(None, STUDENT, turn())
    assert conversations.before(message(to=CARD), user(BOT)) is None


def test_the_oldest_is_forgotten_first() -> None:
    turns: Turns[int] = Turns(size=2)
    for place in (1, 2, 1, 3):
        turns.remember(place, turn(f"answer_{place}"))
    assert turns.at(2) is None
    assert turns.at(1) == turn("answer_1")
    assert turns.at(3) == turn("answer_3")
    assert turns.at(None) is None
