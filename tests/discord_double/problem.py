"""What is wrong with a request, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding about one request; `refused` tells whether Discord itself answers it with a 400."""

    text: str
    refused: bool = True
