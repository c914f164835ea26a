"""What a department's rush does to the bot: jobs good and bad, crowds, leaks, overhead and sudden ends.

Every measurement runs in a fresh process without torch (`apart`), as the bot does, and next to it the same
load on `concurrent.futures.ProcessPoolExecutor` (`pool`), with as many workers as there are slots.

scenario, leaks, crowd, acknowledgements, overhead and ends are the commands; what they measure lives in the
modules of the folders and files next to them, which import no torch.
"""
