"""What a review says: every problem with its place and cure, how sure the claims are, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from answers.checking import Margin
from answers.problem import Problem
from bot.discord.cards import Card, Item
from bot.discord.limits import fit
from bot.discord.teaching.buttons import button, row
from bot.discord.teaching.cards import card
from bot.discord.teaching.form import label_of, more_label_of
from bot.discord.words import quiet
from bot.reply import Script
from bot.storage.drafts import Draft
from bot.teaching.form import in_form, line_of
from bot.teaching.outcomes import Reviewed
from bot.teaching.review import Review

_LEAD, _PROBLEMS, _WARNINGS, _MARGINS = 600, 1_700, 600, 500
_ONE = 600
"""Characters of one problem on a card; all of it is in the file."""
_EXAMPLE = "an example stands there; press Sources…, put in yours or leave it, and send it in."
"""The mark that says so is in a comment of the file, which no form shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Of what a review is shown, and to whom."""

    draft: Draft
    instructor: bool
    mine: bool
    lead: str = ""


def draw(draft: Draft, found: Review | None, lead: str = "") -> str:
    """Say what is known of a draft while it is being reviewed."""
    lines = [*([lead] if lead else []), f"## Reviewing {draft.slug}", "The draft is saved."]
    if found is not None:
        lines.append(_verdict(found, so_far=True))
        shown, _ = _listed(found.problems, draft.body, _PROBLEMS)
        lines += shown
    return "\n".join(lines)


def review_card(wanted: Wanted, reviewed: Reviewed, scripts: Sequence[Script] = ()) -> Card:
    """Show what a review found."""
    draft, found = wanted.draft, reviewed.review
    title = f" · {quiet(found.entry.title, 150)}" if found.entry and found.entry.title else ""
    head = [f"## {draft.slug}{title}", _verdict(found)]
    faults, all_faults = _listed(found.faults, draft.body, _PROBLEMS)
    warnings, all_warnings = _listed(found.warnings, draft.body, _WARNINGS)
    files = list(scripts)
    if not (all_faults and all_warnings):
        files.append(problems_file(draft, found.problems))
        head.append("-# Each problem in full is in the file.")
    texts = ["\n".join([*([wanted.lead[:_LEAD]] if wanted.lead else []), *head]), "\n".join(faults)]
    texts.append("\n".join(["**May be meant so**", *warnings]) if warnings else "")
    texts.append(_margins(found.margins))
    texts.append(_next(wanted, reviewed))
    return card(texts, [_buttons(wanted, reviewed)], scripts=files)


def interrupted_card(draft: Draft, said: str) -> Card:
    """Say that a draft was not reviewed to its end."""
    text = f"## {draft.slug}\n{said}\n-# The draft is saved as it was written; students do not see it."
    return card(
        [text],
        [
            row(
                button("Review again", "review", draft.slug, draft.author.id),
                button("Edit", "edit", draft.slug, draft.author.id),
                button("Discard", "discard", draft.slug, draft.author.id),
            )
        ],
    )


def problems_file(draft: Draft, problems: Sequence[Problem]) -> Script:
    """Write down all problems."""
    placed = in_form(tuple(problems), draft.body)
    lines = [f"{'warning: ' if one.problem.warning else ''}{one} [{one.problem.code}]" for one in placed]
    return Script(name=f"{draft.slug}-problems.txt", text="\n\n".join(lines) + "\n")


def _verdict(found: Review, *, so_far: bool = False) -> str:
    number = len(found.faults)
    if number:
        be = "problem has" if number == 1 else "problems have"
        return f"**{number} {be} to be mended** before students can see it{', so far' if so_far else ''}."
    if so_far:
        return "No problem so far."
    return "**Nothing is wrong with it.**" if found.passed else "**It could not be reviewed to its end.**"


def _listed(problems: Sequence[Problem], body: str, room: int) -> tuple[list[str], bool]:
    """Return lines that fit, and whether they say everything."""
    lines: list[str] = []
    whole = True
    for one in in_form(tuple(problems), body) if problems else ():
        line = f"line {one.problem.line} of the file"
        said = one.problem.message
        if one.field:
            place, also = f"{label_of(one.field)}, line {one.line}", f" ({line})"
        elif key := line_of(body, one.problem.line):
            place, also = f"{more_label_of(key)}, under Sources…", f" ({line})"
            said = _EXAMPLE if one.problem.code == "unfinished" else said
        else:
            place, also = line, ""
        whole &= len(said) <= _ONE
        lines.append(f"- **{place}**{also}: {quiet(said, _ONE)}")
    shown = fit(lines, room)
    whole &= shown == lines
    if left := len(lines) - len(shown):
        shown.append(f"- and {left} more, in the file")
    return shown, whole


def _margins(margins: Sequence[Margin]) -> str:
    if not margins:
        return ""
    lines = [f"- `{one.claim}` held in {one.held} of {one.rounds}{_least(one.least)}" for one in margins]
    return "\n".join(["**How sure the claims are** (other random seeds)", *fit(lines, _MARGINS)])


def _least(least: float | None) -> str:
    if least is None:
        return ""
    return f", at the narrowest by {least:.0%}" if least >= 0 else f", missed by up to {-least:.0%}"


def _next(wanted: Wanted, reviewed: Reviewed) -> str:
    draft = wanted.draft
    lines: list[str] = []
    if reviewed.meanwhile is not None:
        lines.append(f"**Somebody else was faster.** {quiet(str(reviewed.meanwhile), 700)}")
        lines.append("Keep yours on top of theirs, or give yours up; the text is handed back to you.")
    elif reviewed.difference.lines:
        lines.append(f"Compared with what counts now: {quiet(reviewed.difference.summary, 300)}.")
    if reviewed.review.passed and reviewed.meanwhile is None and wanted.instructor:
        lines.append("Look at the card below as students will see it, then press Publish.")
    whose = "your draft" if wanted.mine else f"the draft of {quiet(draft.author.name, 80)}"
    seconds = f"{reviewed.review.seconds:.1f} s"
    if not wanted.instructor:
        lines.append("Saved as a suggestion: instructors see it in their list and can publish it.")
    lines.append(f"-# {whose}, saved {draft.revision}×, reviewed in {seconds}; students do not see it yet")
    return "\n".join(lines)


def _buttons(wanted: Wanted, reviewed: Reviewed) -> Item:
    draft = wanted.draft
    key = (draft.slug, draft.author.id)
    items: list[Item] = []
    if reviewed.meanwhile is not None:
        items.append(button("Keep mine on top", "rebase", *key, style=discord.ButtonStyle.primary))
    elif reviewed.review.passed and wanted.instructor:
        publish = (*key, reviewed.head, reviewed.revision)
        items.append(button("Publish", "publish", *publish, style=discord.ButtonStyle.success))
    items.append(button("Edit" if wanted.mine else "Edit a copy", "edit", *key))
    if wanted.mine:
        items.append(button("Sources…", "more", draft.slug))
    take = "Take theirs" if reviewed.meanwhile is not None and wanted.mine else "Discard"
    items.append(button(take, "discard", *key))
    if reviewed.difference.lines:
        items.append(button("What changes", "changes", *key))
    return row(*items)
