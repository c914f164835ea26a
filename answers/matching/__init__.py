"""Finding the entry that answers a question, and knowing when there is none."""

from answers.matching.caution import Caution
from answers.matching.lessons import NO_LESSONS, Lessons
from answers.matching.match import Matcher
from answers.matching.outcome import Answer, Candidate, Match, Mode, Offer, Silent

__all__ = [
    "NO_LESSONS",
    "Answer",
    "Candidate",
    "Caution",
    "Lessons",
    "Match",
    "Matcher",
    "Mode",
    "Offer",
    "Silent",
]
