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
from bot.discord.playing.outfit import NO_CONTROLS, Controls
from bot.discord.translating import marked, say
from bot.discord.translating.sentences import reworded
from bot.discord.words import quiet
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

_HELP = marked("-# What else I can do: `/help`")
_MISSING = marked("Discord did not take the files of this answer; ask again, or for fewer runs at once.")

_SEE_ALSO, _TRIES = 2, 2
"""A phone shows each on a line or two of its own; the card is long enough."""

# What an answer's parts may take of a card; the shipped ones stay far below.
_SHORT, _NOTE, _CLAIMS, _TAIL, _SOURCES = 800, 300, 1_500, 1_200, 2_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A message: its components, the images they show and the code they hand out."""

    view: ui.LayoutView
    images: tuple[Image, ...] = field(default=())
    scripts: tuple[Script, ...] = field(default=())
    sentence: bool = False
    """Whether it is one text and nothing else: what is said in the place of something to be shown."""

    def files(self) -> list[discord.File]:
        """Open the files for one upload; a file object can be sent only once."""
        images = [discord.File(io.BytesIO(image.png), image.name) for image in self.images]
        return images + [discord.File(io.BytesIO(one.text.encode()), one.name) for one in self.scripts]


def to_card(
    reply: AskReply | SimulationReply,
    *,
    note: str = "",
    below: ui.ActionRow[ui.LayoutView] | None = None,
    controls: Controls = NO_CONTROLS,
) -> Card:
    """Turn any reply into a card within Discord's limits.

    Args:
        reply: what is said.
        note: what becomes of the question, where there is no answer.
        below: the buttons with which readers judge it.
        controls: what can be done with it.
    """
    card = _card(reply, note, controls)
    if controls.undo is not None:
        below = below or ui.ActionRow[ui.LayoutView]()
        below.add_item(controls.undo)
    if below is not None:
        card.view.add_item(below)
    return card


def _card(reply: AskReply | SimulationReply, note: str, controls: Controls) -> Card:
    match reply:
        case AnswerReply():
            return _answer(reply, controls)
        case OfferReply():
            return _offer(reply, note)
        case SilentReply():
            return _silent(reply, note, controls)
        case PartReply():
            return _part(reply)
        case RemarkReply():
            return text_card(reply.text)
        case SimulationReply():
            return _simulation(reply, controls)


def text_card(text: str) -> Card:
    """Make a card of one text."""
    return Card(view=boxed([ui.TextDisplay(cut(reworded(text), CARD_TEXT))]), sentence=True)


def without_files(card: Card) -> Card:
    """Make the same card without its pictures and its code, which says that they are missing."""
    texts = [item for item in card.view.walk_children() if isinstance(item, ui.TextDisplay)]
    rows = [item for item in card.view.children if isinstance(item, ui.ActionRow)]
    missing = f"-# {say(_MISSING)}"
    room = CARD_TEXT - len(missing)
    shown: list[Item] = []
    for text in texts:
        if room > 0:
            # The id of a text says what its controls are about.
            shown.append(ui.TextDisplay(cut(text.content, room), id=text.id))
        room -= len(text.content)
    return Card(view=boxed([*shown, ui.TextDisplay(missing)], *rows))


def _answer(reply: AnswerReply, controls: Controls) -> Card:
    note = f"\n-# {cut(reply.note, _NOTE)}" if reply.note else ""
    closer = ""
    if reply.closer:
        closer = "\n-# " + say("More exactly about this: *{title}* (button below)", title=reply.closer.title)
    head = f"{_line(controls.credit)}## {reply.title}\n**{cut(reply.short, _SHORT)}**{note}{closer}"
    parts: list[str] = []
    left = _CLAIMS
    for title, verdicts in ((HOLDING, reply.holding), (INSTEAD, reply.failing)):
        if shown := fit([f"- {verdict.text}" for verdict in verdicts], left):
            parts.append(f"**{title}**\n" + "\n".join(shown))
            left -= len(parts[-1])
    claims = "\n".join(parts)
    sources = f"-# {say('Sources:')} " + " · ".join(_linked(source) for source in reply.sources)
    specs = reply.try_next[:_TRIES]
    tries = "\n".join("-# " + say("Try `/simulate spec:{spec}`", spec=spec) for spec in specs)
    tail = cut("\n".join(part for part in (tries, sources) if part), _TAIL)
    body = [*reply.body.split("\n\n")]
    if reply.misconception:
        body.append(f"**A common misconception.** {reply.misconception}")
    # The explanation gives way first: the finding, its evidence and its sources always fit.
    room = CARD_TEXT - len(head) - len(claims) - len(tail) - sum(len(line.content) for line in controls.lines)
    explanation = "\n\n".join(fit(body, room))
    # One picture per run: a phone shows the others below one another for ever.
    images = tuple(image for image in reply.images if image.leading)[:GALLERY_ITEMS]
    items: list[Item] = [ui.TextDisplay(head), *_gallery(images)]
    items += [ui.TextDisplay(text) for text in (claims, explanation, tail) if text]
    return Card(view=boxed([*items, *controls.lines], *controls.menus, *_see_also(reply)), images=images)


def _see_also(reply: AnswerReply) -> list[Item]:
    if not reply.see_also:
        return []
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for pointer in reply.see_also[:_SEE_ALSO]:
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


def _simulation(reply: SimulationReply, controls: Controls) -> Card:
    lines = [f"{_line(controls.credit)}## {reply.title}", *map(_described, reply.lines)]
    specs = "\n".join(f"-# `{line.spec}`" for line in reply.lines)
    # What was asked for as one text, which can be copied; else what each network is in full.
    said: list[ui.TextDisplay[ui.LayoutView]] = [*controls.lines] or [
        ui.TextDisplay(cut(specs, CARD_TEXT // 2))
    ]
    room = CARD_TEXT - sum(len(line.content) for line in said)
    items: list[Item] = [ui.TextDisplay(cut("\n".join(lines), room)), *_gallery(reply.images)]
    return Card(view=boxed([*items, *said], *controls.menus), images=reply.images[:GALLERY_ITEMS])


def _described(line: VariantLine) -> str:
    """Write the main line beside the name, all others below it."""
    main, *more = line.lines
    return "\n  ".join([f"- {line.label}: {main}", *more])


def _offer(reply: OfferReply, note: str) -> Card:
    asked = say("Did you mean one of these? You asked: *{question}*", question=quiet(reply.question))
    text = f"{_small(note)}{asked}"
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for candidate in reply.candidates:
        row.add_item(AnswerButton(candidate.id, candidate.title, reply.knobs.get(candidate.id, "")))
    return Card(view=boxed([ui.TextDisplay(text)], row))


def _silent(reply: SilentReply, note: str, controls: Controls) -> Card:
    known = "\n".join(f"- {title}" for title in reply.known)
    said = f"{say('I have no answer to that.')} {note}{chr(10) if note else ''}"
    help_ = f"\n{say(_HELP)}"
    text = cut(f"{said}{say('Some questions I can answer:')}\n{known}", CARD_TEXT - len(help_)) + help_
    return Card(view=boxed([ui.TextDisplay(text)], *controls.menus))


def _line(text: str) -> str:
    return f"{text}\n" if text else ""


def _small(note: str) -> str:
    return f"-# {note}\n" if note else ""


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
