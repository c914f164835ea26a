"""Pictures of the bot's messages, drawn from what the double stored: `python -m discord_double.pictures OUT`.

They show the data of a message — its texts, pictures, buttons and menus in their order, at the width of a
phone — in a look of their own.  They do not show what Discord looks like.

    a message of the double ─page→ one HTML file ─photograph→ PNG

`markdown` reads Discord's Markdown, `items` draws what holds other things, `controls` what people press or
fill in, `page` puts it on paper, `chromium` takes the picture; `course` is a server with a past, in which
`scenes` has the real bot say something worth a picture.
"""
