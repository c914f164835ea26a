"""Settings from the environment, `.env` and files, read once and checked all at once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import ConfigurationError
from bot.jobs.job import Limits
from bot.jobs.quotas import Quotas
from bot.rates import Rates
from sim.processors import available

_DISCORD_API = "https://discord.com/api/v10"
_DATABASES = ("sqlite+aiosqlite://", "postgresql+asyncpg://")
_SECRET = ("TOKEN", "DATABASE_URL")
"""Variables with these words in their names are never repeated."""


def _named(variable: str) -> AliasChoices:
    return AliasChoices(variable, variable.lower())


class Settings(BaseSettings):
    """What the operator decides; secrets never show in `repr`."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        env_ignore_empty=True,
    )

    discord_token: SecretStr | None = Field(default=None, validation_alias=_named("DISCORD_TOKEN"))
    discord_token_file: Path | None = Field(default=None, validation_alias=_named("DISCORD_TOKEN_FILE"))
    discord_api: str = Field(default=_DISCORD_API, validation_alias=_named("BACKCHAT_DISCORD_API"))
    data: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("backchat", appauthor=False)),
        validation_alias=_named("BACKCHAT_DATA"),
    )
    database_url: SecretStr | None = Field(default=None, validation_alias=_named("BACKCHAT_DATABASE_URL"))
    answers: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(), validation_alias=_named("BACKCHAT_ANSWERS")
    )
    jobs: int = Field(default_factory=available, ge=1, le=64, validation_alias=_named("BACKCHAT_JOBS"))
    job_seconds: float = Field(default=30.0, gt=0, le=3600, validation_alias=_named("BACKCHAT_JOB_SECONDS"))
    job_memory_mb: int = Field(
        default=1536, ge=64, le=1_000_000, validation_alias=_named("BACKCHAT_JOB_MEMORY_MB")
    )
    scheduler: str | None = Field(default=None, validation_alias=_named("BACKCHAT_SCHEDULER"))
    cluster_ca: Path | None = Field(default=None, validation_alias=_named("BACKCHAT_CLUSTER_CA"))
    cluster_cert: Path | None = Field(default=None, validation_alias=_named("BACKCHAT_CLUSTER_CERT"))
    cluster_key: Path | None = Field(default=None, validation_alias=_named("BACKCHAT_CLUSTER_KEY"))
    warming: bool = Field(default=True, validation_alias=_named("BACKCHAT_WARMING"))
    cache_mb: int = Field(default=256, ge=1, le=1_000_000, validation_alias=_named("BACKCHAT_CACHE_MB"))
    requests_per_person: int = Field(default=5, ge=1, validation_alias=_named("BACKCHAT_REQUESTS_PER_PERSON"))
    requests_per_server: int = Field(
        default=500, ge=1, validation_alias=_named("BACKCHAT_REQUESTS_PER_SERVER")
    )
    person_per_minute: int = Field(default=40, ge=1, validation_alias=_named("BACKCHAT_PERSON_PER_MINUTE"))
    channel_per_minute: int = Field(default=600, ge=1, validation_alias=_named("BACKCHAT_CHANNEL_PER_MINUTE"))
    unasked_per_minute: int = Field(default=6, ge=1, validation_alias=_named("BACKCHAT_UNASKED_PER_MINUTE"))
    log_format: Literal["text", "json"] = Field(
        default="text", validation_alias=_named("BACKCHAT_LOG_FORMAT")
    )

    @field_validator("answers", mode="before")
    @classmethod
    def _split_folders(cls, value: object) -> object:
        """Folders are separated like PATH."""
        if isinstance(value, str):
            return tuple(Path(part) for part in value.split(os.pathsep) if part)
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(_DATABASES):
            msg = "sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE was wanted"
            raise ValueError(msg)
        return value

    @field_validator("discord_api")
    @classmethod
    def _plain_url(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            msg = "an address that starts with https:// or http:// was wanted"
            raise ValueError(msg)
        return value.rstrip("/")

    @property
    def limits(self) -> Limits:
        """What one job may use."""
        return Limits(wall_seconds=self.job_seconds, memory_mb=self.job_memory_mb)

    @property
    def quotas(self) -> Quotas:
        """What one person and one server may have under way."""
        return Quotas(per_person=self.requests_per_person, per_place=self.requests_per_server)

    @property
    def rates(self) -> Rates:
        """How often one person, and all in one channel, may ask."""
        return Rates(
            per_person=self.person_per_minute,
            per_channel=self.channel_per_minute,
            unasked=self.unasked_per_minute,
        )

    def token(self) -> str:
        """Return the Discord token, from the variable or the file.

        Raises:
            ConfigurationError: there is none, or it cannot be a token.
        """
        token = self.discord_token.get_secret_value() if self.discord_token else ""
        if not token and self.discord_token_file:
            try:
                token = self.discord_token_file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else "it is not text"
                msg = f"DISCORD_TOKEN_FILE names a file that cannot be read: {reason}."
                raise ConfigurationError(msg) from None
        token = token.strip()
        if not token:
            msg = (
                "The bot needs a Discord token; got none; set DISCORD_TOKEN, or DISCORD_TOKEN_FILE to a file "
                "that holds it (README: Put it on a Discord server)."
            )
            raise ConfigurationError(msg)
        if any(character.isspace() or not character.isprintable() for character in token):
            msg = "DISCORD_TOKEN is one word without spaces; got something else; copy it again."
            raise ConfigurationError(msg)
        return token


class _Given(Settings):
    """Settings from what is given alone: not from the process's environment, not from `.env`."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leave only the arguments."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        environment: instead of the process's own, for tests; `.env` is then ignored.

    Raises:
        ConfigurationError: with every variable that is wrong.
    """
    try:
        if environment is None:
            return Settings()
        given = {name: value for name, value in environment.items() if name in VARIABLES and value}
        return _Given.model_validate(given)
    except UnicodeDecodeError:
        msg = "The file .env is UTF-8 text; got something else; save it again as UTF-8."
        raise ConfigurationError(msg) from None
    except ValidationError as error:
        faults = "; ".join(_fault(detail) for detail in error.errors(include_url=False))
        msg = f"The configuration is wrong: {faults}; correct it in the environment or in .env."
        raise ConfigurationError(msg) from None


def _fault(detail: ErrorDetails) -> str:
    variable = str(detail["loc"][0])
    wanted = detail["msg"].removeprefix("Value error, ").split(", unable to")[0].lower()
    got = "" if any(word in variable.upper() for word in _SECRET) else f", got {detail['input']!r:.60}"
    return f"{variable}: {wanted}{got}"


VARIABLES = tuple(
    str(field.validation_alias.choices[0])
    for field in Settings.model_fields.values()
    if isinstance(field.validation_alias, AliasChoices)
)
"""The environment variables that are read."""
