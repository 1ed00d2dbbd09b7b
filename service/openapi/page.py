"""The description as a page for people: no script, nothing from elsewhere, readable offline."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

Json = dict[str, Any]

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem }
code, pre { font: 0.875rem/1.4 ui-monospace, monospace }
pre { background: #f2f2f2; color: #111; padding: 0.75rem; overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0;
  border-bottom: 1px solid #ccc }
section { margin-top: 2.5rem }
"""


def page(description: Json) -> bytes:
    """Return *description*, an OpenAPI object, as HTML."""
    info = description["info"]
    root = Element("html", lang="it")
    head = SubElement(root, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _add(head, "title", f"{info['title']}: API")
    _add(head, "style", _STYLE)
    main = SubElement(SubElement(root, "body"), "main")
    _add(main, "h1", f"{info['title']} {info['version']}: API")
    _add(main, "p", info["description"])
    contents = SubElement(SubElement(main, "nav"), "ul")
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            title = f"{method.upper()} {path}"
            link = SubElement(SubElement(contents, "li"), "a", href=f"#{operation['operationId']}")
            _add(link, "code", title)
            link.tail = f" {operation['description']}"
            _operation(main, title, operation, description)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", method="html")
    return b"<!DOCTYPE html>\n" + written


def _operation(main: Element, title: str, operation: Json, description: Json) -> None:
    section = SubElement(main, "section", id=operation["operationId"])
    _add(SubElement(section, "h2"), "code", title)
    _add(section, "p", operation["description"])
    needs = operation.get("security")
    if needs:
        scope = needs[-1]["key"][0]
        only = ", se chi gestisce il servizio ne ha fatta una" if len(needs) > 1 else ""
        _add(section, "p", f"Serve una chiave di ambito {scope}{only}.")
    if operation.get("parameters"):
        _parameters(section, operation["parameters"])
    for content in operation.get("requestBody", {}).get("content", {}).values():
        _add(section, "h3", "Richiesta")
        _example(section, content)
    _add(section, "h3", "Risposte")
    for status, own in operation["responses"].items():
        reference = own.get("$ref", "").rpartition("/")[2]
        answer = description["components"]["responses"][reference] if reference else own
        line = SubElement(section, "p")
        _add(line, "strong", status)
        kinds = ", ".join(answer.get("content", {}))
        line[-1].tail = f" {answer['description']} {kinds}"
        for content in answer.get("content", {}).values():
            if status == "200":
                _example(section, content)


def _parameters(section: Element, parameters: list[Json]) -> None:
    table = SubElement(section, "table")
    row = SubElement(SubElement(table, "thead"), "tr")
    for title in ("Parametro", "Valori", "Significato"):
        _add(row, "th", title)
    body = SubElement(table, "tbody")
    for parameter in parameters:
        row = SubElement(body, "tr")
        _add(SubElement(row, "td"), "code", parameter["name"])
        _add(row, "td", _values(parameter["schema"]))
        _add(row, "td", parameter["description"])


def _values(schema: Json) -> str:
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if "items" in schema:
        return f"{_values(schema['items'])} (anche più di uno)"
    if "minimum" in schema:
        return f"da {schema['minimum']} a {schema['maximum']}, se manca {schema['default']}"
    longest = schema.get("maxLength")
    return f"testo, fino a {longest} caratteri" if longest else "testo"


def _example(section: Element, content: Json) -> None:
    if "example" in content:
        _add(section, "pre", json.dumps(content["example"], ensure_ascii=False, indent=2))


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
