"""The one Jinja2 environment: how every template is found, and what it may use.

Templates lay out, they never decide. A name that is not there is an error and not an empty string, so that a typing
error cannot make half a script. A user's folder comes before ours; a template there can build on ours of the same name
with ``{% extends "ours/review.md.j2" %}``.
"""

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import BadInput
from generator.resources import cache_folder, folder

if TYPE_CHECKING:
    from jinja2 import Environment, FileSystemBytecodeCache


@cache
def environment(templates: Path | None = None) -> "Environment":
    """The environment, with the user's folder ``templates`` before ours. Raises BadInput where it is no folder.

    Filters: ``ident``, ``literal`` and ``qname`` write a name, a text and a QName as SQL, ``dollar`` a text between
    dollar signs, ``line`` one that stands in a comment; ``md``, ``sentence``, ``code`` and ``fence`` write texts for
    Markdown; ``blocks`` says what a lock keeps the application from.
    """
    from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, select_autoescape

    from generator.dialects.postgres import names
    from generator.render import markdown, sentences
    from generator.render.stages import blocks

    if templates is not None and not templates.is_dir():
        raise BadInput(f"--templates {templates}: there is no such folder.", "Name a folder that holds *.j2 files.")
    ours = FileSystemLoader(folder("templates"))
    users = [FileSystemLoader(templates)] if templates is not None else []
    made = Environment(
        loader=ChoiceLoader([*users, ours, PrefixLoader({"ours": ours})]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=select_autoescape(enabled_extensions=("html.j2", "svg.j2"), default=False),
        bytecode_cache=_compiled(),
    )
    made.extend(**{_USERS: templates})
    made.filters.update(
        ident=names.ident, literal=names.literal, qname=names.qname, dollar=names.dollar_quoted, line=names.one_line
    )
    made.filters.update(full_stop=sentences.full_stop, estimate=sentences.estimate)
    made.filters.update(
        md=markdown.md, sentence=markdown.sentence, fence=markdown.fence, code=markdown.code, blocks=blocks
    )
    return made


def _compiled() -> "FileSystemBytecodeCache | None":
    """Templates as Jinja2 compiled them in an earlier run: a quarter of a second less. None where nothing can be kept.

    What is in it is run as code, so it is used only where nobody else can write.
    """
    from jinja2 import FileSystemBytecodeCache, __version__

    place = cache_folder("templates") / f"jinja2-{__version__}-{Path(__file__).stat().st_mtime_ns}"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = place.stat()
    except OSError:
        return None
    private = os.name != "posix" or (state.st_uid == os.getuid() and not state.st_mode & 0o022)
    return FileSystemBytecodeCache(str(place)) if private and os.access(place, os.W_OK) else None


def render_template(environment: "Environment", name: str, /, **context: Any) -> str:
    """The text of one template. Raises BadInput, with file and line, where a user's template is at fault.

    Without a user's folder it is we who are at fault, and the error stays what it is.
    """
    try:
        return environment.get_template(name).render(**context)
    except Exception as error:
        if not getattr(environment, _USERS, None):
            raise
        raise BadInput(_message(error, name), _WAY_OUT) from error


_USERS = "users_templates"
_WAY_OUT = "Correct the template, or leave --templates out to use ours."


def _message(error: Exception, name: str) -> str:
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name}:{error.lineno}: {error.message}"
    if isinstance(error, TemplateNotFound):
        return f"The template {error.name} is not found."
    said = error.message if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"
    return f"{_where(error, name)}: {said}"


def _where(error: Exception, name: str) -> str:
    """File and line of the innermost template in the traceback, since an UndefinedError does not carry them."""
    place, entry = name, error.__traceback__
    while entry is not None:
        code = entry.tb_frame.f_code
        if code.co_filename.endswith(".j2"):
            place = f"{code.co_filename}:{entry.tb_lineno}"
        entry = entry.tb_next
    return place
