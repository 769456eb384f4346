"""Every template is rendered by some example."""

from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

from jinja2 import Environment, Template

from generator.model.drizzle_folder import DrizzleFolder
from generator.model.drizzle_state import DrizzleState
from generator.model.plan import Plan
from generator.model.runners import RUNNERS
from generator.pipeline import Request, run
from generator.render.forms import prepare
from generator.render.forms.django import Asked
from generator.render.units import make_units
from generator.server import open_server
from tests.examples import EXAMPLES

ROOT = Path(__file__).resolve().parents[2]


ASKED = Asked(label="shop", leaf=None, operations="", imports=(), dependencies=())


def written_for_every_runner(plan: Plan, folder: Path) -> None:
    units = make_units(plan)
    with patch("generator.render.forms.django.ask", lambda _folder: ASKED):
        for name in RUNNERS:
            kept = DrizzleState(folder=DrizzleFolder(path=folder / name, layout="journal"), snapshot='{"tables": {}}')
            prepare(name, plan, units, folder / name, plan.stages, new_state=kept)


def test_every_template_is_rendered_by_some_example(tmp_path: Path) -> None:
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
            done = run(Request(old=str(example.old), new=str(example.new), answers=example.answers, prove=False))
            assert done.plan is not None
            written_for_every_runner(done.plan, tmp_path)
    assert {path.name for path in (ROOT / "templates").glob("*.j2")} - used == set()
