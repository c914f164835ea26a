"""The two sets of colours a card can have.

Measured: text at least 14.8:1 and series at least 5:1 on the card; the smallest distance between
two series under protan, deutan and tritan vision is 40 (ΔE76).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colours of a card, each as #RRGGBB; `series` is the focus first, then the context."""

    name: str
    card: str
    text: str
    muted: str
    grid: str
    band: str
    series: tuple[str, str, str]


DARK = Theme(
    name="dark",
    card="#1E1F22",
    text="#F2F3F5",
    muted="#B5BAC1",
    grid="#3A3C42",
    band="#33363C",
    series=("#FFA94D", "#5FE3E0", "#A78BFF"),
)
LIGHT = Theme(
    name="light",
    card="#FFFFFF",
    text="#17181B",
    muted="#4E5158",
    grid="#DFE1E5",
    band="#E9EBEE",
    series=("#B45309", "#00788A", "#7B2FE0"),
)


def theme_named(name: str) -> Theme:
    """Return the theme called "dark" or "light"; raise ValueError for any other name."""
    for theme in (DARK, LIGHT):
        if theme.name == name:
            return theme
    msg = f"A theme is dark or light; got {name!r}."
    raise ValueError(msg)
