"""The proof: a plan's scripts are run on a real server, forwards and back, and what was claimed is looked at."""
