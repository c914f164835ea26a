"""The inbox on Discord: `/inbox` shows what got no good answer, and one tap does something about it.

front       registers all of it, and hands presses to whom they are for
targets     what a button is for: its id says it all, so it works after a restart
buttons     the buttons and the menu
card        a page of the inbox as a card
choosing    the answers that a question may be about, to choose from
showing     a page as it is now
deciding    what a press does
writing     the form of an answer, begun with what was asked
"""
