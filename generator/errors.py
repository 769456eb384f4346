"""What can go wrong for a user: one class each, with its exit code and its way out."""


class GenMigrationError(Exception):
    """Anything that ends a run with a message. ``way_out`` says what to do."""

    exit_code = 2

    def __init__(self, message: str, way_out: str = "") -> None:
        """Keep the message (one or a few lines, with file and line where there is one) and the way out."""
        super().__init__(message)
        self.message = message
        self.way_out = way_out


class BadInput(GenMigrationError):
    """A source, an option or an answers file cannot be used."""


class ServerUnavailable(GenMigrationError):
    """No PostgreSQL could be started or reached, or it went away."""


class ProofFailed(GenMigrationError):
    """The plan was run and did not do what it says."""

    exit_code = 1


class OpenQuestions(GenMigrationError):
    """Something only a person knows is not answered."""

    exit_code = 3


class Refused(GenMigrationError):
    """A change that is not written, on purpose."""

    exit_code = 4
