"""Which votes may be shown: those of few people could be traced to one of them.

Everybody in a channel sees what is asked there, but a vote is secret.  Who knows that one student asked in a
quiet week would read that student's opinion off that week's votes.  So the votes of a week, or of an answer,
stand as "< 5" where there were fewer than five questions or votes.  They are not merged with those of other
weeks: what is merged changes from report to report, and the difference would tell.  As the sum over all is
shown too, what is hidden must not follow from it: where the hidden rows have fewer than five votes together,
the row with the fewest of the others is hidden as well; and a sum of fewer than five is no more shown than a
row.

So every number of votes that is shown, or follows from what is shown in one report, is of at least five
votes, or of none.
"""

from collections.abc import Sequence

from bot.storage.stats import Tally

FEW = 5
"""Fewer questions or votes than these belong to somebody."""


def votes(tally: Tally) -> int:
    """Count the votes."""
    return tally.helpful + tally.unhelpful + tally.mismatch


def hidden(tallies: Sequence[Tally]) -> frozenset[int]:
    """Return the places of the rows whose votes are not shown, among rows whose sum is."""
    found = {place for place, one in enumerate(tallies) if votes(one) < FEW or one.asked < FEW}
    others = sorted(set(range(len(tallies))) - found, key=lambda place: (votes(tallies[place]), place))
    for place in others:
        if not 0 < sum(votes(tallies[one]) for one in found) < FEW:
            break
        found.add(place)
    return frozenset(found)
