"""`backchat simulate`: run a configuration in the terminal."""

import asyncio
import json
import textwrap
from pathlib import Path

import click

from bot import config
from bot.cli.files import PlotFile, require_target, write_images
from bot.cli.session import end_progress, open_service, show_progress
from bot.reply import SimulationReply
from sim.asked import read_simulation
from sim.script import SCRIPTED, require_scripted, script
from sim.support import EXPERIMENTS, natural, require_runnable

_WIDTH = 88
# A line of \b alone tells click to keep the line breaks of what follows.
_HELP = """Run SPEC, or several as "SPEC vs SPEC", and report what was measured.

\b
For example:  backchat simulate "depth=30 sigmoid vs relu he" --plot plot.png
              backchat simulate "sigmoid 10x32 steps=300 vs relu he" --plot training.png
              backchat simulate "sigmoid 10x32 steps=300 experiment=learning_rate"
"""


@click.command("simulate", help=_HELP)
@click.argument("spec", nargs=-1, required=True)
@click.option(
    "--experiment",
    type=click.Choice(EXPERIMENTS),
    help="What to measure, as experiment=NAME in SPEC; by default, what suits the configuration.",
)
@click.option("--plot", type=PlotFile(path_type=Path), help="Where the plot goes.")
@click.option("--theme", type=click.Choice(["dark", "light"]), help="Colours of the plot. [default: dark]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--code",
    "as_code",
    is_flag=True,
    help=f"Print a PyTorch script of the same networks, for {', '.join(SCRIPTED)}.",
)
def command(  # noqa: PLR0913  one parameter per option
    spec: tuple[str, ...],
    experiment: str | None,
    plot: Path | None,
    theme: str | None,
    *,
    as_json: bool,
    as_code: bool,
) -> None:
    """Run configurations in the terminal."""
    text = " ".join(spec)
    if as_code and (as_json or plot or theme):
        msg = "--code prints a script and runs nothing; got it with --json, --plot or --theme; leave one out."
        raise click.UsageError(msg)
    if theme and not plot and not as_json:
        msg = f"--theme colours a plot; got --theme {theme} without --plot; add --plot plot.png, or leave "
        raise click.UsageError(msg + "--theme out.")
    if as_code:
        click.echo(_code(text, experiment))
        return
    if plot:
        require_target(plot)
    reply = asyncio.run(_simulate(text, experiment, theme or "dark"))
    written = write_images(reply.images, plot) if plot else []
    if as_json:
        click.echo(json.dumps(reply.document, ensure_ascii=False, allow_nan=False))
    else:
        click.echo(_text(reply, written))


async def _simulate(text: str, experiment: str | None, theme: str) -> SimulationReply:
    async with open_service(config.load()) as service:
        try:
            return await service.simulate(text, experiment=experiment, theme=theme, on_status=show_progress)
        finally:
            end_progress()


def _code(text: str, experiment: str | None) -> str:
    chosen, specs = read_simulation(text, experiment)
    # Of what nobody named the specs say why there is no script.
    require_scripted(None if chosen == natural(specs) else chosen, specs)
    require_runnable(chosen, specs)
    return "\n\n".join(script(spec).rstrip() for spec in specs)


def _text(reply: SimulationReply, written: list[Path]) -> str:
    lines = [click.style(reply.title, bold=True), ""]
    for line in reply.lines:
        lines += [line.label, *(_wrap(measured) for measured in line.lines), f"  {line.spec}", ""]
    if written:
        lines.append(f"Plot: {', '.join(str(path) for path in written)}")
    else:
        code = ", --code for a script" if reply.document["experiment"] in SCRIPTED else ""
        lines.append(f"Add --plot FILE for the plot, --json for every number{code}.")
    return "\n".join(lines)


def _wrap(line: str) -> str:
    return textwrap.fill(line, width=_WIDTH, initial_indent="  ", subsequent_indent="    ")
