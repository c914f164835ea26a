"""The card with which a server's instructors decide what the bot does there."""
