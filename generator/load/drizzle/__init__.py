"""Drizzle's snapshots, folders of migrations and schema files, as DDL of our own."""
