"""review.html: the same review as one file to read, search, fold, copy from and print; it loads nothing."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from generator.render.environment import environment, render_template
from generator.render.review.page import make_page
from generator.render.review.placing import narrow, wide
from generator.render.review.subject import Subject


def render_review_page(subject: Subject, templates: Path | None = None) -> str:
    """The text of review.html. Raises BadInput where a user's template is at fault.

    What the page may run and how it may look is fixed by digests in its policy, so that nothing in a name or a
    comment of a schema can become a script.
    """
    made = environment(templates)
    page = make_page(subject, made)
    style = render_template(made, "review.css.j2")
    script = render_template(made, "review.js.j2")
    return render_template(
        made,
        "review.html.j2",
        page=page,
        plan=page.plan,
        proof=page.proof,
        wide=wide(page.picture),
        narrow=narrow(page.picture),
        style=style,
        script=script,
        style_digest=_digest(style),
        script_digest=_digest(script),
    )


def _digest(text: str) -> str:
    """As a Content-Security-Policy names it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
