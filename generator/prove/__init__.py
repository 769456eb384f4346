"""The proof: a plan's scripts are run on a real server, forwards and back, and what was claimed is looked at."""

from generator.prove.conduct import prove
from generator.prove.request import ProofRequest

__all__ = ["ProofRequest", "prove"]
