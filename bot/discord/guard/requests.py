"""Which requests to Discord carry what: every message, form and suggestion is mended, all else let alone."""

import logging
import re
from collections.abc import Sequence

from bot.discord.guard.forms import mend_choices, mend_form
from bot.discord.guard.mended import Json, Notes, Part
from bot.discord.guard.messages import mend_message
from bot.discord.guard.texts import shorten
from bot.discord.limits import THREAD_NAME

__all__ = ["Part", "mend"]

_log = logging.getLogger(__name__)

_CALLBACK = re.compile(r"/interactions/[^/]+/[^/]+/callback")
_MESSAGE = re.compile(r"/channels/[^/]+/messages(/[^/]+)?|/webhooks/[^/]+/[^/]+(/messages/[^/]+)?")
_THREAD = re.compile(r"/channels/[^/]+(/messages/[^/]+)?/threads")
_TOLD = 5
_MESSAGE_CALLBACKS, _SUGGESTIONS, _FORM = (4, 7), 8, 9


def mend(method: str, path: str, body: Json, files: Sequence[Part] = ()) -> tuple[Json, set[int]]:
    """Return the body of a request within Discord's limits, and the numbers of the files to leave out.

    Raises:
        BadRequest: a form begins with a text that no form can hold.
        ValueError: there is no way to mend it, which is the bot's fault.
    """
    notes = Notes()
    mended = _mended(method, path, body, files, notes)
    if notes.changes:
        _log.warning("mended a request: %s", "; ".join(notes.changes[:_TOLD]))
    return mended, notes.left_out


def _mended(method: str, path: str, body: Json, files: Sequence[Part], notes: Notes) -> Json:
    if method not in {"POST", "PATCH"}:
        return body
    if _CALLBACK.fullmatch(path):
        return _callback(body, files, notes)
    if _MESSAGE.fullmatch(path):
        return mend_message(body, files, notes)
    if _THREAD.fullmatch(path):
        thread = dict(body)
        shorten(thread, "name", THREAD_NAME, notes)
        if thread.get("message"):
            thread["message"] = mend_message(thread["message"], files, notes)
        return thread
    return body


def _callback(body: Json, files: Sequence[Part], notes: Notes) -> Json:
    data = body.get("data")
    if not data:
        return body
    match body.get("type"):
        case kind if kind in _MESSAGE_CALLBACKS:
            return {**body, "data": mend_message(data, files, notes)}
        case kind if kind == _SUGGESTIONS:
            return {**body, "data": mend_choices(data, notes)}
        case kind if kind == _FORM:
            return {**body, "data": mend_form(data, notes)}
        case _:
            return body
