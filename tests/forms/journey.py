"""The way that every runner goes: forwards with both versions of the application at work, back, and forwards again."""

from typing import Protocol

from tests.forms.world import STAGES, World


class Runner(Protocol):
    """A runner in a project of its own, in which the migration was written."""

    def forwards(self, stage: str) -> None:
        """Apply everything up to the end of a stage."""

    def back(self, stage: str) -> None:
        """Undo everything from the end of a stage to its beginning."""


def go(world: World, runner: Runner) -> None:
    """All the way, and everything is looked at on the way."""
    schema, rows = world.schema(), world.rows()
    world.old_version_works(fills=False)
    for stage in STAGES:
        runner.forwards(stage)
        if stage != "contract":
            world.old_version_works(fills=True)
        world.new_version_works()
    world.is_new()
    for stage in reversed(STAGES):
        runner.back(stage)
        if stage != "expand":
            world.old_version_works(fills=True)
    assert world.schema() == schema
    assert world.rows() == rows
    world.old_version_works(fills=False)
    for stage in STAGES:
        runner.forwards(stage)
    world.is_new()
