"""Registering the commands with Discord: one bulk request, and only when something changed.

Discord allows 200 new commands a day; a bot that registers at every start in a restart loop uses them up.
"""

import contextlib
import hashlib
import json
import logging
from pathlib import Path

import discord
from discord import app_commands

_log = logging.getLogger(__name__)


async def sync_if_changed(tree: app_commands.CommandTree[discord.Client], data: Path) -> bool:
    """Register the tree's commands unless this application's are known to be the same; tell whether it did.

    Args:
        tree: the commands.
        data: the folder that remembers what was registered last.
    """
    payload = [
        await command.get_translated_payload(tree, tree.translator)
        if tree.translator
        else command.to_dict(tree)
        for command in tree.get_commands()
    ]
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    memory = data / f"commands-{tree.client.application_id}.sha256"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if memory.read_text(encoding="utf-8") == digest:
            return False
    registered = await tree.sync()
    _log.info("registered the commands %s", ", ".join(f"/{command.name}" for command in registered))
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text(digest, encoding="utf-8")
    except OSError as error:  # the next start registers them once more
        _log.warning("cannot note in %s which commands are registered: %s", memory, error.strerror)
    return True
