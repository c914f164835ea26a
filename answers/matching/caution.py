"""How sure is sure enough, in words.

Chosen on the calibration messages, 434 questions and 1,247 others: careful is wrong at most half as often as
balanced, eager answers more as long as few others are answered. Addressed, then in a channel; "wrong" are
questions that get an answer outside the right one's family:

    careful   73.5 % answered right,  1 wrong,  8 others; 44.9 %, 0, 2   5.4 % of the others get an offer
    balanced  85.9 %,                 3,       18;        55.8 %, 1, 4   6.3 %
    eager     88.9 %,                 4,       28;        62.0 %, 1, 6   7.5 %

On the 344 questions and 260 others of the tests, which were not looked at for it: addressed 73.3, 84.3 and
87.8 % right, 1, 1 and 2 wrong, in a channel 47.7, 58.4 and 68.3 % right, 0, 0 and 1 wrong, no others.
"""

from dataclasses import dataclass
from enum import Enum

from answers.matching.outcome import Mode


class Caution(Enum):
    """How sure the bot is before it speaks."""

    CAREFUL = "careful"
    BALANCED = "balanced"
    EAGER = "eager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Probabilities that the likeliest answer is right, from which it is given, or a choice is offered.

    A wrong answer costs more trust than an offer.
    """

    addressed: float
    channel: float
    offer: float

    def enough(self, mode: Mode) -> float:
        """Return from where an answer is given."""
        return self.addressed if mode is Mode.ADDRESSED else self.channel


THRESHOLDS = {
    Caution.CAREFUL: Thresholds(addressed=0.95, channel=0.99, offer=0.25),
    Caution.BALANCED: Thresholds(addressed=0.82, channel=0.97, offer=0.15),
    Caution.EAGER: Thresholds(addressed=0.7, channel=0.93, offer=0.1),
}
