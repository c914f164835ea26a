"""The commands around simulations and the buttons on their cards."""

from typing import TYPE_CHECKING

from bot.discord.simulating.buttons import ExplainButton, TryButton
from bot.discord.simulating.compare import add_compare
from bot.discord.simulating.explain import add_explain
from bot.discord.simulating.simulate import add_simulate

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient


def add_simulating(client: "BackchatClient") -> None:
    """Register /simulate, /compare and /explain, and let their buttons work whenever they were sent."""
    for add in (add_simulate, add_compare, add_explain):
        add(client.tree)
    client.add_dynamic_items(ExplainButton, TryButton)
