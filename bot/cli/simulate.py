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
from sim.support import require_runnable


@click.command("simulate")
@click.argument("spec", nargs=-1, required=True)
@click.option("--plot", type=click.Path(path_type=Path), help="Where the plot goes.")
@click.option("--theme", type=click.Choice(["dark", "light"]), default="dark", help="Colours of the plot.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--code", "as_code", is_flag=True, help="Print a PyTorch script that gives the same numbers.")
def command(spec: tuple[str, ...], plot: Path | None, theme: str, *, as_json: bool, as_code: bool) -> None:
    """Run SPEC, or several as "SPEC vs SPEC", and report the gradient by layer.

    For example:  backchat simulate "depth=30 sigmoid vs relu he" --plot plot.png
    """
    text = " ".join(spec)
    if as_code and (as_json or plot):
        msg = "--code prints a script and runs nothing; got it with --json or --plot; leave one out."
        raise click.UsageError(msg)
    if as_code:
        click.echo(_code(text))
        return
    if plot:
        require_target(plot)
    reply = asyncio.run(_simulate(text, theme))
    written = write_images(reply.images, plot) if plot else []
    if as_json:
        click.echo(json.dumps(reply.document, ensure_ascii=False, allow_nan=False))
    else:
        click.echo(_text(reply, written))


async def _simulate(text: str, theme: str) -> SimulationReply:
    async with open_service(config.load()) as service:
        try:
            return await service.simulate(text, theme=theme, on_progress=show_progress)
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
    factor = "undefined (fewer than two usable layers)" if line.factor is None else f"{line.factor:.4f}"
    theory = "" if line.theory is None else f"   theory {line.theory:.4f}"
    described = [line.label, f"  factor per layer {factor}{theory}", f"  {line.spec}"]
    return [*described, f"  {line.note}"] if line.note else described
