"""Answers that a test puts in the place of the right ones, or holds back for a while."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re

TOO_MANY = 429


@dataclass(slots=True, kw_only=True)
class Fault:
    """The wrong answer to the next requests that match."""

    method: str
    path: re.Pattern[str]
    status: int
    times: int
    uploads: bool | None
    """Whether it is about requests with files, about those without, or about all."""
    body: Any
    headers: dict[str, str | None]
    acted: bool = False
    """Whether what was asked is done all the same, and only the answer is wrong."""

    def answer(self) -> tuple[int, bytes, dict[str, str]]:
        """Say status, body and headers; status 0 means to hang up without an answer."""
        headers = {"Content-Type": "application/json"} if not isinstance(self.body, str) else {}
        body = self.body
        if body is None and self.status == TOO_MANY:
            # discord.py retries only what has `Via`: without it the 429 is Cloudflare's.
            body = {"message": "You are being rate limited.", "retry_after": 0.05, "global": False}
            headers |= {"Via": "1.1 google", "Retry-After": "1", "X-RateLimit-Scope": "user"}
        elif body is None:
            body = {"message": f"{self.status}: injected by the double", "code": 0}
        raw = body if isinstance(body, str) else json.dumps(body)
        merged = headers | self.headers
        return self.status, raw.encode(), {name: value for name, value in merged.items() if value is not None}


@dataclass(slots=True, kw_only=True)
class Delay:
    """The next requests that match, acted on only after some time."""

    method: str
    path: re.Pattern[str]
    seconds: float
    times: int
    uploads: bool
    """Whether it is about requests with files, or about those without."""


@dataclass(slots=True)
class Faults:
    """The faults that still wait for their request, oldest first."""

    waiting: list[Fault] = field(default_factory=list[Fault])
    delays: list[Delay] = field(default_factory=list[Delay])

    def delay(self, method: str, path: str, *, uploads: bool) -> float:
        """Use up one time of the first delay that matches, and say how long it is."""
        for delay in self.delays:
            if (delay.method, delay.uploads) == (method, uploads) and delay.path.search(path):
                delay.times -= 1
                if delay.times <= 0:
                    self.delays.remove(delay)
                return delay.seconds
        return 0.0

    def take(self, method: str, path: str, *, uploads: bool) -> Fault | None:
        """Use up one time of the first fault that matches."""
        for fault in self.waiting:
            fits = fault.uploads in (None, uploads)
            if fits and fault.method == method and fault.path.search(path):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None
