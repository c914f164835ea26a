"""What is handed in costs no more than its limits, whatever it claims to be."""

import contextlib
import io
import struct
import warnings
import zipfile

import pytest
from answer_samples import SAMPLE, effort
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.teaching.porting.archive import MOST_BYTES, BadArchive, unpack
from bot.teaching.porting.export import pack


def packed(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # zipfile thinks that two files of one name are a mistake
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def test_what_is_exported_is_the_same_bytes_each_time_and_comes_back() -> None:
    data = pack({"b": "Ä", "a": SAMPLE}, {"c": "x"}, "lr = learning rate\n")
    assert data == pack({"a": SAMPLE, "b": "Ä"}, {"c": "x"}, "lr = learning rate\n")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["README.md", "a.md", "b.md", "disabled/c.md", "glossary.txt"]
    found = unpack(data, "answers.zip")
    assert [(one.slug, one.text, one.disabled) for one in found.members] == [
        ("a", SAMPLE, False),
        ("b", "Ä", False),
        ("c", "x", True),
    ]
    assert found.passed == ("glossary.txt is no Markdown file",)


def test_a_file_alone_is_taken_and_anything_else_is_not() -> None:
    [member] = unpack(SAMPLE.encode(), "sample.md").members
    assert (member.slug, member.text) == ("sample", SAMPLE)
    with pytest.raises(BadArchive, match=r"A zip or a Markdown file \(.md\) was wanted; got photo.png"):
        unpack(b"\x89PNG", "photo.png")


def test_folders_and_what_systems_leave_behind_are_no_trouble() -> None:
    data = packed(
        ("answers/", b""),
        ("answers/deep/er/one.md", b"1"),
        ("answers\\two.md", b"2"),
        ("__MACOSX/answers/._one.md", b"junk"),
        ("answers/.DS_Store", b"junk"),
        ("answers/._two.md", b"junk"),
        ("README.md", b"junk"),
        ("three.MD", b"3"),
        ("notes.txt", b"no"),
    )
    found = unpack(data, "a.zip")
    assert [one.slug for one in found.members] == ["one", "two", "three"]
    assert found.passed == ("notes.txt is no Markdown file",)


@pytest.mark.parametrize(
    "name", ["/etc/one.md", "../one.md", "a/../../one.md", "C:/one.md", "..\\one.md", "x" * 300 + ".md"]
)
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(BadArchive, match="pack plain files only"):
        unpack(packed((name, b"1")), "a.zip")


def test_links_encrypted_and_oddly_packed_files_are_refused() -> None:
    link = zipfile.ZipInfo("one.md")
    link.create_system = 3
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(BadArchive, match="is a link"):
        unpack(out.getvalue(), "a.zip")
    locked = bytearray(packed(("one.md", b"1")))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        locked[locked.index(signature) + offset] |= 1
    with pytest.raises(BadArchive, match="is encrypted"):
        unpack(bytes(locked), "a.zip")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("one.md", "1")
    with pytest.raises(BadArchive, match="packed in an unusual way"):
        unpack(out.getvalue(), "a.zip")


def test_what_cannot_be_read_is_broken_by_itself() -> None:
    data = packed(
        ("latin.md", "Ärger".encode("latin-1")),
        ("long.md", b"x" * 200_001),
        ("twin.md", b"1"),
        ("other/twin.md", b"2"),
        ("good.md", b"3"),
    )
    found = {one.slug: (one.text, one.reason) for one in unpack(data, "a.zip").members}
    assert found == {
        "latin": (None, "it is not UTF-8 text"),
        "long": (None, "it has more than 200000 bytes"),
        "twin": (None, "2 files are named twin.md"),
        "good": ("3", ""),
    }


def test_a_bomb_is_stopped_while_it_goes_off() -> None:
    bomb = packed(*((f"a{number}.md", b"\0" * 199_000) for number in range(200)))
    assert len(bomb) < 200_000
    with effort() as spent, pytest.raises(BadArchive, match="at most 20 MiB when unpacked"):
        unpack(bomb, "a.zip")
    assert spent.peak < 3 * MOST_BYTES
    lying = bytearray(packed(("one.md", b"\0" * 50_000_000)))
    at = lying.index(b"PK\x01\x02")
    struct.pack_into("<I", lying, at + 24, 10)
    with effort() as spent:
        try:
            [member] = unpack(bytes(lying), "a.zip").members
            assert member.text is None or len(member.text) <= 10
        except BadArchive:
            pass
    assert spent.peak < 2_000_000


def test_too_many_files_are_refused_before_they_are_listed() -> None:
    many = packed(*((f"a{number}.md", b"") for number in range(2_001)))
    with effort() as spent, pytest.raises(BadArchive, match="at most 2000 files"):
        unpack(many, "a.zip")
    assert spent.peak < 100_000
    small = packed(("one.md", b"1"))
    end = small.rindex(b"PK\x05\x06")
    zip64 = small[:end] + b"PK\x06\x07" + b"\0" * 16 + small[end:]
    with pytest.raises(BadArchive, match="says that it has more"):
        unpack(zip64, "a.zip")
    with pytest.raises(BadArchive, match="at most 20 MiB; got 21"):
        unpack(b"PK" + b"\0" * (20 * 2**20), "a.zip")


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_zip_is_read_or_refused_in_a_sentence(data: st.DataObject) -> None:
    good = packed(("one.md", SAMPLE.encode()), ("disabled/two.md", b"2"))
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        bad[data.draw(st.integers(2, len(bad) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(bad[: data.draw(st.integers(2, len(bad)))])
    with contextlib.suppress(BadArchive):  # and nothing else
        unpack(cut, "a.zip")
