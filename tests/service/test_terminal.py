"""Are results in a terminal readable, and harmless whatever an article holds?"""

from __future__ import annotations

from indexer.articles import Article
from indexer.engines.contract import Engine
from service.search import SearchRequest, search
from service.terminal import lines


def printed(engine: Engine, q: str, *, colour: bool) -> str:
    return "\n".join(lines(search(engine, SearchRequest(q=q)), colour=colour))


def test_results_are_numbered_with_what_is_known_of_each(engine: Engine) -> None:
    engine.write(
        [
            Article(id="a", title="Il voto", text="Si vota.", source="ANSA", date="2025-11-19"),
            Article(id="b", text="Voto finale."),
        ]
    )
    text = printed(engine, "voto", colour=False)
    assert text.startswith("2 articles, ")
    assert "1. Il voto\n   2025-11-19 · ANSA · a\n   Si vota." in text
    assert "   b\n   Voto finale." in text


def test_words_found_are_bold_on_a_screen(engine: Engine) -> None:
    engine.write([Article(id="a", title="L’accordo & il voto", text="Un voto <b>.")])
    text = printed(engine, "voto", colour=True)
    assert "L’accordo & il \x1b[1mvoto\x1b[0m" in text
    assert "Un \x1b[1mvoto\x1b[0m <b>." in text
    assert text.startswith("\x1b[2m1 article, ")


def test_no_article_can_command_the_terminal(engine: Engine) -> None:
    engine.write([Article(id="a", title="Voto\x1b]0;x\x07", text="Un voto\x1b[2J\x9b1m qui.")])
    text = printed(engine, "voto", colour=False)
    assert not set(text) & {"\x1b", "\x07", "\x9b"}


def test_what_was_ignored_comes_first(engine: Engine) -> None:
    result = search(engine, SearchRequest(q="voto dal:boh"))
    assert next(lines(result, colour=False)) == result.warnings[0]
