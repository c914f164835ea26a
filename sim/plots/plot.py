"""A finished picture: what it says, its pixels, and the same in words."""

from dataclasses import dataclass

MAX_ALT = 1_024  # characters, Discord's limit for the description of an attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One card: the finding as its title, a PNG, and an alternative text for who cannot see it."""

    title: str
    png: bytes
    alt: str
