"""One file for every change of the tables, in `versions`, oldest first."""
