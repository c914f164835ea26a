"""People who act by a timetable, and what each of them saw when: for measurements from another process.

All times are those of the monotonic clock, which on Linux all processes share.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .handles import Interaction, Posted
from .ids import STUDENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .handles import Sent
    from .payloads import Json
    from .server import DiscordDouble

_PRESS_SECONDS = 60


@dataclass(slots=True, kw_only=True)
class Act:
    """What one person did."""

    said: Json
    at: float
    handle: Interaction | Posted

    @property
    def shown(self) -> Sequence[Sent]:
        """Everything that was shown for it, in order."""
        return self.handle.first if isinstance(self.handle, Interaction) else self.handle.replies

    def is_open(self, unfinished: str) -> bool:
        """Tell whether nothing, or only a message with an `unfinished` control, is shown yet."""
        return not self.shown or any(id_.startswith(unfinished) for id_ in self.shown[-1].custom_ids)

    def report(self) -> Json:
        """Say what was seen and when."""
        seen = [
            {
                "at": sent.request.at,
                "id": sent.message["id"],
                "text": sent.text,
                "files": sorted(sent.files),
                "controls": sent.custom_ids,
                "ephemeral": sent.ephemeral,
            }
            for sent in self.shown
        ]
        found: Json = {"act": self.said, "asked_at": self.at, "shown": seen}
        if isinstance(self.handle, Interaction):
            found["acknowledged_at"] = self.handle.acknowledged_at
        return found


@dataclass(slots=True)
class Play:
    """Everything that was done so far."""

    double: DiscordDouble
    acts: dict[int, Act] = field(default_factory=dict[int, Act])

    async def perform(self, acts: Sequence[Json]) -> None:
        """Do each thing at its own time, `at` seconds from now."""
        first, start = len(self.acts), asyncio.get_running_loop().time()
        await asyncio.gather(*(self._act(first + number, start, said) for number, said in enumerate(acts)))

    async def settle(self, unfinished: str, seconds: float) -> int:
        """Wait until nothing is open, at most this long, and count what still is."""
        count = lambda: sum(act.is_open(unfinished) for act in self.acts.values())  # noqa: E731 - used twice
        try:
            await self.double.until(lambda: count() == 0, timeout=seconds)
        except TimeoutError:
            return count()
        return 0

    def report(self) -> Json:
        """Say what everybody saw, and list all requests."""
        requests = [
            {"method": one.method, "path": one.path, "at": one.at, "status": one.status}
            for one in self.double.requests
        ]
        acts = [act.report() for _, act in sorted(self.acts.items())]
        return {
            "acts": acts,
            "requests": requests,
            "problems": self.double.problems(),
            "identified": self.double.sessions["IDENTIFY"],
        }

    async def _act(self, number: int, start: float, said: Json) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(start + said.get("at", 0.0) - loop.time())
        user = said.get("user", STUDENT)
        if said["do"] == "press":
            # The message has first to be there.
            await self._press(number, said, user)
            return
        at = self.double.world.clock()
        handle: Interaction | Posted
        if said["do"] == "autocomplete":
            handle = await self.double.autocomplete(
                said["name"], said["options"], focused=said["focused"], user_id=user
            )
        elif said["do"] == "slash":
            handle = await self.double.slash(said["name"], said.get("options", {}), user_id=user)
        else:
            handle = await self.double.mention(
                said["text"], user_id=user, guild=not said.get("private", False)
            )
        self.acts[number] = Act(said=said, at=at, handle=handle)

    async def _press(self, number: int, said: Json, user: int) -> None:
        def find() -> tuple[Sent, str] | None:
            act = self.acts.get(said["of"])
            shown: Any = act.shown[-1] if act and act.shown else None
            ids = [id_ for id_ in shown.custom_ids if id_.startswith(said["control"])] if shown else []
            return (shown, ids[0]) if ids else None

        shown, control = await self.double.world.changes.until(
            find, _PRESS_SECONDS, lambda: f"a control {said['control']} of act {said['of']}"
        )
        at = self.double.world.clock()
        handle = await self.double.press(control, shown, user_id=user)
        self.acts[number] = Act(said=said, at=at, handle=handle)
