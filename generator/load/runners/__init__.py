"""Folders of SQL migrations, one file a runner: told by their names and marks, run in the runner's own order."""
