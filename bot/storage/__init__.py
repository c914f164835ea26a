"""What the bot remembers: instructors' answers, settings, questions and votes, in SQLite or PostgreSQL.

Importing this package loads no database library; `bot.storage.opening` does.
"""
