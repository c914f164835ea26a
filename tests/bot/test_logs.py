"""Logs: one line per record, and no token in them."""

import json
import logging

import pytest

from bot.logs import configure, redact

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GAbcde.a-plausible-signature_of-27-chars"


def test_a_token_is_redacted_wherever_it_stands() -> None:
    assert redact(f"Authorization: Bot {TOKEN}, again {TOKEN}") == "Authorization: Bot [token], again [token]"
    address = "https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb24tdG9rZW4/messages/@original"
    assert redact(address) == "https://discord.com/api/v10/webhooks/123/[token]/messages/@original"
    assert redact("3.11.7 and www.example.org stay") == "3.11.7 and www.example.org stay"


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_token_in_an_exception_does_not_reach_the_log(
    form: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    configure("json" if form == "json" else "text")
    try:
        raise ValueError(TOKEN)
    except ValueError:
        logging.getLogger("test").exception("failed with %s", TOKEN)
    written = capsys.readouterr().err
    assert "failed with [token]" in written
    assert TOKEN not in written
    if form == "json":
        assert json.loads(written)["level"] == "ERROR"
