"""The real bot on a double of Discord, both in processes of their own: what a person there waits for.

responses is the command; driving starts and moves the processes, measuring is what is done with them, and
bare is the bot that ours is compared with.
"""
