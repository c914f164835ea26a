"""The command `backchat`: every error a person can mend is one sentence on stderr and an exit code."""

import importlib
import logging
import sys
from collections.abc import Mapping

import click

from bot.cli.exits import report_error
from bot.memory import in_one_go

_COMMANDS: Mapping[str, str] = {
    "ask": "answer a question with a plot",
    "simulate": "run a configuration",
    "match": "match questions to answers, JSON lines in and out",
    "check": "validate answers and run their claims",
    "new": "write the first version of an answer",
    "gallery": "write every answer with its plots into one page",
    "papers": "measure the numbers of published papers again",
    "run": "run the Discord bot",
    "db": "upgrade, back up and restore the database",
}


class _Commands(click.Group):
    """Subcommands that are imported when they are named: `ask` does not load Discord."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        with in_one_go():
            module = importlib.import_module(f"bot.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backchat", prog_name="backchat")
def cli() -> None:
    """Answer deep-learning questions by running the network they are about.

    Start with:  backchat ask "But is it a problem of backpropagation itself?"
    """


def main() -> None:
    """Run the command line and exit."""
    # A command says itself how its run ended; without a handler Python would print the log's line, too.
    logging.getLogger("bot.jobs.service").addHandler(logging.NullHandler())
    try:
        code = cli.main(standalone_mode=False, prog_name="backchat")
    except BaseException as error:  # noqa: BLE001  the one place where errors become exit codes
        sys.exit(report_error(error))
    sys.exit(code if isinstance(code, int) else 0)
