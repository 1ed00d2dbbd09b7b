"""What a person types, and what is asked of the index.

Clauses are shown in short: «ucraini/ucrain» is a word and its stem, «=il» a form alone.
"""

from __future__ import annotations

from datetime import date

import pytest

from indexer.engines.contract import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Between,
    Clause,
    Fuzzy,
    Is,
    Not,
    Phrase,
    Prefix,
    Scope,
    Word,
)
from service.query import parse

FIELDS = {
    Scope.ARTICLE: "",
    Scope.TITLE: "titolo:",
    Scope.TEXT: "testo:",
    Scope.AUTHOR: "autore:",
    Scope.SOURCE: "fonte:",
}


def short(clause: Clause) -> str:
    match clause:
        case Word(form, stem, scope):
            return FIELDS[scope] + (f"{form}/{stem}" if stem else f"={form}")
        case Phrase(words, scope):
            return FIELDS[scope] + '"' + " ".join(word.form for word in words) + '"'
        case Prefix(form, scope):
            return f"{FIELDS[scope]}{form}*"
        case Fuzzy(form, edits, scope):
            return f"{FIELDS[scope]}{form}~{edits}"
        case AllOf(clauses):
            return f"all({', '.join(map(short, clauses))})"
        case AnyOf(clauses):
            return f"any({', '.join(map(short, clauses))})"
        case Not(inner):
            return f"not {short(inner)}"
        case Between(first, last):
            return f"[{first or ''}..{last or ''}]"
        case Is(field, values):
            return f"{field}={'|'.join(values)}"


def asked(text: str) -> str:
    return short(parse(text).clause)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("piano", "piano/pian"),
        ("piano pace", "any(piano/pian, pace/pac)"),
        ("piano di pace", "any(piano/pian, pace/pac)"),
        ("piano, pace!", "any(piano/pian, pace/pac)"),
        ("pace pace", "pace/pac"),
        ("il", "=il"),
        ("essere o non essere", "any(=essere, =o, =non)"),
        ("28 punti", "any(28/28, punti/punto)"),
        ("5", "5/5"),
        ("X", "x/x"),
        ("città", "città/citt"),
        ("citta'", "città/citt"),
        ("citta", "citta/citt"),
        ("l’accordo", "accordo/accord"),
        ("dell'accordo", "accordo/accord"),
        ("WhatsApp", "whatsapp/whatsapp"),
        ("Roma - Milano", "any(roma/roma, milano/milan)"),
        ("Roma – Milano", "any(roma/roma, milano/milan)"),
        ("Ucraina-Russia", "any(ucraina/ucrain, russia/russ, ucrainarussia/ucrainaruss)"),
    ],
)
def test_bare_words_form_one_group_without_stop_words(text: str, expected: str) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Wall Street Journal"', '"wall street journal"'),
        ("«Wall Street Journal»", '"wall street journal"'),
        ("“Wall Street Journal”", '"wall street journal"'),
        ("„Wall Street Journal“", '"wall street journal"'),
        ('"piano di pace"', '"piano di pace"'),
        ('"dell’Ucraina"', '"dell\' ucraina"'),
        ('"ucraini"', "=ucraini"),
        ('"piano di pace" Trump', 'all(trump/trump, "piano di pace")'),
        ('il "piano di pace"', '"piano di pace"'),
        ('"16:30"', '"16 30"'),
        ('"titolo:pace -Trump"', '"titolo pace trump"'),
    ],
)
def test_a_phrase_keeps_its_very_words(text: str, expected: str) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zelensky -Istanbul", "all(zelensky/zelensky, not istanbul/istanbul)"),
        ("Zelensky NON Istanbul", "all(zelensky/zelensky, not istanbul/istanbul)"),
        ("Zelensky NOT Istanbul", "all(zelensky/zelensky, not istanbul/istanbul)"),
        ("-Istanbul", "not istanbul/istanbul"),
        ("−Istanbul", "not istanbul/istanbul"),
        ('-"Casa Bianca"', 'not "casa bianca"'),
        ("-dell'accordo", "not accordo/accord"),
        ("-il", "not =il"),
        ("-Ivano-Frankivsk", 'not any("ivano frankivsk", ivanofrankivsk/ivanofrankivsk)'),
        ("-(Trump Putin)", "not any(trump/trump, putin/putin)"),
        ("NON (Trump E Putin)", "not all(trump/trump, putin/putin)"),
        ("-titolo:pace", "not titolo:pace/pac"),
        ("titolo:-pace", "not titolo:pace/pac"),
        ("NON -pace", "not pace/pac"),
        ("pace -Trump -Putin", "all(pace/pac, not trump/trump, not putin/putin)"),
    ],
)
def test_exclusions_hold_whatever_stands_beside_them(text: str, expected: str) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trump E Putin", "all(trump/trump, putin/putin)"),
        ("Trump AND Putin", "all(trump/trump, putin/putin)"),
        ("Trump O Putin", "any(trump/trump, putin/putin)"),
        ("Trump OR Putin", "any(trump/trump, putin/putin)"),
        ("trump e putin", "any(trump/trump, putin/putin)"),
        ("Trump E NON Putin", "all(trump/trump, not putin/putin)"),
        ("Trump E -Putin", "all(trump/trump, not putin/putin)"),
        ("pace Trump O Putin", "all(pace/pac, any(trump/trump, putin/putin))"),
        ("Trump O Putin E Kiev", "any(trump/trump, all(putin/putin, kiev/kiev))"),
        ("(Trump O Putin) E Kiev", "all(any(trump/trump, putin/putin), kiev/kiev)"),
        ("(pace guerra) E Kiev", "all(any(pace/pac, guerra/guerr), kiev/kiev)"),
        ('Trump O "Casa Bianca"', 'any(trump/trump, "casa bianca")'),
        ("Trump O Putin dal:2025", "all(any(trump/trump, putin/putin), [2025-01-01..])"),
        ("(((pace)))", "pace/pac"),
        ("piano (segreto) Mosca", "any(piano/pian, segreto/segret, mosca/mosc)"),
        ("pace (Trump E Putin)", "all(pace/pac, trump/trump, putin/putin)"),
    ],
)
def test_operators_join_the_pieces_beside_them(text: str, expected: str) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("titolo:piano pace", "all(pace/pac, titolo:piano/pian)"),
        ("title:piano", "titolo:piano/pian"),
        ("Titolo: piano", "titolo:piano/pian"),
        ("testo:piano", "testo:piano/pian"),
        ("text:piano", "testo:piano/pian"),
        ("titolo:dell’Ucraina", "titolo:ucraina/ucrain"),
        ('titolo:"piano di pace"', 'titolo:"piano di pace"'),
        ("titolo:(piano pace)", "any(titolo:piano/pian, titolo:pace/pac)"),
        ("titolo:ucrain*", "titolo:ucrain*"),
        ("autore:Piccirillo", "autore:=piccirillo"),
        ("author:Piccirillo", "autore:=piccirillo"),
        ('autore:"Mario Piccirillo"', 'autore:"mario piccirillo"'),
        ("fonte:Panorama", "fonte:=panorama"),
        ("source:Panorama", "fonte:=panorama"),
        ("sezione:Esteri", "section=Esteri"),
        ("section: Esteri, pace", "all(pace/pac, section=Esteri)"),
        ('argomento:"politica estera"', "tag=politica estera"),
        ("TAG:C++", "tag=C++"),
        ("-sezione:Sport", "not section=Sport"),
        ("sezione:-Sport", "not section=Sport"),
        ('tag:(pace "politica estera")', "any(tag=pace, tag=politica estera)"),
        ("tag:pace O titolo:pace", "any(tag=pace, titolo:pace/pac)"),
        ("sezione:Esteri tag:pace", "all(section=Esteri, tag=pace)"),
        ("sezione:(Esteri O titolo:pace)", "any(section=Esteri, titolo:pace/pac)"),
        # no fields:
        ("Ucraina: la guerra", "any(ucraina/ucrain, guerra/guerr)"),
        ("16:30", "any(16/16, 30/30)"),
        ("sottotitolo:pace", "any(sottotitolo/sottotitol, pace/pac)"),
        ("titolo:", "titolo/titol"),
        ("titolo", "titolo/titol"),
    ],
)
def test_a_field_says_where(text: str, expected: str) -> None:
    assert asked(text) == expected


