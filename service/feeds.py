"""Results → XML: a search as an Atom feed, the service as an OpenSearch description.

Everything passes through ElementTree, which escapes; what XML cannot hold is taken out before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement
from zoneinfo import ZoneInfo

from service.addresses import followed
from service.search import Result, Results, SearchRequest

FEED = "/search.atom"
ATOM = "application/atom+xml"
DESCRIPTION = "application/opensearchdescription+xml"
SUGGESTIONS = "application/x-suggestions+json"

_ROME = ZoneInfo("Europe/Rome")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed_path(request: SearchRequest) -> str:
    """Return the path of the feed of all that *request* finds."""
    narrowing = request.narrowing()
    return f"{FEED}?{narrowing}" if narrowing else FEED


def atom(
    results: Results, address: str, path: str, changed: str, stretch: Mapping[str, int]
) -> bytes:
    """Return *results* as a feed.

    The service lives at *address*, the feed at *path* below it, of which *stretch* asks for a part
    as parameters do; *changed* is when the index last was, which stands for the date of what has
    none.
    """
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "it"})
    _text(feed, "id", _urn(path))
    _text(feed, "title", f"Ritaglio: {results.query}" if results.query.strip() else "Ritaglio")
    dates = [_moment(result, changed) for result in results.results]
    _text(feed, "updated", max(dates, key=datetime.fromisoformat, default=changed))
    _text(SubElement(feed, "author"), "name", "Ritaglio")
    _text(feed, "generator", "Ritaglio")
    part = f"{'&' if '?' in path else '?'}{urlencode(stretch)}" if stretch else ""
    SubElement(feed, "link", rel="self", type=ATOM, href=_clean(address + path + part))
    page = address + path.replace(FEED, "/", 1)
    SubElement(feed, "link", rel="alternate", type="text/html", href=_clean(page))
    for result, moment in zip(results.results, dates, strict=True):
        _entry(feed, result, address, moment)
    return _written(feed)


def opensearch(address: str) -> bytes:
    """Return the description of the service at *address*, as browsers and readers look for it."""
    root = Element("OpenSearchDescription", xmlns="http://a9.com/-/spec/opensearch/1.1/")
    _text(root, "ShortName", "Ritaglio")
    _text(root, "Description", "Ricerca negli articoli")
    _text(root, "Language", "it")
    _text(root, "InputEncoding", "UTF-8")
    _text(root, "OutputEncoding", "UTF-8")
    for kind, relation, template in (
        ("text/html", "results", "/?q={searchTerms}&limit={count?}&offset={startIndex?}"),
        (ATOM, "results", "/search.atom?q={searchTerms}&limit={count?}&offset={startIndex?}"),
        (
            "application/json",
            "results",
            "/search?q={searchTerms}&limit={count?}&offset={startIndex?}",
        ),
        (SUGGESTIONS, "suggestions", "/suggest?q={searchTerms}&format=opensearch"),
    ):
        url = SubElement(root, "Url", type=kind, rel=relation, template=_clean(address + template))
        if "startIndex" in template:
            url.set("indexOffset", "0")
    return _written(root)


def _entry(feed: Element, result: Result, address: str, moment: str) -> None:
    entry = SubElement(feed, "entry")
    _text(entry, "id", _urn(result.id))
    _text(entry, "title", result.title or result.id)
    _text(entry, "updated", moment)
    if result.date:
        _text(entry, "published", moment)
    own = f"{address}/articles/{quote(result.id, safe='')}"
    original, _ = followed(result.url) or (own, "")
    SubElement(entry, "link", rel="alternate", href=_clean(original))
    SubElement(entry, "link", rel="related", type="application/json", href=_clean(own))
    if name := result.author or result.source:
        _text(SubElement(entry, "author"), "name", name)
    for tag in result.tags:
        SubElement(entry, "category", term=_clean(tag))
    if result.snippets:
        html = " ".join(snippet.html for snippet in result.snippets)
        _text(entry, "summary", html).set("type", "html")


def _moment(result: Result, changed: str) -> str:
    """Return the first moment of the article's day, month or year in Rome."""
    if result.date is None:
        return changed
    day = result.date + "-01-01"[len(result.date) - 4 :]
    return datetime.fromisoformat(day).replace(tzinfo=_ROME).isoformat()


def _urn(name: str) -> str:
    # The same on every host and port, so that a reader who has read an article has read it.
    return uuid5(NAMESPACE_URL, f"ritaglio:{_clean(name)}").urn


def _text(parent: Element, name: str, text: str) -> Element:
    child = SubElement(parent, name)
    child.text = _clean(text)
    return child


def _clean(text: str) -> str:
    return _NO_XML.sub("�", text)


def _written(root: Element) -> bytes:
    ElementTree.indent(root)
    xml: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml
