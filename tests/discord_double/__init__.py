"""A loopback Discord to test against: an unmodified discord.py client takes it for the real one."""

from .handles import Interaction, Posted, Request, Sent
from .judge import Judge
from .payloads import APPLICATION_ID, FORUM_ID, GENERAL_ID, GUILD_ID, STUDENT, TEACHER
from .problem import Problem
from .rules import message_problems
from .server import DiscordDouble

__all__ = [
    "APPLICATION_ID",
    "FORUM_ID",
    "GENERAL_ID",
    "GUILD_ID",
    "STUDENT",
    "TEACHER",
    "DiscordDouble",
    "Interaction",
    "Judge",
    "Posted",
    "Problem",
    "Request",
    "Sent",
    "message_problems",
]
