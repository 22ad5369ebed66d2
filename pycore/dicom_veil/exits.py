"""Exit statuses of the command line."""

DONE, SOME_REFUSED, WRONG_USAGE = 0, 1, 2
