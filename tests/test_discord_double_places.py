"""Places, rights, intents and what somebody could read, as the real discord.py finds them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from discord_double import (
    ASSISTANT,
    AUDIT_ID,
    EXAM_TAG_ID,
    EXERCISES_ID,
    FORUM_ID,
    GENERAL2_ID,
    GENERAL_ID,
    GUILD2_ID,
    GUILD_ID,
    INSTRUCTOR2_ROLE_ID,
    INSTRUCTOR_ROLE_ID,
    SOLVED_TAG_ID,
    STUDENT,
    TEACHER,
    TRAINING_TAG_ID,
    DiscordDouble,
    Judge,
)
from discord_double.permissions import (
    ADD_REACTIONS,
    ATTACH_FILES,
    EMBED_LINKS,
    MANAGE_GUILD,
    MANAGE_THREADS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
)
from discord_double.raw import raw
from discord_double.sample_bot import redirect, running
from discord_double.sample_controls import Controls, discord

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def double(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble(judge=Judge.load_or_none()) as made:
        redirect(monkeypatch, made)
        yield made
        assert made.problems() == []


@pytest.fixture
async def bot(double: DiscordDouble) -> AsyncIterator[Controls]:
    client = Controls()
    async with running(client, double):
        await client.wait_until_ready()
        yield client


def _channel(bot: Controls, id_: int | str) -> Any:
    channel = bot.get_channel(int(id_))
    assert channel is not None
    return channel


async def _changed(double: DiscordDouble, bot: Controls, channel_id: str, denied: int) -> None:
    changed = asyncio.create_task(bot.wait_for("guild_channel_update", timeout=10))
    await asyncio.sleep(0)
    await double.deny(channel_id, denied)
    await changed


async def test_both_guilds_and_their_channels_are_there(bot: Controls) -> None:
    seen = {guild.name: [channel.name for channel in guild.channels] for guild in bot.guilds}
    assert seen == {
        "Deep learning 101": ["general", "questions", "exercises", "audit"],
        "Deep learning 102": ["general"],
    }
    audit: Any = _channel(bot, AUDIT_ID)
    assert audit.permissions_for(audit.guild.me).send_messages
    assert not audit.permissions_for(audit.guild.default_role).view_channel
    assert (await bot.fetch_guild(int(GUILD2_ID))).name == "Deep learning 102"


async def test_people_act_in_either_guild(double: DiscordDouble, bot: Controls) -> None:
    asked = await double.slash("who", guild=GUILD2_ID, roles=[INSTRUCTOR2_ROLE_ID])
    assert (await asked.answer()).text == "Student401 [Instructor] manages=False in Deep learning 102"
    assert asked.payload["channel_id"] == GENERAL2_ID
    asked = await double.slash("who", user_id=ASSISTANT, channel_id=GENERAL2_ID)
    assert (await asked.answer()).text == "Assistant [] manages=False in Deep learning 102"
    posted = await double.mention("hello", guild=GUILD2_ID)
    heard = await bot.heard.get()
    assert (str(heard.guild), str(heard.channel.id)) == ("Deep learning 102", posted.message["channel_id"])
    with pytest.raises(LookupError, match=f"channel {GENERAL_ID} is not in guild {GUILD2_ID}"):
        await double.slash("who", guild=GUILD2_ID, channel_id=GENERAL_ID)
    with pytest.raises(LookupError, match="there is no guild 7; there are"):
        await double.slash("who", guild="7")
    with pytest.raises(LookupError, match=f"has no role {INSTRUCTOR_ROLE_ID}"):
        await double.slash("who", guild=GUILD2_ID, roles=[INSTRUCTOR_ROLE_ID])


@pytest.mark.parametrize(
    ("denied", "message", "code"),
    [
        (SEND_MESSAGES, {"content": "x"}, 50013),
        (VIEW_CHANNEL, {"content": "x"}, 50001),
        (ATTACH_FILES, {"file": True}, 50013),
        (EMBED_LINKS, {"embed": discord.Embed(title="x")}, 50013),
    ],
    ids=["write", "see", "files", "embeds"],
)
async def test_what_is_denied_is_refused(
    double: DiscordDouble, bot: Controls, denied: int, message: dict[str, Any], code: int
) -> None:
    channel = _channel(bot, EXERCISES_ID)

    def said() -> dict[str, Any]:
        # A file can be sent only once.
        return {"file": discord.File(__file__)} if "file" in message else message

    await channel.send(**said())
    await _changed(double, bot, EXERCISES_ID, denied)
    assert not channel.permissions_for(channel.guild.me).value & denied
    with pytest.raises(discord.Forbidden) as caught:
        await channel.send(**said())
    assert caught.value.code == code
    asked = await double.slash("who", channel_id=EXERCISES_ID)
    assert not int(asked.payload["app_permissions"]) & denied
    await asked.answer()  # what answers a command needs no right
    await _changed(double, bot, EXERCISES_ID, 0)
    await channel.send(**said())


async def test_reading_and_reacting_have_rights_of_their_own(double: DiscordDouble, bot: Controls) -> None:
    channel = _channel(bot, GENERAL_ID)
    posted = await double.say("x")
    message = channel.get_partial_message(int(posted.message["id"]))
    await message.add_reaction("👍")
    await double.deny(GENERAL_ID, ADD_REACTIONS)
    with pytest.raises(discord.Forbidden):
        await message.add_reaction("👍")
    await double.deny(GENERAL_ID, READ_MESSAGE_HISTORY)
    assert [one async for one in channel.history()] == []
    with pytest.raises(discord.Forbidden):
        await message.fetch()
    with pytest.raises(discord.HTTPException) as caught:
        await message.reply("y")
    assert caught.value.code == 160002
    with pytest.raises(discord.Forbidden):
        await message.delete()  # of somebody else


async def test_what_the_bot_cannot_see_it_does_not_hear(double: DiscordDouble, bot: Controls) -> None:
    await double.deny(EXERCISES_ID, VIEW_CHANNEL)
    await double.mention("unheard", channel_id=EXERCISES_ID)
    await double.mention("heard")
    assert (await bot.heard.get()).content.endswith("> heard")


async def test_channels_come_and_go(double: DiscordDouble, bot: Controls) -> None:
    made = asyncio.create_task(bot.wait_for("guild_channel_create", timeout=10))
    await asyncio.sleep(0)
    id_ = await double.create_channel("week 2", guild=GUILD2_ID)
    channel: Any = await made
    assert (str(channel.id), channel.name, channel.guild.name) == (id_, "week 2", "Deep learning 102")
    await channel.send("x")
    await double.delete_channel(id_)
    with pytest.raises(discord.NotFound) as caught:
        await channel.send("x")
    assert caught.value.code == 10003
    assert [sent.text for sent in double.seen_by(STUDENT)] == ["x"]


async def test_a_post_of_a_forum_has_everything(double: DiscordDouble, bot: Controls) -> None:
    forum = _channel(bot, FORUM_ID)
    assert [tag.name for tag in forum.available_tags] == ["solved", "training", "exam"]
    posted = await double.forum_post(
        "Flat loss", "why?", tags=[TRAINING_TAG_ID, SOLVED_TAG_ID], roles=[INSTRUCTOR_ROLE_ID], mention=True
    )
    thread = await bot.threads.get()
    assert (thread.name, thread.parent, thread.owner_id) == ("Flat loss", forum, STUDENT)
    assert [tag.name for tag in thread.applied_tags] == ["training", "solved"]
    heard = await bot.heard.get()
    assert (heard.id, heard.channel) == (thread.id, thread)
    assert isinstance(heard.author, discord.Member)
    assert heard.author.roles[-1].name == "Instructor"
    reply = await thread.send("because")
    assert reply.channel == thread
    assert (await posted.reply()).text == "because"
    now = await bot.fetch_channel(thread.id)
    assert isinstance(now, discord.Thread)
    assert (now.message_count, now.last_message_id) == (1, reply.id)
    assert forum.permissions_for(forum.guild.me).send_messages_in_threads
    await double.deny(FORUM_ID, SEND_MESSAGES_IN_THREADS)
    with pytest.raises(discord.Forbidden):
        await thread.send("more")


async def test_a_posts_first_message_can_be_late_and_everything_can_come_twice(
    double: DiscordDouble, bot: Controls
) -> None:
    posting = asyncio.create_task(double.forum_post("Late", "why?", pause=0.2))
    thread = await bot.threads.get()
    with pytest.raises(discord.NotFound):
        await thread.fetch_message(thread.id)
    assert bot.heard.empty()
    posted = await posting
    assert (await bot.heard.get()).id == thread.id
    events: list[str] = []
    bot.event(_collect(events))
    await double.repeat(posted)
    assert (await bot.heard.get()).id == thread.id
    # discord.py itself says only once that a thread is new.
    assert events == ["THREAD_CREATE", "MESSAGE_CREATE"]
    assert bot.threads.empty()


def _collect(events: list[str]) -> Any:
    async def on_socket_event_type(name: str) -> None:
        events.append(name)

    return on_socket_event_type


async def test_a_forum_refuses_tags_that_people_cannot_apply(double: DiscordDouble) -> None:
    with pytest.raises(LookupError, match=r"questions has no tag 7; it has .*solved"):
        await double.forum_post("a", "b", tags=["7"])
    with pytest.raises(ValueError, match="only who manages threads may apply the tag exam"):
        await double.forum_post("a", "b", tags=[EXAM_TAG_ID])
    with pytest.raises(LookupError, match="general is no forum"):
        await double.forum_post("a", "b", channel_id=GENERAL_ID)
    strict = await double.create_channel("strict", forum=True, tags=["one"], required=True)
    with pytest.raises(ValueError, match="strict asks for a tag"):
        await double.forum_post("a", "b", channel_id=strict)


async def test_the_bot_posts_and_tags_in_a_forum(double: DiscordDouble, bot: Controls) -> None:
    forum = _channel(bot, FORUM_ID)
    solved, training, exam = forum.available_tags
    made = await forum.create_thread(name="Welcome", content="hello", applied_tags=[training])
    assert made.message.content == "hello"
    assert [tag.name for tag in made.thread.applied_tags] == ["training"]
    await made.thread.add_tags(solved)
    with pytest.raises(discord.HTTPException) as caught:
        await made.thread.add_tags(exam)
    assert caught.value.code == 50035
    await bot.threads.get()
    await double.forum_post("Whose?", "a student's")
    theirs = await bot.threads.get()
    with pytest.raises(discord.Forbidden):
        await theirs.add_tags(solved)
    await double.allow(FORUM_ID, MANAGE_THREADS)
    await theirs.add_tags(solved)
    fetched: Any = await bot.fetch_channel(theirs.id)
    assert [tag.name for tag in fetched.applied_tags] == ["solved"]
    await theirs.edit(archived=True, locked=True)
    assert double.world.channels[str(theirs.id)]["thread_metadata"]["locked"]


@pytest.mark.parametrize("intent", ["message_content", "members"])
async def test_an_intent_that_is_not_allowed_is_refused(double: DiscordDouble, intent: str) -> None:
    setattr(double, f"allow_{intent}", False)
    asking, modest = Controls(**{intent: True}), Controls()
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await asking.start(double.token)
    await asking.close()
    async with running(modest, double):
        flags = (await modest.application_info()).flags
    assert flags.gateway_message_content_limited is (intent != "message_content")
    assert flags.gateway_guild_members_limited is (intent != "members")


@pytest.mark.parametrize("allowed", [True, False])
async def test_content_needs_its_intent(double: DiscordDouble, allowed: bool) -> None:  # noqa: FBT001 - a parameter
    double.allow_message_content = allowed
    client = Controls(message_content=allowed)
    async with running(client, double):
        secret = await double.say("a secret", embeds=[{"title": "t", "type": "rich"}])
        await double.forum_post("Title", "a secret")
        await double.say("in private", guild=False)
        heard = [await client.heard.get() for _ in range(3)]
        shown = "a secret" if allowed else ""
        assert [one.content for one in heard] == [shown, shown, "in private"]
        assert [len(one.embeds) for one in heard] == [int(allowed), 0, 0]
        path = f"/channels/{GENERAL_ID}/messages"
        assert (await raw(double, "GET", f"{path}/{secret.message['id']}"))[1]["content"] == shown


async def test_events_of_members_need_their_intent(double: DiscordDouble) -> None:
    for members in (True, False):
        client = Controls(members=members)
        async with running(client, double):
            told = asyncio.create_task(client.wait_for("raw_member_remove", timeout=5))
            await asyncio.sleep(0)
            gone = {
                "guild_id": GUILD_ID,
                "user": {"id": str(STUDENT), "username": "s", "discriminator": "0", "avatar": None},
            }
            await double.emit("GUILD_MEMBER_REMOVE", gone, intents=1 << 1)
            await double.mention("afterwards")
            await client.heard.get()
            assert told.done() is members
            told.cancel()


async def test_seen_by_lists_what_somebody_could_read(double: DiscordDouble, bot: Controls) -> None:
    async def ask(**more: Any) -> None:
        await (await double.slash("who", **more)).answer()

    await ask(user_id=STUDENT, options={"private": True}, permissions=MANAGE_GUILD)
    await ask(user_id=TEACHER, options={"private": True})
    await ask(user_id=TEACHER, guild=False)
    await ask(user_id=TEACHER, guild=GUILD2_ID)
    edited = await _channel(bot, GENERAL_ID).send("first")
    await edited.edit(content="second")
    await double.remove(double.sent[-1])
    await _channel(bot, AUDIT_ID).send(file=discord.File(__file__))

    def seen(user_id: int, **more: Any) -> list[str]:
        return [sent.text or "audit" for sent in double.seen_by(user_id, **more)]

    second = "Teacher [] manages=True in Deep learning 102"
    public = [second, "first", "second"]
    mine = "Student401 [] manages=True in Deep learning 101"
    theirs = ["Teacher [Teacher] manages=True in Deep learning 101", "Teacher [-] manages=False in None"]
    assert seen(STUDENT) == [mine, *public]
    assert seen(STUDENT, guild=GUILD2_ID) == [second]
    assert seen(STUDENT, guild=False) == []
    assert seen(STUDENT, roles=[INSTRUCTOR_ROLE_ID]) == [mine, *public, "audit"]
    assert seen(STUDENT + 5) == public
    assert seen(ASSISTANT) == [*public, "audit"]
    assert seen(TEACHER) == [*theirs, *public, "audit"]
    assert seen(TEACHER, guild=False) == [theirs[1]]


async def test_an_interaction_takes_only_the_callbacks_that_answer_it(
    double: DiscordDouble, bot: Controls
) -> None:
    bot.tree.clear_commands(guild=None)
    asked = await double.slash("who")
    path = f"/interactions/{asked.payload['id']}/{asked.payload['token']}/callback"
    wrongs: list[dict[str, Any]] = [{"type": 6}, {"type": 8, "data": {"choices": []}}]
    for wrong in wrongs:
        status, body = await raw(double, "POST", path, wrong)
        assert (status, body["code"]) == (400, 50035)
    label = {"type": 18, "label": "A", "component": {"type": 4, "custom_id": "a", "style": 1}}
    modal = {"type": 9, "data": {"custom_id": "m", "title": "M", "components": [label]}}
    assert (await raw(double, "POST", path, modal))[0] == 204
    sent = await double.submit(asked, {"a": "x"})
    path = f"/interactions/{sent.payload['id']}/{sent.payload['token']}/callback"
    assert (await raw(double, "POST", path, modal))[1]["code"] == 50035
    assert (await raw(double, "POST", path, {"type": 5}))[0] == 204
