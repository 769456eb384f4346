"""What Drizzle keeps beside its migrations: what is in its folder, and a snapshot of the new schema."""

from dataclasses import dataclass

from generator.model.drizzle_folder import DrizzleFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class DrizzleState:
    """``snapshot`` is the JSON text of the new schema's snapshot, empty where there is none; as a difference to the
    newest of the folder where the folder keeps such."""

    folder: DrizzleFolder
    snapshot: str
