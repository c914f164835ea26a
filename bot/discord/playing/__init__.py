"""Cards that one can play with: change a knob, see more of it, share it, ask a human.

state       what a card shows, short enough for the id of a button
steps       what can sensibly be changed next
controls    the menus and buttons below a card
outfit      all of it, ready for a card
pressing    what is done when one of them is used
in_place    changing the very card that was pressed
extras      tables, files, code: what is shown beside a card
numbers     what was measured, as a table and as CSV
reading     what a card that was sent says about itself
humans      calling those who help
menu        "Answer this" on somebody's message
front       registers all of it
"""
