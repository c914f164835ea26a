"""Every component and every kind of text is in the drawing of a message; what is unknown is named."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from PIL import Image, ImageDraw

from discord_double import components as kinds
from discord_double.components import EPHEMERAL, walk
from discord_double.pictures import chromium
from discord_double.pictures.items import DRAWN
from discord_double.pictures.markdown import markdown
from discord_double.pictures.page import THEMES, WIDTH, menu_page, message_page, modal_page
from discord_double.pictures.seen import Seen

Json = dict[str, Any]

SEEN = Seen(
    files={"31": b"\x89PNG-a", "32": b"name,value\n"},
    names={"5": "general", "6": "Helper", "7": "Mia"},
    now=datetime(2026, 1, 2, tzinfo=UTC),
)
OPTIONS = [
    {"label": "Deeper", "value": "d", "description": "Twice as many layers", "emoji": {"name": "⬇"}},
    {"label": "Light", "value": "l", "default": True},
]
PICTURE = {"media": {"url": "http://x/a.png", "attachment_id": "31"}, "description": "A falling line"}
INSIDE: list[Json] = [
    {"type": kinds.TEXT, "content": "## A title\nSome **words**"},
    {"type": kinds.GALLERY, "items": [PICTURE]},
    {"type": kinds.SEPARATOR, "divider": True, "spacing": 2},
    {"type": kinds.FILE, "file": {"url": "http://x/the%20numbers.csv", "attachment_id": "32"}},
    {
        "type": kinds.SECTION,
        "components": [{"type": kinds.TEXT, "content": "beside it"}],
        "accessory": {"type": kinds.THUMBNAIL, **PICTURE, "description": "A small line"},
    },
]
BUTTONS: list[Json] = [
    {"type": kinds.BUTTON, "style": 1, "label": "Run", "custom_id": "a", "emoji": {"name": "👍"}},
    {"type": kinds.BUTTON, "style": 4, "label": "Delete", "custom_id": "b", "disabled": True},
    {"type": kinds.BUTTON, "style": 5, "label": "Read", "url": "https://example.org"},
]
MENUS: list[Json] = [
    {"type": 3, "custom_id": "m", "placeholder": "Change something", "options": [OPTIONS[0]]},
    {"type": 3, "custom_id": "n", "placeholder": "Not this", "options": OPTIONS},
    {"type": 5, "custom_id": "o", "placeholder": "Some people"},
    {"type": 6, "custom_id": "p", "default_values": [{"id": "6", "type": "role"}]},
    {"type": 7, "custom_id": "q"},
    {"type": 8, "custom_id": "r", "default_values": [{"id": "5", "type": "channel"}]},
]
MESSAGE: Json = {
    "author": {"username": "Backchat"},
    "flags": EPHEMERAL,
    "content": "A plain line",
    "attachments": [{"id": "33", "filename": "script.py", "size": 2_300, "url": "http://x/script.py"}],
    "embeds": [{"title": "Old", "description": "fashioned", "fields": [{"name": "N", "value": "V"}]}],
    "components": [
        {"type": kinds.CONTAINER, "accent_color": 0x00FFAA, "components": INSIDE},
        {"type": kinds.ROW, "components": BUTTONS},
        *({"type": kinds.ROW, "components": [menu]} for menu in MENUS),
    ],
}
FIELDS: list[Json] = [
    {"type": 4, "custom_id": "a", "style": 1, "placeholder": "In one line"},
    {"type": 4, "custom_id": "b", "style": 2, "value": "What was\nwritten", "required": False},
    {"type": 3, "custom_id": "c", "options": OPTIONS},
    {"type": 19, "custom_id": "d", "max_values": 3},
    {"type": 21, "custom_id": "e", "options": OPTIONS},
    {"type": 22, "custom_id": "f", "options": OPTIONS},
    {"type": 23, "custom_id": "g", "label": "Tell everybody", "default": True},
]
MODAL: Json = {
    "title": "Write an answer",
    "components": [
        {"type": kinds.LABEL, "label": f"Label {number}", "description": f"About {number}", "component": one}
        for number, one in enumerate(FIELDS)
    ],
}


def words(page: str) -> str:
    """What somebody reads on a page."""
    return unescape(re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", page))


@pytest.mark.parametrize("theme", THEMES)
def test_a_message_shows_all_that_is_in_it(theme: str) -> None:
    page = message_page(MESSAGE, SEEN, theme=theme)
    read = words(page)
    wanted = (
        "Backchat", "only who asked sees this", "A plain line", "script.py", "2.3 kB", "Old", "fashioned",
        "A title", "words", "the numbers.csv", "11 bytes", "beside it", "👍 Run", "Delete", "Read ↗",
        "Change something", "Light", "Some people", "Helper", "Choose people or roles", "general",
        "drawn from the message's data",
    )  # fmt: skip
    assert [one for one in wanted if one not in read] == []
    # A closed menu shows what is chosen in it, not what it says when nothing is.
    assert "Not this" not in read
    assert page.count('alt="A falling line"') == page.count('alt="A small line"') == 1
    assert page.count("data:image/png;base64,") == 2
    assert "#00ffaa" in page
    assert page.count(" off") == 1
    assert '<hr class="line wide">' in page


def test_a_form_shows_its_fields_with_what_is_in_them() -> None:
    read = words(modal_page(MODAL, SEEN))
    wanted = (
        "Write an answer", "In one line", "What was\nwritten", "Light", "up to 3 files", "○ ⬇ Deeper",
        "● Light", "☐ ⬇ Deeper", "☑ Light", "Twice as many layers", "☑ Tell everybody",
        *(f"{kind} {number}" for kind in ("Label", "About") for number in range(len(FIELDS))),
    )  # fmt: skip
    assert [one for one in wanted if one not in read] == []
    # Neither the optional field nor the single box asks to be filled in.
    assert read.count("*") == len(FIELDS) - 2


def test_an_opened_menu_shows_what_it_offers() -> None:
    read = words(menu_page(MESSAGE, "m"))
    assert "Change something" in read
    assert "⬇ Deeper" in read
    assert "Twice as many layers" in read
    with pytest.raises(LookupError, match="no menu 'z'; there are"):
        menu_page(MESSAGE, "z")


def test_the_samples_here_hold_every_kind_that_is_drawn_and_another_is_named() -> None:
    drawn = {item["type"] for item in [*walk(MESSAGE["components"]), *walk(MODAL["components"])]}
    assert drawn == DRAWN.keys()
    assert "a component of type 99, which is not drawn" in words(message_page({"components": [{"type": 99}]}))


def test_a_theme_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="a theme is dark or light; got 'blue'"):
        message_page(MESSAGE, SEEN, theme="blue")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One", "<h1>One</h1>"),
        ("#### Four", "<p>#### Four</p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("**a** *b* ~~c~~ __d__ `e*`", "<strong>a</strong> <em>b</em> <s>c</s> <u>d</u> <code>e*</code>"),
        ("above\n-# small *print*\nbelow", '<p class="small">small <em>print</em></p>\n<p>below</p>'),
        ("- a\n  more\n- b\nafter", "<li>b</li>\n</ul>\n<p>after</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>"),
        ("> a\nb", "<blockquote>\n<p>a</p>\n</blockquote>\n<p>b</p>"),
        (">>> a\nb", "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>"),
        ("```py\n- a\nb\n```\nc", '<pre><code class="language-py">- a\nb\n</code></pre>\n<p>c</p>'),
        ("[a](https://example.org)", '<a href="https://example.org">a</a>'),
        ("see https://example.org/a_b_c.", '<span class="link">https://example.org/a_b_c</span>.'),
        ("<@7> <@&6> <#5> </ask:12>", ">@Mia</span>"),
        ("<@7> <@&6> <#5> </ask:12>", ">@Helper</span>"),
        ("<@7> <@&6> <#5> </ask:12>", ">#general</span>"),
        ("<@7> <@&6> <#5> </ask:12>", ">/ask</span>"),
        ("<@8>", ">@unknown 8</span>"),
        ("<t:1767312000:D>", ">2 January 2026</span>"),
        ("<t:1767139200:R>", ">2 days ago</span>"),
        ("<t:1767315600:R>", ">in 1 hour</span>"),
        ("\\*a\\* \\<@7>", "*a* &lt;@7&gt;"),
        ("<b>a</b>", "&lt;b&gt;a&lt;/b&gt;"),
        ("a\n---\nb", "<p>a<br>\n---<br>\nb</p>"),
        ("![a](https://example.org/a.png)", '!<a href="https://example.org/a.png">a</a>'),
        ("| a | b |\n|---|---|", "| a | b |<br>\n|---|---|"),
    ],
)
def test_text_is_read_as_discord_reads_it(text: str, html: str) -> None:
    assert html in markdown(text, SEEN)


def test_a_photograph_is_cut_where_the_drawing_ends_and_never_beside_it() -> None:
    shot = Image.new("RGB", (WIDTH * 2 + 100, 3_000), "white")
    ImageDraw.Draw(shot).rectangle((20, 20, 700, 500), fill="black")
    assert chromium.trimmed(shot, 2).size == (WIDTH * 2, 525)
    with pytest.raises(ValueError, match="all of it within the width of a phone"):
        chromium.trimmed(shot, 1.5)
    with pytest.raises(ValueError, match="has something on it"):
        chromium.trimmed(Image.new("RGB", (WIDTH * 2, 100)), 2)
    with pytest.raises(ValueError, match="this one is taller"):
        chromium.trimmed(Image.effect_noise((WIDTH * 2, 100), 80).convert("RGB"), 2)


def test_a_palette_keeps_what_is_frequent_and_what_is_rare() -> None:
    shot = Image.linear_gradient("L").convert("RGB").resize((400, 400))
    draw = ImageDraw.Draw(shot)
    draw.rectangle((0, 0, 400, 150), fill="#1a2127")
    draw.line((0, 200, 30, 200), fill="#a78bff")
    found = chromium.reduced(shot).convert("RGB")
    assert found.getpixel((5, 5)) == (0x1A, 0x21, 0x27)
    rare = found.getpixel((5, 200))
    assert isinstance(rare, tuple)
    assert max(abs(is_ - was) for is_, was in zip(rare, (0xA7, 0x8B, 0xFF), strict=True)) < 12


def test_a_picture_that_weighs_too_much_gets_fewer_pixels() -> None:
    def shoot(scale: float, *, noise: bool) -> Image.Image:
        size = (round(300 * scale), round(300 * scale))
        return Image.effect_noise(size, 80).convert("RGB") if noise else Image.new("RGB", size, "navy")

    with Image.open(io.BytesIO(chromium.lightest(lambda scale: shoot(scale, noise=False)))) as light:
        assert light.size == (600, 600)
    with Image.open(io.BytesIO(chromium.lightest(lambda scale: shoot(scale, noise=True)))) as heavy:
        assert heavy.width < 600
        assert heavy.mode == "P"
