"""Which exception becomes which sentence, and what of it is for the log alone."""

import logging

import pytest

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
