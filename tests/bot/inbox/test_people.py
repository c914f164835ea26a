"""Of a group it is told whether one person asked or several, also where each wording came from one."""

from datetime import UTC, datetime

import pytest

from bot.inbox.group import People
from bot.inbox.post import Post
from bot.storage.inbox import Missed, Reason
from bot.storage.opening import Storage
from bot.teaching.roles import Person

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(("other", "people"), [("eve", People.ONE), ("bob", People.SEVERAL)])
async def test_people_are_told_apart_over_different_wordings(
    keeping: Storage, post: Post, tim: Person, other: str, people: People
) -> None:
    for text, user in (("when is the exam", "eve"), ("exam date?", other)):
        missed = Missed(text=text, reason=Reason.UNANSWERED)
        assert await keeping.inbox.keep("g", missed, user_id=user, at=NOW) is not None
    [shown] = (await post.looking.page("g", tim)).groups
    assert len(shown.group.wordings) == 2
    assert shown.group.people is people
    assert (await post.looking.find("g", shown.group.id)).people is people
