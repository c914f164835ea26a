"""The answers of every server: shipped ones, those of folders, and over these what instructors taught."""

from bot.libraries.libraries import Libraries
from bot.libraries.library import Library
from bot.libraries.settings_memory import GuildSettingsMemory
from bot.libraries.trial import would_harm

__all__ = ["GuildSettingsMemory", "Libraries", "Library", "would_harm"]
