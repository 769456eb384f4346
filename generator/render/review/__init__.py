"""The review of a migration, for the person who approves it: one content, as Markdown and as a page."""

from pathlib import Path

from generator.render.review.html_form import render_review_page
from generator.render.review.markdown_form import MOST_CHARACTERS, render_review
from generator.render.review.subject import Subject

__all__ = ["MOST_CHARACTERS", "Subject", "render_review", "render_review_page", "render_reviews"]


def render_reviews(subject: Subject, templates: Path | None = None) -> dict[str, str]:
    """Both forms, by the names of their files. Raises BadInput where a user's template is at fault."""
    return {"REVIEW.md": render_review(subject, templates), "review.html": render_review_page(subject, templates)}
