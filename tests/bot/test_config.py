"""Settings: what is read, what is refused, and that secrets stay secret."""

import os
from pathlib import Path

import pytest

from bot import config
from bot.errors import ConfigurationError

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GAbcde.a-plausible-signature_of-27-chars"


def test_everything_has_a_default() -> None:
    settings = config.load({})
    assert settings.discord_api == "https://discord.com/api/v10"
    assert settings.limits.wall_seconds == 30
    assert settings.answers == ()
    assert settings.data.name == "backchat"


def test_given_settings_ignore_the_environment_and_env_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("BACKCHAT_JOBS=5")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BACKCHAT_JOB_SECONDS", "3")
    assert config.load({}).job_seconds == 30
    assert config.load().job_seconds == 3
    assert config.load().jobs == 5


def test_an_empty_variable_is_the_default_and_a_broken_env_file_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BACKCHAT_DATA", "")
    assert config.load().data.name == "backchat"
    (tmp_path / ".env").write_bytes(b"BACKCHAT_JOBS=\xff\xfe")
    with pytest.raises(ConfigurationError, match="UTF-8"):
        config.load()


def test_every_variable_of_the_interface_is_read(tmp_path: Path) -> None:
    settings = config.load(
        {
            "BACKCHAT_DISCORD_API": "http://127.0.0.1:8000/api/v10/",
            "BACKCHAT_DATA": str(tmp_path),
            "BACKCHAT_ANSWERS": f"one{os.pathsep}two",
            "BACKCHAT_JOBS": "3",
            "BACKCHAT_JOB_SECONDS": "7.5",
            "BACKCHAT_JOB_MEMORY_MB": "256",
            "BACKCHAT_LOG_FORMAT": "json",
        }
    )
    assert settings.discord_api == "http://127.0.0.1:8000/api/v10"
    assert settings.data == tmp_path
    assert settings.answers == (Path("one"), Path("two"))
    assert (settings.jobs, settings.limits.wall_seconds, settings.limits.memory_mb) == (3, 7.5, 256)
    assert settings.log_format == "json"


def test_all_mistakes_are_reported_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        config.load(
            {"BACKCHAT_JOBS": "many", "BACKCHAT_JOB_SECONDS": "-1", "BACKCHAT_DISCORD_API": "discord"}
        )
    for variable in ("BACKCHAT_JOBS", "BACKCHAT_JOB_SECONDS", "BACKCHAT_DISCORD_API"):
        assert variable in str(caught.value)
    assert "BACKCHAT_JOBS: input should be a valid integer, got 'many'" in str(caught.value)


def test_the_token_comes_from_the_variable_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    assert config.load({"DISCORD_TOKEN": f" {TOKEN} "}).token() == TOKEN
    assert config.load({"DISCORD_TOKEN_FILE": str(file)}).token() == TOKEN


@pytest.mark.parametrize(
    "environment",
    [{}, {"DISCORD_TOKEN": ""}, {"DISCORD_TOKEN": "two words"}, {"DISCORD_TOKEN_FILE": "/does/not/exist"}],
)
def test_a_missing_or_impossible_token_is_a_configuration_error(environment: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="DISCORD_TOKEN"):
        config.load(environment).token()


def test_the_token_never_shows() -> None:
    settings = config.load({"DISCORD_TOKEN": TOKEN})
    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings.model_dump())
    with pytest.raises(ConfigurationError) as caught:
        config.load({"DISCORD_TOKEN": TOKEN, "BACKCHAT_JOBS": "0"})
    assert TOKEN not in str(caught.value)
