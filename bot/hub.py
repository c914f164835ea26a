"""What serves everybody: one engine, one database, and for every server its library and all around it."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.inbox.post import Post
from bot.libraries import Libraries, Library
from bot.reports import Reports
from bot.service import Service
from bot.storage.errors import StorageError
from bot.storage.guild_settings import GuildSettings
from bot.storage.opening import Storage
from bot.storage.people import Signed
from bot.teaching.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """All that a front needs; what belongs to a server is asked for with its id, None is a direct message."""

    service: Service
    """With the library of all, as it was at the start; `service_at` has the one that counts now."""
    storage: Storage
    libraries: Libraries
    desk: Desk
    post: Post
    reports: Reports = field(default_factory=Reports)
    """What is wrong with answers, for who tells instructors."""

    async def service_at(self, guild: str | None) -> Service:
        """Return what answers in a server: at once, except for the first question after a start."""
        return self._with(await self.libraries.at(guild))

    def service_of(self, guild: str | None) -> Service:
        """Return what answers in a server at once; one that was not asked yet has the library of all."""
        return self._with(self.libraries.of(guild))

    async def settings_at(self, guild: str | None) -> GuildSettings:
        """Return what a server has decided; it never waits long."""
        return await self.libraries.settings.at(guild)

    async def change_settings(
        self, guild: str, changes: Mapping[str, Any], *, seen: GuildSettings, by: Signed
    ) -> GuildSettings:
        """Change some settings, for everybody at once.

        Raises:
            Unstorable: there is no such setting, or it has no such value.
            SettingConflict: somebody else changed one of them since they were seen.
        """
        after = await self.storage.settings.change(guild, changes, seen=seen, by=by)
        self.libraries.settings.put(guild, after)
        if "caution" in changes:
            with contextlib.suppress(StorageError):  # it is saved, and read again as soon as that is possible
                await self.libraries.refresh(guild)
        return after

    def _with(self, library: Library) -> Service:
        return replace(
            self.service, catalog=library.catalog, matcher=library.matcher, caution=library.caution
        )
