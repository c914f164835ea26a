"""The options of `/simulate`, made from the rows of the vocabulary: nothing of them is said twice."""

import inspect
from typing import Any

import discord
from discord import app_commands

from bot.discord.limits import cut
from sim.asked import KEY
from sim.knobs import Choice, Knob
from sim.support import EXPERIMENTS
from sim.vocabulary import BY_KEY
from sim.words import MAX_TEXT

TYPED = (
    *("arch", "depth", "width", "activation", "init", "norm", "skip"),
    *("steps", "lr", "optimizer", "momentum", "data", "loss", "batch", "seeds", "precision"),
    *("gain", "order", "residual_scale", "forget_bias", "input_scale", "clip"),
)
"""The knobs with an option of their own; Discord takes 25 options, so the rarer ones are words only."""
_DESCRIPTION = 100
SPEC = "spec"
PRIVATE = "private"


def signature() -> inspect.Signature:
    """Return the parameters that discord.py makes the options of."""
    empty = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [
        inspect.Parameter("interaction", empty, annotation=discord.Interaction),
        _optional(SPEC, app_commands.Range[str, 1, MAX_TEXT]),
        *(_optional(key, _type(BY_KEY[key])) for key in TYPED),
        _optional(KEY, str),
        _optional(PRIVATE, bool),
    ]
    return inspect.Signature(parameters)


def descriptions() -> dict[str, str]:
    """Return what is shown beside each option."""
    return {
        SPEC: "In words, for example: depth=30 sigmoid vs relu he; other options are added to it",
        **{key: cut(_description(BY_KEY[key]), _DESCRIPTION) for key in TYPED},
        KEY: "What to measure; without it, what suits the networks",
        PRIVATE: "Only you see the result",
    }


def choices() -> dict[str, list[app_commands.Choice[str]]]:
    """Return the words to choose from, where an option takes no others."""
    words = {key: knob.words for key in TYPED if isinstance(knob := BY_KEY[key], Choice)}
    return {
        key: [app_commands.Choice(name=word, value=word) for word in known]
        for key, known in {**words, KEY: EXPERIMENTS}.items()
    }


def _optional(name: str, type_: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=type_ | None
    )


def _type(knob: Knob) -> Any:
    if isinstance(knob, Choice):
        return str
    # A bound that is itself not allowed has no place in Discord's range; the grammar has a sentence for it.
    if knob.whole:
        return app_commands.Range[int, int(knob.low), int(knob.high)]
    return app_commands.Range[float, float(knob.low), float(knob.high)]


def _description(knob: Knob) -> str:
    text = knob.help[0].upper() + knob.help[1:]
    # Of words the default depends on the architecture.
    number = not isinstance(knob, Choice) and knob.default is not None
    return f"{text}; else {knob.format(knob.default)}" if number else text
