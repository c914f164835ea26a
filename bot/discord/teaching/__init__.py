"""The `/answer` commands: instructors write, review, publish and undo answers without leaving Discord.

front       registers all of it, and hands presses and forms to whom they are for
at          one step of somebody's work: where, who, and how they are answered
commands    the commands and their options
buttons     buttons and menus whose ids say everything, so that they outlive a restart
writing, reviewing, publishing, looking, porting
            what is done; each has its cards beside it
"""
