"""`python -m benchmarks`: list the benchmarks, or run one and print its table."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import cast

import click

from answers.errors import NoWeights
from benchmarks.command import COMMANDS, Benchmark, Command, QuestionBenchmark
from benchmarks.questions.labelled import NotLabelled
from benchmarks.timing import one_thread


@click.command(epilog="\b\n" + "\n".join(f"{each.name:22} {each.help}" for each in COMMANDS))
@click.argument("name", required=False, type=click.Choice([each.name for each in COMMANDS]))
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rounds", type=click.IntRange(min=1), help="How often everyone takes a turn.")
@click.option("--method", type=click.Choice(["minilm", "lexical"]), help="How `matching` compares texts.")
@click.pass_context
def main(
    context: click.Context, name: str | None, files: Sequence[Path], rounds: int | None, method: str | None
) -> None:
    """Run the benchmark NAME; `matching` asks the labelled questions of FILES, one JSON object a line."""
    if name is None:
        click.echo(context.get_help())
        return
    chosen = next(each for each in COMMANDS if each.name == name)
    if not chosen.asks and (files or method):
        raise click.UsageError(f"Only `matching` takes files and a method; got them for `{name}`.")
    if chosen.one_thread:
        one_thread()
    from benchmarks.report import environment  # noqa: PLC0415  after the process is bound to a processor

    click.echo(f"{_run(chosen, rounds or chosen.rounds, files, method)}\n\n{environment()}")


def _run(chosen: Command, rounds: int, files: Sequence[Path], method: str | None) -> str:
    module = import_module(chosen.module)
    if not chosen.asks:
        return cast("Benchmark", module).run(rounds)
    try:
        return cast("QuestionBenchmark", module).run(rounds, files, method)
    except (NotLabelled, NoWeights) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
