"""The grammar for people who type: what may follow, what a word means, how options become text.

offers      what is worth offering: usual numbers, common words first, whole examples
draft       what was typed so far, read as far as it can be
completion  whole texts that continue it
composing   typed options and configurations side by side → one text
lexicon/    an explanation of every word
titles      which questions of a library continue what is typed
"""
