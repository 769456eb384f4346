"""Texts as sentences."""


def full_stop(text: object) -> str:
    """The text with one full stop at its end, whether it had one or not."""
    said = str(text).rstrip()
    return said if said.endswith((".", "?", "!")) else f"{said}."
