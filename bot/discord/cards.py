"""Replies as Components V2 cards."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import discord
from discord import ui

from answers.entry import Source
from answers.pipeline import HOLDING, INSTEAD
from bot.discord.choices import AnswerButton
from bot.discord.limits import ALT_TEXT, ATTACHMENTS, CARD_TEXT, GALLERY_ITEMS, cut, fit
from bot.reply import (
    AnswerReply,
    AskReply,
    Image,
    OfferReply,
    PartReply,
    RemarkReply,
    Script,
    SilentReply,
    SimulationReply,
    VariantLine,
)

Item = ui.Item[ui.LayoutView]

NOBODY = discord.AllowedMentions.none()
"""Whom a card calls, whatever it quotes."""
_ACCENT = discord.Colour.from_str("#FFA94D")
"""The colour of the focus series on the plots."""

_MISSING = "-# Discord did not take the files of this answer; ask again, or for fewer runs at once."

# What an answer's parts may take of a card; the shipped ones stay far below.
_SHORT, _NOTE, _CLAIMS, _TAIL, _SOURCES = 800, 300, 1_500, 1_200, 2_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A message: its components, the images they show and the code they hand out."""

    view: ui.LayoutView
    images: tuple[Image, ...] = field(default=())
    scripts: tuple[Script, ...] = field(default=())

    def files(self) -> list[discord.File]:
        """Open the files for one upload; a file object can be sent only once."""
        images = [discord.File(io.BytesIO(image.png), image.name) for image in self.images]
        return images + [discord.File(io.BytesIO(one.text.encode()), one.name) for one in self.scripts]


def to_card(reply: AskReply | SimulationReply) -> Card:
    """Turn any reply into a card within Discord's limits."""
    match reply:
        case AnswerReply():
            return _answer(reply)
        case OfferReply():
            return _offer(reply)
        case SilentReply():
            return _silent(reply)
        case PartReply():
            return _part(reply)
        case RemarkReply():
            return text_card(reply.text)
        case SimulationReply():
            return _simulation(reply)


def text_card(text: str) -> Card:
    """Make a card of one text."""
    return Card(view=boxed([ui.TextDisplay(cut(text, CARD_TEXT))]))


def without_files(card: Card) -> Card:
    """Make the same card without its pictures and its code, which says that they are missing."""
    texts = [item.content for item in card.view.walk_children() if isinstance(item, ui.TextDisplay)]
    rows = [item for item in card.view.children if isinstance(item, ui.ActionRow)]
    room = CARD_TEXT - len(_MISSING)
    shown: list[Item] = []
    for text in texts:
        if room > 0:
            shown.append(ui.TextDisplay(cut(text, room)))
        room -= len(text)
    return Card(view=boxed([*shown, ui.TextDisplay(_MISSING)], *rows))


def _answer(reply: AnswerReply) -> Card:
    note = f"\n-# {cut(reply.note, _NOTE)}" if reply.note else ""
    closer = f"\n-# More exactly about this: *{reply.closer.title}* (button below)" if reply.closer else ""
    head = f"## {reply.title}\n**{cut(reply.short, _SHORT)}**{note}{closer}"
    parts: list[str] = []
    left = _CLAIMS
    for title, verdicts in ((HOLDING, reply.holding), (INSTEAD, reply.failing)):
        if shown := fit([f"- {verdict.text}" for verdict in verdicts], left):
            parts.append(f"**{title}**\n" + "\n".join(shown))
            left -= len(parts[-1])
    claims = "\n".join(parts)
    sources = "-# Sources: " + " · ".join(_linked(source) for source in reply.sources)
    tries = "\n".join(f"-# Try `/simulate spec:{spec}`" for spec in reply.try_next)
    tail = cut("\n".join(part for part in (tries, sources) if part), _TAIL)
    body = [*reply.body.split("\n\n")]
    if reply.misconception:
        body.append(f"**A common misconception.** {reply.misconception}")
    # The explanation gives way first: the finding, its evidence and its sources always fit.
    room = CARD_TEXT - len(head) - len(claims) - len(tail)
    explanation = "\n\n".join(fit(body, room))
    # One picture per run: a phone shows the others below one another for ever.
    images = tuple(image for image in reply.images if image.leading)[:GALLERY_ITEMS]
    items: list[Item] = [ui.TextDisplay(head), *_gallery(images)]
    items += [ui.TextDisplay(text) for text in (claims, explanation, tail) if text]
    return Card(view=boxed(items, *_see_also(reply)), images=images)


def _see_also(reply: AnswerReply) -> list[Item]:
    if not reply.see_also:
        return []
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for pointer in reply.see_also:
        row.add_item(AnswerButton(pointer.id, pointer.title))
    return [row]


def _part(reply: PartReply) -> Card:
    head = f"## {reply.title}"
    sources = cut("\n".join(f"- {source.authors}: {_linked(source)}" for source in reply.sources), _SOURCES)
    text = "\n\n".join(fit(reply.text.split("\n\n"), CARD_TEXT - len(head) - len(sources) - 4))
    body = "\n".join(part for part in (head, text, sources) if part)
    scripts = reply.scripts[:ATTACHMENTS]
    files: list[Item] = [ui.File(f"attachment://{script.name}") for script in scripts]
    return Card(view=boxed([ui.TextDisplay(body), *files]), scripts=scripts)


def _linked(source: Source) -> str:
    return f"[{cut(source.title, 80)}]({source.link}) ({source.year})"


def _simulation(reply: SimulationReply) -> Card:
    lines = [f"## {reply.title}", *map(_described, reply.lines)]
    specs = "\n".join(f"-# `{line.spec}`" for line in reply.lines)
    items: list[Item] = [ui.TextDisplay(cut("\n".join(lines), CARD_TEXT // 2)), *_gallery(reply.images)]
    items.append(ui.TextDisplay(cut(specs, CARD_TEXT // 2)))
    return Card(view=boxed(items), images=reply.images[:GALLERY_ITEMS])


def _described(line: VariantLine) -> str:
    """Write the main line beside the name, all others below it."""
    main, *more = line.lines
    return "\n  ".join([f"- {line.label}: {main}", *more])


def _offer(reply: OfferReply) -> Card:
    text = f"Did you mean one of these? You asked: *{cut(_quiet(reply.question), 300)}*"
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for candidate in reply.candidates:
        row.add_item(AnswerButton(candidate.id, candidate.title, reply.knobs.get(candidate.id, "")))
    return Card(view=boxed([ui.TextDisplay(text)], row))


def _silent(reply: SilentReply) -> Card:
    known = "\n".join(f"- {title}" for title in reply.known)
    return text_card(f"I have no answer to that. Some questions I can answer:\n{known}")


def _gallery(images: Sequence[Image]) -> list[Item]:
    if not images:
        return []
    items = [
        discord.MediaGalleryItem(f"attachment://{image.name}", description=cut(image.alt, ALT_TEXT))
        for image in images[:GALLERY_ITEMS]
    ]
    return [ui.MediaGallery(*items)]


def boxed(items: Sequence[Item], *below: Item) -> ui.LayoutView:
    """Put components into a box in the bot's colour, and others below it."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*items, accent_colour=_ACCENT))
    for item in below:
        view.add_item(item)
    return view


def _quiet(text: str) -> str:
    """Show a person's own words without their Markdown or mentions."""
    return discord.utils.escape_mentions(discord.utils.escape_markdown(" ".join(text.split())))
