"""What a job process runs for one paper. JSON in, JSON and PNG out."""

from collections.abc import Mapping
from typing import Any

from sim import experiments, papers, plots
from sim.reporting import Report
from sim.spec import parse_variants
from sim.support import natural

_MEASURED = 0.9  # of the work, where a plot follows


def reproduce(request: Mapping[str, Any], report: Report) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Measure one paper, and draw the first of its configurations if a theme is named.

    Args:
        request: the `name` of the paper, and the `theme` of the plot or None.
        report: called with the share of the work that is done and a few words.

    Returns:
        The reproduction as JSON, with the version of torch that measured it, and the plots by file name.
    """
    name, theme = request["name"], request["theme"]
    share = _MEASURED if theme else 1.0
    found = papers.reproduce(name, lambda done, text: report(share * done, text))
    files: dict[str, bytes] = {}
    if theme:
        report(share, "drawing")
        specs = parse_variants(found.runs[0])
        measured = experiments.run(natural(specs), specs, lambda _done, _text: None)
        for number, plot in enumerate(plots.draw(measured, theme), start=1):
            files[f"{name}.png" if number == 1 else f"{name}-{number}.png"] = plot.png
    import torch  # noqa: PLC0415  the names of the papers are needed where torch is not

    data = found.to_json() | {"torch": torch.__version__, "threads": torch.get_num_threads()}
    return data, files
