"""Run jobs on other machines, through dask.distributed: the extra `cluster`; see docs/cluster.md.

Importing this package imports nothing of it; `bot.jobs.cluster.open` does when a scheduler is configured.
"""
