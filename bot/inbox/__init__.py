"""What becomes of questions: they are counted, and those without an answer reach the instructors.

Nothing here knows a platform: a front passes in replies, votes and who somebody is, and shows what comes
back.
"""
