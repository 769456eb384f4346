"""Every kind of change in both directions, and changes on rows that make them dangerous, through the whole pipeline."""
