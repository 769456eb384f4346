"""Ratios, printed; nothing is asserted about time. Run as ``python -m tests.benchmarks.against_alembic`` and so on."""
