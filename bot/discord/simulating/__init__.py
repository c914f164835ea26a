"""`/simulate`, `/compare` and `/explain`: running networks and asking what the words mean.

front       registers all of it
options     the options of `/simulate`, made from the vocabulary
simulate, compare, explain
            one command each
suggesting  what is offered while somebody types
buttons     to run what an explanation suggests, and to read the next one
cards       explanations as cards
"""
