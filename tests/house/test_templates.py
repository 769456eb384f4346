"""Every template is rendered by some example."""

from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

from jinja2 import Environment, Template

from generator.pipeline import Request, run
from generator.server import open_server
from tests.examples import EXAMPLES

ROOT = Path(__file__).resolve().parents[2]


def test_every_template_is_rendered_by_some_example() -> None:
    used: set[str] = set()
    get = Environment.get_template

    def watched(environment: Environment, name: str, *rest: object, **more: object) -> Template:
        used.add(name)
        return get(environment, name, *rest, **more)  # type: ignore[arg-type]

    with (
        open_server() as server,
        patch.object(Environment, "get_template", watched),
        patch("generator.server.open_server", lambda **_options: nullcontext(server)),
    ):
        for example in EXAMPLES:
            run(Request(old=str(example.old), new=str(example.new), answers=example.answers, prove=False))
    assert {path.name for path in (ROOT / "templates").glob("*.j2")} - used == set()
