"""What somebody wants to see of the statistics; the ids of the controls on the card say all of it."""

import re
from dataclasses import dataclass, replace
from typing import Literal, cast

from bot.statistics.report import MOST_WEEKS
from bot.storage.guild_settings import Theme

TEMPLATE = r"(?P<weeks>\d{1,2}):(?P<theme>dark|light)"
"""As part of a custom id."""

_CHOICES = (4, 8, 16, 26, MOST_WEEKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """So many weeks, drawn in a theme."""

    weeks: int
    theme: Theme

    @classmethod
    def of(cls, match: re.Match[str]) -> "Asked":
        """Read what was written into a custom id."""
        return cls(weeks=int(match["weeks"]), theme=Theme(cast('Literal["dark", "light"]', match["theme"])))

    def __str__(self) -> str:
        return f"{self.weeks}:{self.theme}"

    @property
    def turned(self) -> "Asked":
        """The same in the other theme."""
        return replace(self, theme=Theme.LIGHT if self.theme is Theme.DARK else Theme.DARK)

    @property
    def choices(self) -> tuple[int, ...]:
        """Numbers of weeks to choose from, the present one among them."""
        return tuple(sorted({*_CHOICES, self.weeks}))
