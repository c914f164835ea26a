"""Files of translations are read as the tools of translators write them, and compiled for gettext."""

import gettext
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.translating import po
from bot.discord.translating.marks import Mark
from bot.discord.translating.update import updated

HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
)


def compiled(text: str) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(po.compiled(po.read(HEAD + text))))  # pyright: ignore[reportArgumentType]


def test_texts_of_several_lines_plurals_and_comments_are_read() -> None:
    made = compiled(
        '# of a person\n#: cards.py:3\nmsgid "a "\n"b\\n"\nmsgstr ""\n"ä \\"b\\"\\n"\n\n'
        'msgid "one"\nmsgid_plural "{number}"\nmsgstr[0] "eins"\nmsgstr[1] "{number} viele"\n'
    )
    assert made.gettext("a b\n") == 'ä "b"\n'
    assert [made.ngettext("one", "{number}", n) for n in (1, 2, 0)] == [
        "eins",
        "{number} viele",
        "{number} viele",
    ]
    assert made.gettext("missing") == "missing"


def test_guesses_of_tools_and_what_is_empty_stay_english() -> None:
    made = compiled(
        '#, fuzzy\nmsgid "a"\nmsgstr "wrong"\n\nmsgid "b"\nmsgstr ""\n\nmsgid "c"\nmsgstr "right"\n'
    )
    assert [made.gettext(text) for text in "abc"] == ["a", "b", "right"]


@given(
    st.dictionaries(
        st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\4")),
        st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        max_size=6,
    )
)
def test_whatever_is_written_is_read_again(texts: dict[str, str]) -> None:
    made = compiled("".join(f"\nmsgid {po.quoted(a)}\nmsgstr {po.quoted(b)}\n" for a, b in texts.items()))
    assert {text: made.gettext(text) for text in texts} == texts


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('msgid "a"\nmsgstr b', "line 2: a text in double quotes was wanted; got 'b'"),
        ('"a"', "line 1: msgid, msgid_plural or msgstr was wanted"),
        ('msgid "a"\nmsgctxt "b"\nmsgstr ""', "line 2: msgid, msgid_plural or msgstr was wanted"),
        ('msgid "a"', "line 1: a msgstr was wanted for this msgid"),
        ('msgid "a"\nmsgstr "b"\nmsgstr "c"', "line 3: msgstr is given once"),
        ('msgid "a"\nmsgstr 7', "line 2: a text in double quotes was wanted"),
    ],
)
def test_a_fault_names_its_line(text: str, fault: str) -> None:
    with pytest.raises(po.PoError) as raised:
        po.read(text, "de.po")
    assert str(raised.value).startswith("de.po, line")
    assert fault in str(raised.value)


def test_new_texts_are_added_once_at_the_end_and_nothing_else_changes() -> None:
    before = HEAD + '\nmsgid "a"\nmsgstr "ä"\n'
    found = [
        Mark(path=Path("x.py"), line=1, text="a"),
        Mark(path=Path("x.py"), line=2, text='say "b"\n'),
        Mark(path=Path("y.py"), line=3, text='say "b"\n'),
        Mark(path=Path("y.py"), line=4, text="one", plural="many"),
        Mark(path=Path("y.py"), line=5, fault="wrong"),
    ]
    after, new = updated(before, found)
    assert new == 2
    assert after.startswith(before)
    assert [one.text for one in po.read(after)[2:]] == ['say "b"\n', "one"]
    assert po.read(after)[-1].translations == ("", "")
    assert updated(after, found) == (after, 0)
