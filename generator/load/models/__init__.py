"""SQLAlchemy models, loaded in a process of their own (``child``), which ``process`` starts and listens to."""
