"""What goes wrong with a user's models: told by the child, raised as BadInput by the program."""


class Trouble(Exception):
    """Something that the user has to know, with the way out."""

    def __init__(self, message: str, way_out: str = "") -> None:
        """Keep the two sentences."""
        super().__init__(message)
        self.message = message
        self.way_out = way_out
