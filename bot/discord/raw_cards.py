"""Cards without files as the JSON of a request."""

from bot.discord.cards import Card

_COMPONENTS_V2 = 1 << 15


def to_json(card: Card) -> dict[str, object]:
    """Return the body of a request that sends a card, or turns a message into it."""
    return {
        "components": card.view.to_components(),
        "flags": _COMPONENTS_V2,
        "allowed_mentions": {"parse": []},
    }
