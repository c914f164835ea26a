"""What a job process runs: measure, then draw. JSON in, JSON and PNG out."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim import experiments, plots
from sim.reporting import Report
from sim.spec import Spec


def measure(request: Mapping[str, Any], report: Report) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Run one experiment and draw its cards.

    Args:
        request: what `sim.request.request` returns.
        report: called with the share of the work that is done and a few words.

    Returns:
        The measurements and, per theme, the titles, alternative texts and file names of the cards; and
        the cards' PNG files by name.
    """
    specs = [Spec.from_json(spec) for spec in request["specs"]]
    measurements = experiments.run(request["experiment"], specs, report)
    report(1.0, "drawing")
    cards: dict[str, list[dict[str, str]]] = {}
    files: dict[str, bytes] = {}
    for theme in request["themes"]:
        cards[theme] = []
        for number, plot in enumerate(plots.draw(measurements, theme), start=1):
            name = f"{request['experiment']}-{number}-{theme}.png"
            cards[theme].append({"file": name, "title": plot.title, "alt": plot.alt})
            files[name] = plot.png
    return {"measurements": measurements.to_json(), "cards": cards}, files


def measure_all(request: Mapping[str, Any], report: Report) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Run several experiments one after the other, for their numbers alone; what they share is computed once.

    Args:
        request: the `runs`, each as `sim.request.request` returns it.
        report: called with the share of the work that is done and a few words.

    Returns:
        The measurements of each; and no files.
    """
    runs: Sequence[Mapping[str, Any]] = request["runs"]
    found: list[Any] = []
    for number, one in enumerate(runs):
        specs = [Spec.from_json(spec) for spec in one["specs"]]

        def tell(fraction: float, text: str, number: int = number) -> None:
            report((number + fraction) / len(runs), text)

        found.append(experiments.run(one["experiment"], specs, tell).to_json())
    return {"measurements": found}, {}
