"""Random pairs of schemas, and what the whole program makes of them."""
