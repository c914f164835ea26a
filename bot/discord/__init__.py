"""The Discord front: the only files that import `discord`."""
