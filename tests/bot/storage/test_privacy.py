"""What is held about whom: all of it is registered, shown and deleted, and stays in its server."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import func, select
from storage_fixtures import TABLES, arguments, dump, every_method, fill, parameters

from bot.storage.errors import NotFound
from bot.storage.guild_keys import GuildKeys, who
from bot.storage.guild_settings import GuildSettings
from bot.storage.opening import Storage
from bot.storage.people import Author, Signed
from bot.storage.registry import REGISTRY, Erasing

Sign = Callable[..., Signed]
NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)


def test_every_table_and_every_column_is_registered() -> None:
    assert {held.name for held in REGISTRY} == set(TABLES)
    for held in REGISTRY:
        named = [*filter(None, [held.person]), *held.personal, *held.impersonal]
        assert sorted(named) == sorted(TABLES[held.name].columns.keys()), held.name


def test_every_entry_says_what_why_and_how_long() -> None:
    for held in REGISTRY:
        for sentence in (held.what, held.why, held.how_long):
            assert sentence[0].isupper(), held.name
            assert sentence.endswith("."), held.name
        people = {"who", "author_id", "author_name"} & set(TABLES[held.name].columns.keys())
        assert bool(people) == (held.person is not None), held.name
        assert set(held.blanks) == (people if held.erasing is Erasing.BLANK else set()), held.name


async def counts(storage: Storage, guild: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, table in TABLES.items():
        [(count,)] = await storage.database.rows(
            select(func.count()).select_from(table).where(table.c.guild == guild)
        )
        found[name] = count
    return found


ADA, BO = Author(id="100", name="Ada"), Author(id="200", name="Bo")


async def test_an_export_shows_what_is_held_of_one_person_in_one_server(storage: Storage) -> None:
    await fill(storage, "a", ADA, "1")
    await fill(storage, "b", ADA, "1")
    about = {one.held.name: one.rows for one in await storage.privacy.export("a", user_id="1")}
    assert set(about) == {"feedback", "inbox_question"}
    assert [row["text"] for row in about["inbox_question"]] == ["what is a bagel", "what is dropout"]
    assert [row["verdict"] for row in about["feedback"]] == ["helpful"]
    about = {one.held.name: one.rows for one in await storage.privacy.export("a", user_id="100")}
    assert set(about) == {"answer_version", "draft", "phrasing", "setting", "inbox_decision"}
    assert about["answer_version"][0]["body"] == "b"
    assert await storage.privacy.export("a", user_id="3") == ()
    assert await storage.privacy.export("c", user_id="1") == ()


async def test_a_student_who_is_forgotten_leaves_nothing(storage: Storage) -> None:
    await fill(storage, "a", ADA, "1")
    await fill(storage, "b", ADA, "1")
    assert await storage.privacy.forget("a", user_id="1") == {"feedback": 1, "inbox_question": 2}
    assert await storage.privacy.export("a", user_id="1") == ()
    assert len(await storage.privacy.export("b", user_id="1")) == 2
    assert await storage.privacy.forget("a", user_id="1") == {}
    assert await storage.privacy.forget("a", user_id="") == {}


async def test_an_instructor_who_is_forgotten_leaves_the_answers_without_a_name(storage: Storage) -> None:
    await fill(storage, "a", ADA, "1")
    done = await storage.privacy.forget("a", user_id="100")
    assert done == {"answer_version": 1, "draft": 1, "phrasing": 1, "setting": 1, "inbox_decision": 1}
    assert await storage.privacy.export("a", user_id="100") == ()
    head = await storage.answers.head("a", "relu")
    assert head is not None
    assert (head.body, head.author.id, head.author.name) == ("b", "", "somebody who has left")
    assert (await storage.settings.get("a")).keep_questions
    # Those who were forgotten are not a person that can be asked for.
    assert await storage.privacy.export("a", user_id="") == ()


async def test_a_forgotten_server_leaves_nothing_and_the_others_everything(storage: Storage) -> None:
    await fill(storage, "a", ADA, "1")
    await fill(storage, "b", ADA, "1")
    before = await counts(storage, "b")
    assert all(before.values())
    assert await storage.privacy.forget_guild("a") == before
    assert not any((await counts(storage, "a")).values())
    assert await counts(storage, "b") == before


async def test_user_ids_of_students_are_nowhere_in_the_database(storage: Storage) -> None:
    student = "918273645546372819"
    await fill(storage, "a", ADA, student)
    for table in TABLES.values():
        for row in await storage.database.rows(select(table)):
            assert student not in repr(row), table.name


async def test_a_code_differs_between_servers_and_terms(storage: Storage) -> None:
    for guild in ("a", "b"):
        await fill(storage, guild, ADA, "1")
    first = await storage.keys.who("a", "1")
    assert first is not None
    assert len(first) == 32
    assert first != await storage.keys.who("a", "2")
    assert first != await storage.keys.who("b", "1")
    assert await storage.keys.term("a") == (1, NOW)
    later = NOW.replace(month=12)
    await storage.keys.rotate("a", at=later)
    assert await storage.keys.term("a") == (2, later)
    assert first != await storage.keys.who("a", "1")
    # What was said in the old term cannot be traced any more, not even by the bot.
    assert await storage.privacy.export("a", user_id="1") == ()
    assert await storage.keys.who("c", "1") is None


def test_a_code_is_half_an_hmac_sha256() -> None:
    # RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?".
    assert who(b"Jefe", "what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c7"


async def test_keys_are_drawn_for_every_server(storage: Storage) -> None:
    drawn: list[int] = []

    def draw(size: int) -> bytes:
        drawn.append(size)
        return bytes(size)

    keys = GuildKeys(storage.database, draw)
    async with storage.database.writing("z") as connection:
        code = await keys.hide(connection, "z", "1", NOW)
        assert await keys.hide(connection, "z", "1", NOW) == code == who(bytes(32), "1")
    assert drawn == [32]


async def test_nothing_of_one_server_is_reached_through_another(storage: Storage) -> None:
    """Call every method of every repository in server b with the names and numbers of server a."""
    numbers = await fill(storage, "a", ADA, "1")
    before = await dump(storage, "a")
    called = 0
    for name, method in every_method(storage):
        assert parameters(method)[0].name == "guild", name
        try:
            found = await method("b", **arguments(name, method, numbers, ADA))
        except NotFound:
            found = None
        called += 1
        if name.split(".")[1] in _MAKES:
            await storage.privacy.forget_guild("b")
        else:
            assert not found or found == GuildSettings(), name
        assert await dump(storage, "a") == before, name
    assert called >= 30


_MAKES = {"save", "add", "change", "log"}
"""The methods that make something new of what they are given, and return it."""
