import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.imprint import Imprint, read_imprint

DAY = "2025-11-19"
AT = "2025-11-19T10:42:00+01:00"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Postato il 19 novembre 2025", Imprint(date=DAY)),
        ("Pubblicato il 19 Novembre 2025 di redazione", Imprint(date=DAY)),
        ("Pubblicato: 19 novembre 2025, 10:15", Imprint(date=DAY)),
        ("Data: 19/11/2025", Imprint(date=DAY)),
        ("Del 19/11/2025", Imprint(date=DAY)),
        ("mercoledì 19 novembre 2025", Imprint(date=DAY)),
        ("19.11.2025", Imprint(date=DAY)),
        ("Published on 19 Nov 2025", Imprint(date=DAY)),
        ("19 novembre 2025 ( modifica il 19 novembre 2025 | 10:42)", Imprint(DAY, AT)),
        ("19 Novembre 2025 - Aggiornato alle 10:42", Imprint(DAY, AT)),
        ("Ultimo aggiornamento: 19 novembre 2025 ore 10:42", Imprint(modified=AT)),
        ("Ultimo aggiornamento 19 Novembre, 2025, 10:42:00", Imprint(modified=AT)),
        ("Aggiornato il 19/11/2025 10:42", Imprint(modified=AT)),
        ("Aggiornato alle 10:42", Imprint()),  # of which day?
        ("Ultima modifica: 19 novembre 2025", Imprint(modified=DAY)),
    ],
)
def test_reads_dates(line: str, said: Imprint) -> None:
    assert read_imprint(line) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("di Mario Piccirillo", Imprint(author="Mario Piccirillo")),
        ("Di MARIO ROSSI", Imprint(author="MARIO ROSSI")),
        ("di Mario Rossi e Luca De Bianchi", Imprint(author="Mario Rossi e Luca De Bianchi")),
        ("A cura di Giulia D’Amico", Imprint(author="Giulia D’Amico")),
        ("Autore: M. Rossi", Imprint(author="M. Rossi")),
        ("dal nostro inviato Lorenzo Neri", Imprint(author="Lorenzo Neri")),
        ("di Lorenzo Neri, inviato a Kiev", Imprint(author="Lorenzo Neri")),
        (
            "di Anna De Luca, Corriere della Sera",
            Imprint(None, None, "Anna De Luca", "Corriere della Sera"),
        ),
        ("di Mario Rossi 19 novembre 2025 alle 10:42", Imprint(DAY, author="Mario Rossi")),
        ("Inserito da Mario Rossi il 19/11/2025", Imprint(DAY, author="Mario Rossi")),
        ("Di Panorama", Imprint(source="Panorama")),
        ("di la Repubblica", Imprint(source="La Repubblica")),
        ("di Redazione", Imprint()),
        ("di Redazione Online", Imprint()),
        ("a cura della Redazione", Imprint()),
        ("Redazione ANSA", Imprint(source="ANSA")),
        ("di Redazione ANSA", Imprint(source="ANSA")),
        ("Redazione | 19 Novembre 2025", Imprint(date=DAY)),
    ],
)
def test_reads_who_wrote_it(line: str, said: Imprint) -> None:
    assert read_imprint(line) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Fonte: ANSA", Imprint(source="ANSA")),
        ("(Fonte: www.adnkronos.com)", Imprint(source="Adnkronos")),
        ("Fonte: Comune di Bologna", Imprint(source="Comune di Bologna")),
        ("Fonte «Agenzia DIRE»", Imprint(source="Agenzia DIRE")),
        ("RIPRODUZIONE RISERVATA © Copyright ANSA", Imprint(source="ANSA")),
        ("© 2025 Il Post", Imprint(source="Il Post")),
        ("© Riproduzione riservata", Imprint()),
        ("la Repubblica, 19 novembre 2025", Imprint(DAY, source="La Repubblica")),
        ("Categoria: NOTIZIE DI PRIMA PAGINA", Imprint(section="NOTIZIE DI PRIMA PAGINA")),
        ("Pubblicato in Politica il 19 novembre 2025", Imprint(DAY, section="Politica")),
        (
            "di Mario Rossi - 19/11/2025 - Politica",
            Imprint(DAY, None, "Mario Rossi", None, "Politica"),
        ),
        ("Esteri | 19 novembre 2025", Imprint(DAY, section="Esteri")),
        ("Tag: Trump, Putin, #Ucraina", Imprint(tags=("Trump", "Putin", "Ucraina"))),
    ],
)
def test_reads_where_it_stood(line: str, said: Imprint) -> None:
    assert read_imprint(line) == said


@pytest.mark.parametrize(
    "line",
    [
        "2 Visualizzazioni",
        "1.234 visualizzazioni",
        "Visualizzazioni: 12",
        "Letto 123 volte",
        "Nessun commento",
        "Tempo di lettura: 3 minuti",
        "3 min di lettura",
        "Lettura: 2'",
    ],
)
def test_counts_say_nothing(line: str) -> None:
    assert read_imprint(line) == Imprint()


@pytest.mark.parametrize(
    "line",
    [
        "",
        "—",
        "Il 19 novembre 2025 Trump ha parlato",
        "Il 25 aprile 1945",
        "Dal 24 al 26 ottobre",
        "19 novembre",
        "Pubblicato il rapporto del 2025",
        "Aggiornato il piano di pace",
        "di fronte al mare",
        "di mario rossi",
        "di Gaza",
        "Di Maio attacca Conte",
        "DI MAIO ATTACCA CONTE",
        "Da Mario Rossi",
        "Mario Rossi",
        "Mario Rossi | 19 novembre 2025",
        "Roma, 19 novembre 2025",
        "Oggi, 19 novembre 2025",
        "Politica",
        "In Politica",
        "ANSA",
        "Fonti ucraine: accordo vicino",
        "Fonte vicina al dossier: accordo lontano",
        "© Getty Images",
        "Foto: ANSA",
        "Tag e parole chiave",
        "Commenti duri da Mosca",
        "di " + "Mario Rossi e " * 50 + "Anna Bianchi",
    ],
)
def test_what_says_anything_else_stays_in_the_story(line: str) -> None:
    assert read_imprint(line) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("di Gazzettino24", Imprint(author="Gazzettino24")),
        ("Politica", Imprint(section="Politica")),
        ("ANSA", Imprint(source="ANSA")),
        ("Di Maio attacca Conte", None),
    ],
)
def test_a_word_is_enough_among_imprints(line: str, said: Imprint | None) -> None:
    assert read_imprint(line, sure=True) == said


@given(st.text(), st.booleans())
def test_reads_anything_without_failing(line: str, sure: bool) -> None:
    imprint = read_imprint(line, sure=sure)
    assert imprint is None or line.strip()
