"""The options of a view, which both versions of snapshots spell in camelCase."""

import re

from generator.load.drizzle.json_file import Node

_UPPER = re.compile(r"[A-Z]")


def view_options(node: Node) -> str:
    """What stands in WITH (). Raises BadInput for a value that is no option's."""
    options = []
    for name in node.data:
        value = node.any(name)
        if value is None:
            continue
        if not isinstance(value, str | bool | int | float):
            raise node.wrong(f"{name} is no option of a view")
        text = str(value).lower() if isinstance(value, bool) else str(value)
        options.append(f"{_UPPER.sub(lambda found: '_' + found[0].lower(), name)} = {text}")
    return ", ".join(options)
