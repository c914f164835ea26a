"""The bot's own words in the language of who reads them.

saying      `say("Ask {who} again.", who=name)`: the one function that texts for people go through
language    which language that is, for the task at hand
catalogue   the translations of a language, read once
po          reading the files in which translators write them: `languages/*.po`
sentences   the errors of deeper layers, which know no languages
commands    the descriptions of slash commands, which Discord shows itself
marks       which texts the code has, for tests and for `update`
update      `python -m bot.discord.translating.update` adds new texts to the files
"""

from bot.discord.translating.language import language_of_server, read_by, reading, write_in
from bot.discord.translating.saying import marked, say, say_many

__all__ = ["language_of_server", "marked", "read_by", "reading", "say", "say_many", "write_in"]
