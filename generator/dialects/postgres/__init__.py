"""PostgreSQL: how its catalog is read, what its statements lock, how each change is made on it."""
