"""The review of a migration, for the person who approves it: one content, as Markdown and as a page."""

from generator.render.review.html_form import render_review_page
from generator.render.review.markdown_form import MOST_CHARACTERS, render_review
from generator.render.review.subject import Subject

__all__ = ["MOST_CHARACTERS", "Subject", "render_review", "render_review_page"]
