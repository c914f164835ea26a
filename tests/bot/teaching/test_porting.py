"""A library leaves one server and comes into another, and nothing there is lost or changed unasked."""

import io
import zipfile
from collections.abc import Callable

import pytest
from answer_samples import changed as sample_with

from bot.storage.answers import Change
from bot.teaching.desk import Desk
from bot.teaching.outcomes import Kept, Published
from bot.teaching.porting.export import pack
from bot.teaching.porting.plans import Became, Kind, Policy
from bot.teaching.roles import Person

HERE, THERE = "g", "h"


def answer(slug: str = "sample", *changes: tuple[str, str]) -> str:
    text = sample_with(("cold.factor_per_layer > 1", "cold.factor_per_layer > 0.3"), *changes)
    return text.replace("sample", slug).replace("kettle", f"{slug} kettle")


async def publish(desk: Desk, who: Person, slug: str, text: str, guild: str = HERE) -> None:
    opened = await desk.drafting.new(guild, who, slug)
    kept = await desk.drafting.save(guild, who, opened, text)
    assert isinstance(kept, Kept)
    done = await desk.publishing.publish(guild, who, slug, head=0, revision=kept.draft.revision)
    assert isinstance(done, Published), done


async def test_export_then_import_into_an_empty_server_then_export_gives_the_same_bytes(
    desk: Desk, ada: Person
) -> None:
    await publish(desk, ada, "kiln", answer("kiln"))
    await publish(desk, ada, "oven", answer("oven", ("The body.", "See there.")))
    await desk.publishing.disable(HERE, ada, "oven", head=1)
    await desk.publishing.disable(HERE, ada, "gpu", head=0)
    for own_only, count in ((True, 3), (False, 49)):
        data = await desk.porting.export(HERE, ada, own_only=own_only)
        there = f"{THERE}{own_only}"
        plan = await desk.porting.plan(there, ada, data, "answers.zip")
        assert len(plan.rows) == count
        assert {(row.slug, row.kind) for row in plan.rows if row.kind is not Kind.SAME} == {
            ("kiln", Kind.NEW),
            ("oven", Kind.NEW),
            ("gpu", Kind.CHANGED),
        }
        assert await desk.office.storage.answers.list(there) == ()
        plan = await desk.porting.review(there, ada, plan)
        done = await desk.porting.apply(there, ada, plan, Policy.THEIRS)
        assert [row.slug for row in done.of(Became.PUBLISHED)] == ["kiln"]
        assert {row.slug for row in done.of(Became.DISABLED)} == {"oven", "gpu"}
        assert await desk.porting.export(there, ada, own_only=own_only) == data
        shown = desk.office.libraries.of(there).catalog.entries
        assert ("kiln" in shown, "oven" in shown, "gpu" in shown) == (True, False, False)
    again = await desk.porting.plan(f"{THERE}True", ada, data, "answers.zip")
    assert again.sentence == "answers.zip: 0 new, 0 changed, 49 same, 0 broken."


@pytest.mark.parametrize("policy", Policy)
async def test_the_instructor_says_what_becomes_of_answers_that_differ(
    desk: Desk, ada: Person, policy: Policy
) -> None:
    mine, theirs = answer("kiln"), answer("kiln", ("The body.", "Their body."))
    await publish(desk, ada, "kiln", mine)
    wrong = answer("oven", ("factor_per_layer < 0.5", "factor_per_layer > 0.5"))
    data = pack({"kiln": theirs, "gas": answer("gas"), "oven": wrong, "bad": "---\n"}, {})
    plan = await desk.porting.plan(HERE, ada, data, "answers.zip")
    assert plan.sentence == "answers.zip: 2 new, 1 changed, 0 same, 1 broken."
    plan = await desk.porting.review(HERE, ada, plan)
    assert plan.sentence == "answers.zip: 1 new, 1 changed, 0 same, 2 broken."
    [changed] = plan.of(Kind.CHANGED)
    assert changed.summary == "explanation changed"
    done = await desk.porting.apply(HERE, ada, plan, policy)
    became = {row.slug: row.became for row in done.rows}
    live = (await desk.reading.show(HERE, ada, "kiln")).body
    if policy is Policy.DRAFTS:
        assert set(became.values()) == {Became.DRAFT}
        assert (live, (await desk.drafting.open(HERE, ada, "kiln")).text) == (mine, theirs)
        assert (await desk.drafting.open(HERE, ada, "oven")).text == wrong
        return
    assert (became["gas"], became["oven"], became["bad"]) == (
        Became.PUBLISHED,
        Became.REFUSED,
        Became.REFUSED,
    )
    [refused] = [row for row in done.rows if row.slug == "oven"]
    assert "claim shrinks does not hold" in refused.reason
    assert became["kiln"] is (Became.KEPT if policy is Policy.MINE else Became.PUBLISHED)
    assert live == (mine if policy is Policy.MINE else theirs)
    if policy is Policy.THEIRS:
        [row] = [row for row in done.rows if row.slug == "kiln"]
        assert (row.undo, row.version and row.version.note) == (1, "imported from answers.zip")
        undone = await desk.publishing.restore(HERE, ada, "kiln", 1, head=2)
        assert isinstance(undone, Published)
        assert undone.after == mine


