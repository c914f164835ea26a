"""A bot with every control that people can use, which says what it got from the double."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any

with warnings.catch_warnings():
    # Python 3.11 and 3.12 warn of the audioop that discord.py imports.
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    from discord import app_commands, ui

from .sample_bot import NOBODY


def who(interaction: discord.Interaction[Any]) -> str:
    """Say who acts, as the bot understands it."""
    member = interaction.user
    roles = (
        ",".join(role.name for role in member.roles if not role.is_default())
        if isinstance(member, discord.Member)
        else "-"
    )
    manages = interaction.permissions.manage_guild
    return f"{member.display_name} [{roles}] manages={manages} in {interaction.guild}"


class Saying(ui.Modal):
    """A modal that says what it was filled in with, and by whom."""

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        said: dict[str, Any] = {}
        for label in self.children:
            assert isinstance(label, ui.Label)
            field: Any = label.component
            said[field.custom_id] = field.values if hasattr(field, "values") else field.value
        if "files" in said:
            said["files"] = [(file.filename, await file.read()) for file in said["files"]]
            said["channel"] = [str(channel) for channel in said["channel"]]
        await interaction.response.send_message(f"{said}\n{who(interaction)}", ephemeral=True)


class Form(Saying, title="Write an answer"):
    name = ui.Label(
        text="Title",
        component=ui.TextInput[Any](custom_id="title", default="Untitled", min_length=3, max_length=9),
    )
    body = ui.Label(
        text="Body",
        component=ui.TextInput[Any](custom_id="body", style=discord.TextStyle.paragraph, required=False),
    )
    kind = ui.Label(
        text="Kind",
        component=ui.Select[Any](
            custom_id="kind",
            options=[
                discord.SelectOption(label="Fact", value="fact", default=True),
                discord.SelectOption(label="Plot", value="plot"),
            ],
        ),
    )
    channel = ui.Label(text="Where", component=ui.ChannelSelect[Any](custom_id="channel", required=False))
    files = ui.Label(
        text="Files", component=ui.FileUpload[Any](custom_id="files", required=False, max_values=2)
    )


class Extra(Saying, title="More"):
    colour = ui.Label(
        text="Theme",
        component=ui.RadioGroup[Any](
            custom_id="theme",
            options=[
                discord.RadioGroupOption(label="Dark", value="dark"),
                discord.RadioGroupOption(label="Light", value="light"),
            ],
        ),
    )
    live = ui.Label(text="Publish", component=ui.Checkbox[Any](custom_id="live"))


class Settings(ui.LayoutView):
    """A card with a menu of every kind."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        options = [discord.SelectOption(label=word, value=word) for word in ("careful", "balanced", "eager")]
        menus: list[ui.Item[Any]] = [
            ui.Select(custom_id="words", options=options, min_values=0, max_values=2),
            ui.UserSelect(custom_id="people"),
            ui.RoleSelect(custom_id="roles", max_values=3),
            ui.MentionableSelect(custom_id="anyone", max_values=2),
            ui.ChannelSelect(custom_id="channels", channel_types=[discord.ChannelType.text]),
        ]
        for menu in menus:
            menu.callback = self._callback(menu)  # pyright: ignore[reportAttributeAccessIssue]
            self.add_item(ui.ActionRow(menu))
        self.add_item(ui.ActionRow(ui.Button(custom_id="off", label="Off", disabled=True), _Write()))

    @staticmethod
    def _callback(menu: Any) -> Any:
        async def say(interaction: discord.Interaction[Any]) -> None:
            chosen = [f"{type(value).__name__} {value}" for value in menu.values]
            await interaction.response.send_message(f"{chosen}", ephemeral=True)

        return say


class _Write(ui.Button[Any]):
    def __init__(self) -> None:
        super().__init__(custom_id="write", label="Write")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(Form())


async def _load(
    interaction: discord.Interaction[Any], file: discord.Attachment, place: discord.TextChannel | None = None
) -> None:
    try:
        data: object = await file.read()
    except discord.HTTPException as error:
        data = f"status {error.status}"
    said = (file.filename, file.size, file.content_type, file.ephemeral, data, str(place))
    await interaction.response.send_message(f"{said}", ephemeral=True)


async def _who(interaction: discord.Interaction[Any], private: bool = False) -> None:  # noqa: FBT001, FBT002 - an option
    await interaction.response.send_message(who(interaction), ephemeral=private)


async def _settings(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_message(view=Settings(), ephemeral=True)


async def _form(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_modal(Form())


async def _extra(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_modal(Extra())


async def _about(interaction: discord.Interaction[Any], _message: discord.Message) -> None:
    await interaction.response.send_message(who(interaction), ephemeral=True)


async def _typed(interaction: discord.Interaction[Any], _current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=who(interaction), value="x")]


async def _find(interaction: discord.Interaction[Any], name: str) -> None:
    await interaction.response.send_message(name)


class Controls(discord.Client):
    """The bot; `intents` beyond the default are those a test wants."""

    def __init__(self, **intents: bool) -> None:
        wanted = discord.Intents.default()
        for name, value in intents.items():
            setattr(wanted, name, value)
        # Nobody waits for guilds that come late: the double has told of all of them when it is ready.
        super().__init__(intents=wanted, allowed_mentions=NOBODY, guild_ready_timeout=0.1)
        self.tree = app_commands.CommandTree(self)
        find: app_commands.Command[Any, ..., None] = app_commands.Command(
            name="find", description="Finds.", callback=_find
        )
        find.autocomplete("name")(_typed)
        self.tree.add_command(find)
        says: dict[str, Any] = {
            "load": _load,
            "who": _who,
            "settings": _settings,
            "form": _form,
            "extra": _extra,
        }
        for name, callback in says.items():
            command: app_commands.Command[Any, ..., None] = app_commands.Command(
                name=name, description="Says.", callback=callback
            )
            self.tree.add_command(command)
        self.tree.add_command(app_commands.ContextMenu(name="About", callback=_about))
        self.heard: asyncio.Queue[discord.Message] = asyncio.Queue()
        self.threads: asyncio.Queue[discord.Thread] = asyncio.Queue()

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.put_nowait(message)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        self.threads.put_nowait(thread)
