"""A check in the form that was asked for: one file a form."""

from generator.model.check import Check, CheckForm
from generator.render.paint import Paint


def render_check(check: Check, form: CheckForm, paint: Paint) -> str:
    """The check in one form. ``paint`` is what the stream can show, for ``text``."""
    if form is CheckForm.JSON:
        from generator.render.check_json import render_check_json

        return render_check_json(check)
    if form is CheckForm.GITHUB:
        from generator.render.check_github import render_check_github

        return render_check_github(check)
    if form is CheckForm.SARIF:
        from generator.render.check_sarif import render_check_sarif

        return render_check_sarif(check)
    if form is CheckForm.JUNIT:
        from generator.render.check_junit import render_check_junit

        return render_check_junit(check)
    if form is CheckForm.MARKDOWN:
        from generator.render.check_markdown import render_check_markdown

        return render_check_markdown(check)
    from generator.render.check_text import render_check_text

    return render_check_text(check, paint)
