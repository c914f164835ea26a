"""The ids of the people, places, roles and tags that the double begins with."""

APPLICATION_ID = "1100000000000000001"

GUILD_ID = "1100000000000000100"
GUILD2_ID = "1100000000000000101"
"""Another course, whose server has the same bot: nothing of the first may be seen there."""

GENERAL_ID = "1100000000000000200"
FORUM_ID = "1100000000000000201"
EXERCISES_ID = "1100000000000000202"
AUDIT_ID = "1100000000000000203"
"""A text channel that only instructors, assistants and the bot can read."""
GENERAL2_ID = "1100000000000000204"
"""The only channel of the second guild."""

SOLVED_TAG_ID = "1100000000000000250"
TRAINING_TAG_ID = "1100000000000000251"
EXAM_TAG_ID = "1100000000000000252"
"""A tag that only those who manage threads may apply."""

BOT_ROLE_ID = "1100000000000000300"
TEACHER_ROLE_ID = "1100000000000000301"
INSTRUCTOR_ROLE_ID = "1100000000000000302"
ASSISTANT_ROLE_ID = "1100000000000000303"
HELPER_ROLE_ID = "1100000000000000304"
BOT2_ROLE_ID = "1100000000000000310"
INSTRUCTOR2_ROLE_ID = "1100000000000000311"
"""A role of the second guild, as ids are unique everywhere."""

TEACHER = 1_100_000_000_000_000_400
"""The owner of both guilds, who may do everything."""
STUDENT = 1_100_000_000_000_000_401
"""Any other number is a student too."""
INSTRUCTOR = 1_100_000_000_000_000_402
"""Holds the instructor role of the first guild, and may do no more than students as far as Discord knows."""
ASSISTANT = 1_100_000_000_000_000_403
"""Holds the assistant role of the first guild."""
