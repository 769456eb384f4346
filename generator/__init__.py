"""From two declarative schemas to a staged, proven PostgreSQL migration."""
