"""Draw how many questions were asked in each week, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sim.measurements import Array
from sim.plots.card import Card
from sim.plots.conditions import fit_title
from sim.plots.dealing import bounded
from sim.plots.frame import Frame
from sim.plots.labels import Label
from sim.plots.lines import Line, draw_line, pen_of
from sim.plots.pixels import PANEL
from sim.plots.plain_scales import linear_scale
from sim.plots.plot import Plot
from sim.plots.scales import Scale
from sim.plots.spread import Spread
from sim.plots.theme import Theme
from sim.plots.wording import count, share

_SERIES = (("answered", "answered"), ("several offered", "offered"), ("no answer", "silent"))
_LEAST = 5.0  # questions that the axis reaches to, so that its ticks are whole numbers
_MOST_TICKS = 5
_YEAR = 52  # weeks from which the ticks say the year
_ROOM = 0.06  # share of the axis that is kept free at both ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The questions of one week."""

    monday: date
    answered: int
    offered: int
    silent: int

    @property
    def asked(self) -> int:
        """All of them."""
        return self.answered + self.offered + self.silent


def draw_weeks(weeks: Sequence[Week], today: date, theme: Theme) -> Plot:
    """Draw a card of weeks that follow each other."""
    card = compose_weeks(weeks, today, theme)
    return Plot(title=card.frame.title, png=card.png(), alt=alt_of(weeks, today))


def compose_weeks(weeks: Sequence[Week], today: date, theme: Theme) -> Card:
    """Set up the card, with every mark and label but not yet drawn."""
    values = [np.array([getattr(week, name) for week in weeks], dtype=np.float64) for _, name in _SERIES]
    card = Card(
        theme=theme,
        frame=Frame(
            title=title_of(weeks),
            quantity="questions in a week",
            x_label="week, by its Monday",
            footer=_footer(weeks, today),
            x=_across(weeks),
            y=linear_scale([*values, np.array([0.0, _LEAST])]),
        ),
    )
    asked = sum(week.asked for week in weeks)
    if not asked:
        middle = np.array([[(PANEL.left + PANEL.right) / 2, (PANEL.bottom + PANEL.top) / 2]])
        card.labels.append(Label.plain("Nobody has asked anything yet.", theme.muted, middle))
        return card
    x = np.arange(len(weeks), dtype=np.float64)
    for place, ((name, _), y) in enumerate(zip(_SERIES, values, strict=True)):
        beside = f"{y.sum():,.0f} ({share(float(y.sum()) / asked)})"
        draw_line(card, Line(name=name, spread=_exactly(x, y), pen=pen_of(theme, place), beside=beside))
    return card


def title_of(weeks: Sequence[Week]) -> str:
    """State which share was answered."""
    asked, answered = sum(week.asked for week in weeks), sum(week.answered for week in weeks)
    if not asked:
        return "No questions yet"
    if asked == 1:
        return f"One question, {'answered' if answered else 'not answered'}"
    many = count(asked, "question")
    if answered == asked:
        return fit_title([f"All of {many} were answered", "All questions were answered"])
    if not answered:
        return fit_title([f"None of {many} was answered", "No question was answered"])
    part = share(answered / asked)
    return fit_title([f"{part} of {many} were answered", f"{part} of the questions were answered"])


def alt_of(weeks: Sequence[Week], today: date) -> str:
    """Describe the card: kind and axes, what became of the questions, the busiest week, the span."""
    asked = sum(week.asked for week in weeks)
    if not asked:
        return "Line chart of the questions in each week: there were none."
    sums = {name: sum(getattr(week, attribute) for week in weeks) for name, attribute in _SERIES}
    parts = [f"{name}: {number:,} ({share(number / asked)})" for name, number in sums.items()]
    busiest = max(weeks, key=lambda week: week.asked)
    spans = f"each of {len(weeks)} weeks" if len(weeks) > 1 else "one week"
    peak = f"Most in one week: {busiest.asked:,}, from {_day(busiest.monday)}"
    return bounded(
        [
            f"Line chart of the questions in {spans}: {count(asked, 'question')}.",
            f"Of these {', '.join(parts)}.",
            f"{peak}; in the last one: {weeks[-1].asked:,}." if len(weeks) > 1 else "",
            f"{_footer(weeks, today)}.",
        ]
    )


def _exactly(x: Array, y: Array) -> Spread:
    return Spread(x=x, median=y, low=y, high=y, replicas=1)


def _across(weeks: Sequence[Week]) -> Scale:
    last = max(len(weeks) - 1, 0)
    room = max(last, 1) * _ROOM / (1 - 2 * _ROOM) if last else 1.0
    step = max(1, -(-last // (_MOST_TICKS - 1)))
    long = len(weeks) > _YEAR
    ticks = tuple(
        (float(place), f"{weeks[place].monday:%b %Y}" if long else _brief(weeks[place].monday))
        for place in range(0, len(weeks), step)
    )
    return Scale(low=-room, high=last + room, ticks=ticks, to=np.asarray)


def _footer(weeks: Sequence[Week], today: date) -> str:
    if not weeks:
        return f"as of {_day(today)}"
    last = weeks[-1].monday + timedelta(days=6)
    which = "the last one is" if len(weeks) > 1 else "which is"
    unfinished = f", {which} not over" if weeks[-1].monday <= today < last else ""
    return f"{count(len(weeks), 'week')}, {_day(weeks[0].monday)} to {_day(min(last, today))}{unfinished}"


def _brief(day: date) -> str:
    return f"{day.day} {day:%b}"


def _day(day: date) -> str:
    return f"{_brief(day)} {day.year}"
