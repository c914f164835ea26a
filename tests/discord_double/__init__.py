"""A loopback Discord to test against: an unmodified discord.py client takes it for the real one.

What a test can do (`people.py`, `places.py` and `server.py` say it in full):

- People act: `slash`, `autocomplete`, `menu`, `press`, `submit`, `mention`, `say`, `forum_post`; each as
  `user_id`, with `roles=[…]` and `permissions=…` of that moment, and where there is a choice with `guild=`
  True, False (in private) or a guild's id.
- Files: `slash("load", attachments={"file": ("a.md", b"…")})`, or `Attached` for one that lies about itself.
- Menus: `press(custom_id, sent, values=[…])` takes values or the ids of people, roles and channels; modals:
  `submit(interaction, {custom_id: value})`.  What a person could not choose or write is an error of the test.
- Answers: `Interaction.answer`, `followup`, `until`, `modal`; `Posted.reply`; all of them `Sent`.
- Places: `GENERAL_ID`, `EXERCISES_ID`, `AUDIT_ID` (closed to students), `FORUM_ID` with tags; `GENERAL2_ID`
  in the guild `GUILD2_ID`; `create_channel`, `delete_channel`, `remove` a message, `give` roles for good.
- Rights of the bot: `deny(channel, permissions.SEND_MESSAGES)`, `allow(…)`: requests are answered 403, and
  interactions say so; `allow_message_content` and `allow_members` for the privileged intents.
- Leaks: `seen_by(user_id)` lists every message that somebody could read.
- Mishaps: `fail_next`, `delay_next`, `heal`, `drop`, `op7`, `op9`, `repeat`.
- Verdicts: `problems()` of a `DiscordDouble(judge=Judge.load_or_none())` is what was wrong with any request.
"""

from .attached import Attached
from .handles import Interaction, Posted, Request, Sent
from .ids import (
    APPLICATION_ID,
    ASSISTANT,
    ASSISTANT_ROLE_ID,
    AUDIT_ID,
    EXAM_TAG_ID,
    EXERCISES_ID,
    FORUM_ID,
    GENERAL2_ID,
    GENERAL_ID,
    GUILD2_ID,
    GUILD_ID,
    HELPER_ROLE_ID,
    INSTRUCTOR,
    INSTRUCTOR2_ROLE_ID,
    INSTRUCTOR_ROLE_ID,
    SOLVED_TAG_ID,
    STUDENT,
    TEACHER,
    TEACHER_ROLE_ID,
    TRAINING_TAG_ID,
)
from .judge import Judge
from .problem import Problem
from .rules import message_problems
from .server import DiscordDouble

__all__ = [
    "APPLICATION_ID",
    "ASSISTANT",
    "ASSISTANT_ROLE_ID",
    "AUDIT_ID",
    "EXAM_TAG_ID",
    "EXERCISES_ID",
    "FORUM_ID",
    "GENERAL2_ID",
    "GENERAL_ID",
    "GUILD2_ID",
    "GUILD_ID",
    "HELPER_ROLE_ID",
    "INSTRUCTOR",
    "INSTRUCTOR2_ROLE_ID",
    "INSTRUCTOR_ROLE_ID",
    "SOLVED_TAG_ID",
    "STUDENT",
    "TEACHER",
    "TEACHER_ROLE_ID",
    "TRAINING_TAG_ID",
    "Attached",
    "DiscordDouble",
    "Interaction",
    "Judge",
    "Posted",
    "Problem",
    "Request",
    "Sent",
    "message_problems",
]
