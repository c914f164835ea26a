"""Imported by the forkserver of a long-lived bot, after `preload`: what torch itself loads late.

Forward-mode differentiation and every torch.optim need torch._dynamo: a second that each job would pay.
"""

import importlib

for _name in ("torch._dynamo", "torch._decomp"):
    importlib.import_module(_name)
