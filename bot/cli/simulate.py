"""`backchat simulate`: run a configuration in the terminal."""

import asyncio
import json
from pathlib import Path

import click

from bot import config
from bot.cli.files import require_target, write_images
from bot.cli.session import end_progress, open_service, show_progress
from bot.reply import SimulationReply, VariantLine
from sim.script import script
from sim.spec import parse_variants
from sim.support import EXPERIMENTS, require_runnable


@click.command("simulate")
@click.argument("spec", nargs=-1, required=True)
@click.option(
    "--experiment",
    type=click.Choice(EXPERIMENTS),
    help="What to measure; by default, what suits the configuration.",
)
@click.option("--plot", type=click.Path(path_type=Path), help="Where the plot goes.")
@click.option("--theme", type=click.Choice(["dark", "light"]), default="dark", help="Colours of the plot.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--code", "as_code", is_flag=True, help="Print a PyTorch script that gives the same numbers.")
def command(  # noqa: PLR0913  one parameter per option
    spec: tuple[str, ...],
    experiment: str | None,
    plot: Path | None,
    theme: str,
    *,
    as_json: bool,
    as_code: bool,
) -> None:
    r"""Run SPEC, or several as "SPEC vs SPEC", and report the gradient by layer.

    \b
    For example:  backchat simulate "depth=30 sigmoid vs relu he" --plot plot.png
                  backchat simulate "sigmoid 10x32 steps=300 vs relu he" --plot training.png
                  backchat simulate "sigmoid 10x32 steps=300" --experiment learning_rate
    """
    text = " ".join(spec)
    if as_code and (as_json or plot or experiment):
        msg = "--code prints a script and runs nothing; got it with --json, --plot or --experiment; "
        msg += "leave one out."
        raise click.UsageError(msg)
    if as_code:
        click.echo(_code(text))
        return
    if plot:
        require_target(plot)
    reply = asyncio.run(_simulate(text, experiment, theme))
    written = write_images(reply.images, plot) if plot else []
    if as_json:
        click.echo(json.dumps(reply.document, ensure_ascii=False, allow_nan=False))
    else:
        click.echo(_text(reply, written))


async def _simulate(text: str, experiment: str | None, theme: str) -> SimulationReply:
    async with open_service(config.load()) as service:
        try:
            return await service.simulate(text, experiment=experiment, theme=theme, on_progress=show_progress)
        finally:
            end_progress()


def _code(text: str) -> str:
    specs = parse_variants(text)
    require_runnable("gradients", specs)
    return "\n\n".join(script(spec).rstrip() for spec in specs)


def _text(reply: SimulationReply, written: list[Path]) -> str:
    lines = [click.style(reply.title, bold=True), ""]
    for line in reply.lines:
        lines += [*_describe(line), ""]
    if written:
        lines.append(f"Plot: {', '.join(str(path) for path in written)}")
    else:
        lines.append("Add --plot FILE for the plot, --json for every layer's numbers, --code for a script.")
    return "\n".join(lines)


def _describe(line: VariantLine) -> list[str]:
    described = [line.label, f"  {line.spec}"]
    if line.by_layer:
        factor = "undefined (fewer than two usable layers)" if line.factor is None else f"{line.factor:.4f}"
        theory = "" if line.theory is None else f"   theory {line.theory:.4f}"
        described.insert(1, f"  factor per layer {factor}{theory}")
    return [*described, f"  {line.note}"] if line.note else described
