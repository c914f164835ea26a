"""What a job may not see of the bot's environment."""

import os

import pytest

from bot.jobs.environment import without_secrets


@pytest.mark.parametrize(
    "name",
    [
        *("DISCORD_TOKEN", "DISCORD_TOKEN_FILE", "BACKCHAT_DISCOURSE_API_KEY", "BACKCHAT_DATABASE_URL"),
        *("SENTRY_DSN", "REDIS_URL", "MONGO_URI", "MYTOKEN", "DB_PASSWD", "PGPASSWORD", "HTTP_AUTH"),
        *("DATABASE_URL", "DB_PASS", "AWS_ACCESS_KEY_ID", "SSH_PRIVATE_KEY", "GH_PAT"),
    ],
)
def test_a_secret_is_hidden_while_processes_start_and_there_again_afterwards(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "hush")
    with without_secrets():
        assert name not in os.environ
    assert os.environ[name] == "hush"


@pytest.mark.parametrize(
    "name", ["PATH", "HOME", "BACKCHAT_DATA", "OMP_NUM_THREADS", "PYTHONPATH", "KEYBOARD", "AUTHOR"]
)
def test_what_is_no_secret_stays(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "here")
    with without_secrets():
        assert os.environ[name] == "here"
