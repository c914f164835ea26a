"""Limits, jobs, platforms: the bot around the answers."""
