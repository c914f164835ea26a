"""What every word of the grammar means: data files beside the code, read once, and how a word is found.

entry    one explanation, and the strict form it is written in
reading  the files → every explanation by its key
finding  what somebody typed → one explanation, a few that could be meant, or none
"""

from bot.grammar.lexicon.entry import Explanation
from bot.grammar.lexicon.finding import Found, find, suggest
from bot.grammar.lexicon.reading import explanations

__all__ = ["Explanation", "Found", "explanations", "find", "suggest"]
