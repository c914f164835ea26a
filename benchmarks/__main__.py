"""`python -m benchmarks`: list the benchmarks, or run one and print its table."""

from importlib import import_module
from typing import cast

import click

from benchmarks.command import COMMANDS, Benchmark
from benchmarks.timing import one_thread


@click.command(epilog="\b\n" + "\n".join(f"{each.name:15} {each.help}" for each in COMMANDS))
@click.argument("name", required=False, type=click.Choice([each.name for each in COMMANDS]))
@click.option("--rounds", type=click.IntRange(min=1), help="How often everyone takes a turn.")
@click.pass_context
def main(context: click.Context, name: str | None, rounds: int | None) -> None:
    """Run the benchmark NAME."""
    if name is None:
        click.echo(context.get_help())
        return
    chosen = next(each for each in COMMANDS if each.name == name)
    if chosen.one_thread:
        one_thread()
    from benchmarks.report import environment  # noqa: PLC0415  after the process is bound to a processor

    found = cast("Benchmark", import_module(f"benchmarks.{name}")).run(rounds or chosen.rounds)
    click.echo(f"{found}\n\n{environment()}")


if __name__ == "__main__":
    main()
