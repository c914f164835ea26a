"""What is posted in a server that has just let the bot in."""

from discord import ui

from bot.discord.cards import Card, boxed
from bot.discord.help.first_buttons import SetUpButton, SkipButton
from bot.discord.translating import marked, say

_HELLO = marked(
    "## Hello\nI answer questions about training deep networks by running the network. Ask with `/ask`, or "
    "mention me; `/help` shows the rest."
)
_DECIDE = marked(
    "**For who runs this server**\n"
    "- Roles: who the instructors and their assistants are\n"
    "- Channels: where I answer, and where I say nothing\n"
    "- Answers: who sees them, and how sure I have to be\n"
    "Until then I answer whoever asks me, wherever I may write."
)
_WHO = marked(
    "-# **Set up** needs Manage Server; the card it opens is seen by you alone, and this post goes. "
    "`/settings` opens the same card at any time."
)


def first_card() -> Card:
    """Make the card, with its buttons."""
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    row.add_item(SetUpButton()).add_item(SkipButton())
    return Card(view=boxed([ui.TextDisplay(say(text)) for text in (_HELLO, _DECIDE, _WHO)], row))
