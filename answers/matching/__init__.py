"""Finding the entry that answers a question, and knowing when there is none."""

from answers.matching.match import Answer, Candidate, Match, Matcher, Offer, Silent

__all__ = ["Answer", "Candidate", "Match", "Matcher", "Offer", "Silent"]
