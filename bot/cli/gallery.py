"""`backchat gallery`: every answer with its plots on one page."""

import asyncio
from pathlib import Path

import click

from answers import gallery
from answers.entry import Entry
from answers.gallery import Picture
from bot import config
from bot.cli.exits import FAILED
from bot.cli.session import at, end_progress, load_catalog, open_service, show_progress
from bot.errors import BadRequest
from bot.jobs.local import PRELOAD
from bot.reply import AnswerReply


@click.command("gallery")
@click.argument("page", type=click.Path(path_type=Path, dir_okay=False), default="docs/gallery.md")
@click.option("--theme", type=click.Choice(["dark", "light"]), default="dark", help="Colours of the plots.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; tell whether the page is current.")
@click.pass_context
def command(context: click.Context, page: Path, theme: str, *, only_check: bool) -> None:
    """Write every answer with its plots into PAGE (default: docs/gallery.md) and a folder beside it."""
    if only_check:
        catalog = load_catalog(config.load())
        shown = _read(page)
        missing = [file for file in gallery.pictures(shown) if not (page.parent / file).is_file()]
        if missing:
            click.echo(
                f"{page} shows pictures that are not there: {missing[0]}; run: backchat gallery {page}",
                err=True,
            )
            context.exit(FAILED)
        old = gallery.stale(shown, catalog)
        if old:
            click.echo(f"{page} is out of date for {', '.join(old)}; run: backchat gallery {page}", err=True)
            context.exit(FAILED)
        click.echo(f"{page} shows the {len(catalog)} answers as they are.")
        return
    if not page.parent.is_dir():
        msg = f"{page} goes into a folder that exists; got {page.parent}; create it or name another."
        raise BadRequest(msg)
    if page.suffix != ".md":
        msg = f"The page is a Markdown file; got {page}; name it {page.stem or 'gallery'}.md."
        raise BadRequest(msg)
    if page.exists() and not _read(page).startswith(gallery.INTRODUCTION[:9]):
        msg = f"{page} exists and is no gallery; it is left as it is; name another file."
        raise BadRequest(msg)
    replies = asyncio.run(_ask_all(theme))
    sections: list[str] = []
    now: set[str] = set()
    for entry, reply in replies:
        pictures = _write_pictures(reply, page)
        now.update(picture.file for picture in pictures)
        sections.append(gallery.section(entry, reply.markdown, reply.more, pictures))
    titles = [entry.title for entry, _ in replies]
    page.write_text(gallery.page(sections, titles), encoding="utf-8")
    for file in page.with_suffix("").glob("*.png"):
        if gallery.is_picture(file.name) and f"{file.parent.name}/{file.name}" not in now:
            file.unlink()
    click.echo(f"Wrote {len(replies)} answers to {page}.")


async def _ask_all(theme: str) -> list[tuple[Entry, AnswerReply]]:
    replies: list[tuple[Entry, AnswerReply]] = []
    async with open_service(config.load(), PRELOAD) as service:
        for number, entry in enumerate(service.catalog):
            show_progress(at(number / len(service.catalog), entry.id))
            replies.append((entry, await service.answer(entry, entry.title, theme=theme)))
        end_progress()
    return replies


def _read(page: Path) -> str:
    """Return what stands in a page; nothing where there is none, or none that can be read as text."""
    return page.read_text(encoding="utf-8", errors="replace") if page.exists() else ""


def _write_pictures(reply: AnswerReply, page: Path) -> list[Picture]:
    folder = page.with_suffix("")
    folder.mkdir(exist_ok=True)
    pictures: list[Picture] = []
    for image in reply.images:
        if not image.leading:
            continue
        file = folder / f"{reply.id}-{image.name}"
        file.write_bytes(image.png)
        pictures.append(Picture(file=f"{folder.name}/{file.name}", alt=image.alt))
    return pictures