def test_an_address_is_plain_text() -> None:
    clause = parse("http://www.dire.it/pace").clause
    assert isinstance(clause, AnyOf)
    assert {"dire", "pace"} <= {word.form for word in clause.clauses if isinstance(word, Word)}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("dal:2025-11-19", date(2025, 11, 19), None),
        ("al:2025-11-19", None, date(2025, 11, 19)),
        ("from:2025-11-19 to:2025-11-20", date(2025, 11, 19), date(2025, 11, 20)),
        ("dal:19/11/2025 al:19/11/2025", date(2025, 11, 19), date(2025, 11, 19)),
        ("dal:19 novembre 2025", date(2025, 11, 19), None),
        ('dal:"19 novembre 2025"', date(2025, 11, 19), None),
        ("dal:novembre 2025 al:novembre 2025", date(2025, 11, 1), date(2025, 11, 30)),
        ("dal:2025 al:2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("dal:2024 dal:2025 al:2026 al:2025", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_dates_bound_the_search(text: str, first: date | None, last: date | None) -> None:
    assert parse(text).clause == Between(first, last)


def test_words_behind_a_date_are_words() -> None:
    assert asked("dal:19 novembre 2025 pace") == "all(pace/pac, [2025-11-19..])"
    assert asked("dal:2025 pace") == "all(pace/pac, [2025-01-01..])"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ucrain*", "ucrain*"),
        ("ucrain**", "ucrain*"),
        ("ucrain*, pace", "any(ucrain*, pace/pac)"),
        ("dell’ucrain*", "ucrain*"),
        ("elezzioni~", "elezzioni~1"),
        ("elezzioni~1", "elezzioni~1"),
        ("elezzioni~2", "elezzioni~2"),
        ("pace~0", "pace/pac"),
        ("~300", "300/300"),
    ],
)
def test_a_star_and_a_tilde_stand_for_other_endings_and_spellings(text: str, expected: str) -> None:
    assert asked(text) == expected


