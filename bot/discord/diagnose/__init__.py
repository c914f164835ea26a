"""`/diagnose`: why the bot does not answer somewhere, and what to do about it.

command    the command
channels   which channel is asked about
finding    one thing that was looked at
place      what holds in a channel: settings, intents, Discord's permissions
rights     those permissions, by the names that Discord shows
inside     what holds everywhere: answers, engine, database
question   what becomes of a question
card       all of it on a card
"""
