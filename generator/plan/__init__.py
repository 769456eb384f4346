"""Changes and facts to a plan: pure, and without knowledge of any one database."""