_NOTHING_BEHIND = "«titolo:» senza niente dietro: letto come parola."


@pytest.mark.parametrize(
    ("text", "expected", "warning"),
    [
        ("pace (", "pace/pac", "Parentesi senza coppia ignorata."),
        ("pace )", "pace/pac", "Parentesi senza coppia ignorata."),
        ("-(pace", "not pace/pac", "Parentesi senza coppia ignorata."),
        ("titolo:((pace", "titolo:pace/pac", "Parentesi senza coppia ignorata."),
        ("pace ()", "pace/pac", "Parentesi vuote ignorate."),
        ('27" monitor', "any(27/27, monitor/monitor)", "Virgolette senza coppia ignorate."),
        ("»pace", "pace/pac", "Virgolette senza coppia ignorate."),
        ("pace E", "pace/pac", "«E» non unisce niente: letto come parola."),
        ("O pace", "pace/pac", "«O» non unisce niente: letto come parola."),
        (
            "pace E O guerra",
            "any(pace/pac, guerra/guerr)",
            "«O» non unisce niente: letto come parola.",
        ),
        ("pace OR", "any(pace/pac, or/or)", "«OR» non unisce niente: letto come parola."),
        (
            "dal:boh pace",
            "pace/pac",
            "«dal:boh» ignorato: non è una data. Le date si scrivono 2025-11-19 o 19/11/2025.",
        ),
        ("pace E ???", "pace/pac", "Operatore accanto a soli segni ignorato."),
        ("pace titolo:", "any(pace/pac, titolo/titol)", _NOTHING_BEHIND),
        ("(pace titolo:)", "any(pace/pac, titolo/titol)", _NOTHING_BEHIND),
        ("pace tag:,", "pace/pac", "«,» ignorato: non contiene parole."),
        (
            "tag:guerr*",
            "tag=guerr*",
            "«guerr*»: sezioni e argomenti si scrivono per intero, senza * e ~.",
        ),
        ("pace -???", "pace/pac", "«???» ignorato: non contiene parole."),
        ("pace titolo:???", "pace/pac", "«???» ignorato: non contiene parole."),
        ('pace "..."', "pace/pac", "«...» ignorato: non contiene parole."),
        ("pace +++", "pace/pac", "«+++» ignorato: non contiene parole."),
        ("p* pace", "any(p/p, pace/pac)", "«p*»: servono almeno 2 lettere, cercata la parola."),
        ("pa*lla", "any(pa/pa, lla/lla)", "«pa*lla»: l’asterisco vale solo in fine di parola."),
        ("pace~7", "pace~2", "«pace~7»: al massimo ~2, cercato così."),
        ('"pace"~3', "=pace", "«~3» dopo una frase ignorato."),
        ("Ki\x00ev\ud800", "any(ki/ki, ev/ev)", "Caratteri illeggibili ignorati."),
        (
            "dal:2026 al:2025",
            "[2026-01-01..2025-12-31]",
            "Le date si escludono: «dal:» viene dopo «al:».",
        ),
        (
            "USA E RUSSIA NON SI PARLANO PIÙ",
            "any(usa/usa, russia/russ, parlano/parl)",
            "Tutto in maiuscole: E, O e NON letti come parole.",
        ),
    ],
)
def test_what_is_ignored_or_corrected_is_said(text: str, expected: str, warning: str) -> None:
    assert asked(text) == expected
    assert warning in parse(text).warnings


@pytest.mark.parametrize(
    "text",
    ["piano di pace", "«pace»", "dell'Ucraina", "E", "Chi ha vinto?", "pace, Trump – Mosca", ""],
)
def test_ordinary_searches_have_no_warnings(text: str) -> None:
    assert parse(text).warnings == ()


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_a_blank_query_asks_for_every_article(text: str) -> None:
    assert parse(text).clause == EVERYTHING


@pytest.mark.parametrize("text", ['"', "(((", "()", "???", "\x00", '""', "-", "dal:boh", "*"])
def test_a_query_without_a_word_finds_nothing_and_says_so(text: str) -> None:
    parsed = parse(text)
    assert parsed.clause == AnyOf(())
    assert parsed.warnings[-1] == "Niente da cercare: scrivi almeno una parola."


def test_the_readers_capital_is_kept() -> None:
    assert parse("Conte").clause == Word("conte", "conte", capital=True)
    assert parse("conte").clause == Word("conte", "conte", capital=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("piano di pace", ["piano/pian", "pace/pac"]),
        ('"piano di pace" -Trump dal:2025', ['"piano di pace"']),
        (
            "titolo:pace (ucrain* O NON (Kiev E -Mosca))",
            ["titolo:pace/pac", "ucrain*", "mosca/mosc"],
        ),
        ("-Istanbul", []),
        ("pace pace~ pace", ["pace/pac", "pace~1"]),
    ],
)
def test_marks_are_what_an_article_may_hold(text: str, expected: list[str]) -> None:
    assert list(map(short, parse(text).marks)) == expected
