"""Finding the entry that answers a question, and knowing when there is none."""

from answers.matching.match import Matcher
from answers.matching.outcome import Answer, Candidate, Match, Mode, Offer, Silent

__all__ = ["Answer", "Candidate", "Match", "Matcher", "Mode", "Offer", "Silent"]
