"""One folder a database, each with the same file names."""
