"""Instructors' work on the answers: review, drafts, publishing, history, and whole libraries as files.

Nothing here knows a platform: a front passes in who somebody is and what they may do, and shows what comes
back.
"""