async def test_answers_of_one_import_may_name_each_other_and_get_in_each_others_way(
    desk: Desk, ada: Person
) -> None:
    first = answer("kiln", ("author: Someone", "related: [oven]\nauthor: Someone"))
    second = answer("oven", ("author: Someone", "related: [kiln]\nauthor: Someone"))
    plan = await desk.porting.plan(HERE, ada, pack({"kiln": first, "oven": second}, {}), "a.zip")
    plan = await desk.porting.review(HERE, ada, plan)
    assert plan.sentence == "a.zip: 2 new, 0 changed, 0 same, 0 broken."
    twin = answer("kiln").replace("id: kiln", "id: twin")
    plan = await desk.porting.plan(
        HERE, ada, pack({"kiln": first, "oven": second, "twin": twin}, {}), "a.zip"
    )
    assert {(row.slug, row.problems[0].code) for row in plan.of(Kind.BROKEN)} == {
        ("kiln", "collision"),
        ("twin", "collision"),
    }


async def test_what_changed_between_the_plan_and_its_end_is_not_overwritten(
    desk: Desk, ada: Person, ben: Person
) -> None:
    await publish(desk, ada, "kiln", answer("kiln"))
    data = pack({"kiln": answer("kiln", ("The body.", "Their body."))}, {})
    plan = await desk.porting.review(HERE, ada, await desk.porting.plan(HERE, ada, data, "a.zip"))
    await desk.publishing.disable(HERE, ben, "kiln", head=1, note="wait")
    done = await desk.porting.apply(HERE, ada, plan, Policy.THEIRS)
    [row] = done.rows
    assert row.became is Became.OVERTAKEN
    assert row.reason.startswith("Ben disabled version 2 of kiln meanwhile, saying 'wait'")
    [head] = await desk.office.storage.answers.list(HERE)
    assert head.change is Change.DISABLED


async def test_a_draft_of_ones_own_survives_an_import(desk: Desk, ada: Person) -> None:
    await publish(desk, ada, "kiln", answer("kiln"))
    opened = await desk.drafting.open(HERE, ada, "kiln")
    await desk.drafting.save(HERE, ada, opened, "half a thought")
    data = pack({"kiln": answer("kiln", ("The body.", "Their body."))}, {})
    for policy, became in ((Policy.DRAFTS, Became.KEPT), (Policy.THEIRS, Became.PUBLISHED)):
        plan = await desk.porting.review(HERE, ada, await desk.porting.plan(HERE, ada, data, "a.zip"))
        done = await desk.porting.apply(HERE, ada, plan, policy)
        assert [row.became for row in done.rows] == [became]
        assert (await desk.drafting.open(HERE, ada, "kiln")).text == "half a thought"


async def test_a_file_alone_goes_by_its_id_and_one_in_a_zip_by_its_name(desk: Desk, ada: Person) -> None:
    text = answer("kiln")
    alone = await desk.porting.plan(HERE, ada, text.encode(), "kiln (1).md")
    assert [(row.slug, row.kind) for row in alone.rows] == [("kiln", Kind.NEW)]
    both = pack({"furnace": text, "gas": answer("gas")}, {})
    plan = await desk.porting.plan(HERE, ada, both, "a.zip")
    [broken] = plan.of(Kind.BROKEN)
    assert broken.problems[0].message == (
        "The file is named after its id; got id 'kiln' in 'furnace.md'; rename one."
    )


async def test_an_import_that_was_cut_short_goes_on_where_it_ended(
    open_desk: Callable[[], Desk], ada: Person
) -> None:
    data = pack({"kiln": answer("kiln"), "oven": answer("oven")}, {})
    desk = open_desk()
    plan = await desk.porting.review(HERE, ada, await desk.porting.plan(HERE, ada, data, "a.zip"))
    only = type(plan)(source=plan.source, rows=plan.rows[:1])
    await desk.porting.apply(HERE, ada, only, Policy.THEIRS)
    later = await open_desk().porting.plan(HERE, ada, data, "a.zip")
    assert later.sentence == "a.zip: 1 new, 0 changed, 1 same, 0 broken."


async def test_an_export_holds_what_a_folder_needs(desk: Desk, ada: Person) -> None:
    data = await desk.porting.export(HERE, ada)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        readme = archive.read("README.md").decode()
    assert len(names) == 48
    assert "BACKCHAT_ANSWERS" in readme
