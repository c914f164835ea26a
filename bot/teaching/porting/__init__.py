"""Whole libraries as zips of Markdown files, out of a server and into one."""
