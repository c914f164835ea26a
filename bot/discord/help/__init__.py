"""What newcomers need: `/help`, `/about`, and the first steps in a server that the bot is new in.

front        registers all of it
help_card    what the bot can do, on one screen of a phone
about_card   which version of what it is
facts        the versions and links of the installed package
buttons      of both cards
arriving     what happens when a server lets the bot in
greeted      which servers were greeted before
first_card   what is posted there
first_buttons
             the buttons of that
"""
