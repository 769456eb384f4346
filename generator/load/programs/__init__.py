"""Sources that are programs of the user's project: run against an empty scratch database, which is then read."""
