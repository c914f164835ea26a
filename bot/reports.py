"""Telling instructors what is wrong with answers: it is noticed in libraries, and told by a platform."""

import logging
from collections.abc import Callable, Sequence

from answers.problem import Problem
from bot.libraries.libraries import Report, log_problems

_log = logging.getLogger(__name__)


class Reports:
    """Called with the problems of a library; writes them to the log and passes them on to who listens."""

    def __init__(self) -> None:
        self._listeners: list[Report] = []

    def __call__(self, guild: str | None, problems: Sequence[Problem]) -> None:
        """Log the problems of a server's own answers, or of the folders, and tell the listeners."""
        log_problems(guild, problems)
        for listener in tuple(self._listeners):
            try:
                listener(guild, problems)
            except Exception:  # noqa: BLE001  a library is renewed whoever can be told
                _log.exception("somebody could not be told of the problems of a library")

    def listen(self, listener: Report) -> Callable[[], None]:
        """Have a function called from now on; return what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
