"""What a job process runs to draw how much was asked. JSON in, JSON and a PNG out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sim.plots import theme_named
from sim.plots.asked import Week, draw_weeks
from sim.reporting import Report


def draw(request: Mapping[str, Any], report: Report) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Draw one card.

    Args:
        request: the `theme`; the `weeks`, each its Monday and how many questions were answered, offered
            several answers, and left without one; and `today`.
        report: called with the share of the work that is done and a few words.

    Returns:
        The file name, title and alternative text of the card, and the PNG by its name.
    """
    report(0.0, "drawing")
    weeks = [
        Week(monday=date.fromisoformat(monday), answered=answered, offered=offered, silent=silent)
        for monday, answered, offered, silent in request["weeks"]
    ]
    plot = draw_weeks(weeks, date.fromisoformat(request["today"]), theme_named(request["theme"]))
    name = f"questions-{request['theme']}.png"
    return {"file": name, "title": plot.title, "alt": plot.alt}, {name: plot.png}
