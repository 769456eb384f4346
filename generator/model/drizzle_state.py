"""What Drizzle keeps beside its migrations: what is in its folder, and a snapshot of the new schema."""

from dataclasses import dataclass

from generator.model.drizzle_folder import DrizzleFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class DrizzleState:
    """``snapshot`` is the JSON text of the new schema's snapshot as drizzle-kit wrote it, empty where there is none."""

    folder: DrizzleFolder
    snapshot: str
