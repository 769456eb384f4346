"""Every template is rendered by some example."""

from pathlib import Path
from unittest.mock import patch

from jinja2 import Environment, FileSystemLoader

from generator.pipeline import Request, run
from generator.render.environment import environment
from generator.server import open_server
from tests.examples import EXAMPLES

ROOT = Path(__file__).resolve().parents[2]


def test_every_template_is_rendered_by_some_example() -> None:
    used: set[str] = set()
    environment.cache_clear()  # what another test has loaded would not be loaded again
    load = FileSystemLoader.get_source

    def watched(loader: FileSystemLoader, made: Environment, template: str) -> object:
        used.add(template)
        return load(loader, made, template)

    with open_server() as server, patch.object(FileSystemLoader, "get_source", watched):
        from contextlib import nullcontext

        with patch("generator.server.open_server", lambda **_options: nullcontext(server)):
            for example in EXAMPLES:
                run(Request(old=str(example.old), new=str(example.new), answers=example.answers, prove=False))
    assert {path.name for path in (ROOT / "templates").glob("*.j2")} - used == set()
