"""Templates that instructors write: a small, bounded subset of Jinja2."""

from answers.templates.rendering import MAX_OUTPUT, check, render

__all__ = ["MAX_OUTPUT", "check", "render"]
