"""The templates, compiled once: whatever they show is escaped, whatever they lack is an error."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from service.page import wording
from service.page.assets import asset, assets
from service.page.links import article_address


def render(name: str, **values: object) -> bytes:
    """Return the template *name*, filled with *values*, as it is sent."""
    # Half a surrogate pair, which an article may hold, cannot be written as UTF-8.
    return _environment().get_template(f"{name}.html").render(values).encode(errors="replace")


def prepare() -> None:
    """Compile all templates, which the first reader would else wait for."""
    for name in _environment().list_templates():
        _environment().get_template(name)


@cache
def look() -> str:
    """Return a name for how pages look now: another one as soon as a template changes."""
    parts = blake2b(repr(sorted(assets())).encode(), digest_size=8)
    folder = files("service.page") / "templates"
    for each in sorted(folder.iterdir(), key=lambda file: file.name):
        parts.update(each.read_bytes())
    return parts.hexdigest()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("service.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "articles": wording.articles,
        "marked": Markup,  # what service.snippets escaped, its marks the only elements
        "milliseconds": wording.milliseconds,
        "moment": wording.moment,
        "number": wording.number,
        "size": wording.size,
        "written": wording.written,
    }
    environment.globals |= {"asset": asset, "article_address": article_address}
    return environment
