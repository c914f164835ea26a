"""What the claims about speed rest on: everything here can be run by anyone and prints its own table.

`python -m benchmarks` lists the commands. A time is only ever compared with another of the same run:
the contestants take turns (A, B, A, B, …) on one thread, and what is printed is the median and the
quartiles of the ratios of neighbouring times, so a machine that gets slower or faster meanwhile moves
both sides. `tests/benchmarks` checks that the contestants compute the same numbers.

engine, floor and peers/ are the contestants; training, initialisation, process, linearity, estimate,
cards and matching are the commands; questions/ are the parts of matching, jobs/ and teaching/ hold commands
of their own. RESULTS.md quotes one run of each.
"""
