"""Do the inflections of a word meet, do different words stay apart, do stop words stay out?"""

import threading

import pytest

from indexer.italian import analyse, homographs, stem, verbs
from indexer.italian.stems import explain, stems_of

REGULAR = [
    ("accordo", "accordi"),
    ("ucraini", "ucraina"),
    ("città", "citta"),
    ("elezione", "elezioni"),
    ("medico", "medici"),
    ("lago", "laghi"),
    ("anno", "anni"),
    ("acqua", "acque"),
    ("operaio", "operai"),
    ("italiano", "italiane"),
    ("quartiere", "quartieri"),
    ("camera", "camere"),
    ("nucleare", "nucleari"),
    ("diverso", "diversi"),
    ("edificio", "edifici"),
    ("segreto", "segrete"),
    ("chiave", "chiavi"),
    ("modifica", "modificare"),
    ("mago", "maghi"),
    ("putiniano", "putiniani"),
    ("azienda", "aziende"),
    ("mammifero", "mammifere"),
    ("articolare", "articolari"),
    ("tremendo", "tremenda"),
    ("militare", "militari"),
    ("notaio", "notai"),
    ("qualità", "qualita"),
    ("mio", "miei"),
    ("parte", "parti"),
    ("sindacato", "sindacalisti"),
    ("spaccio", "spacciatori"),
    ("procura", "procuratori"),
]
IRREGULAR_NOUNS = [
    ("uomo", "uomini"),
    ("uovo", "uova"),
    ("tempio", "templi"),
    ("bello", "begli"),
    ("ginocchio", "ginocchia"),
    ("attore", "attrice"),
    ("professore", "professoressa"),
    ("direttore", "direttrici"),
    ("elettrico", "elettrici"),
    ("gentiluomo", "gentiluomini"),
    ("capogruppo", "capigruppo"),
    ("cassaforte", "casseforti"),
    ("autore", "autrici"),
    ("conte", "contessa"),
]
VERBS = [
    ("andare", "vado"),
    ("fare", "fatto"),
    ("dire", "detto"),
    ("prendere", "preso"),
    ("comprendere", "compresero"),
    ("venire", "viene"),
    ("intervenire", "intervenne"),
    ("uscire", "esce"),
    ("riuscire", "riescono"),
    ("porre", "posero"),
    ("proporre", "propone"),
    ("produrre", "prodotto"),
    ("trarre", "traendo"),
    ("potere", "può"),
    ("morire", "muore"),
    ("cogliere", "colto"),
    ("rimanere", "rimasti"),
    ("vincere", "vinto"),
    ("pagare", "pagheranno"),
    ("considerare", "considerò"),
    ("finire", "finisce"),
    ("vedere", "vedra"),
    ("iniziare", "iniziano"),
    ("domandare", "domando"),
    ("decidere", "decisione"),
    ("connettere", "connesso"),
    ("nuocere", "nuociuto"),
    ("contorcere", "contorto"),
]
ENCLITICS = [
    ("arrestare", "arrestarlo"),
    ("dire", "dirglielo"),
    ("fare", "farlo"),
    ("dare", "dandogli"),
    ("andare", "andarsene"),
    ("ridurre", "ridursi"),
    ("porre", "porsi"),
    ("mettere", "mettendosi"),
    ("lasciare", "lasciatemi"),
    ("alzare", "alzatosi"),
    ("fare", "fatelo"),
    ("prendere", "prendilo"),
    ("leggere", "leggilo"),
    ("portare", "portamelo"),
    ("dare", "datemelo"),
    ("lasciare", "lasciami"),
    ("vendere", "vendesi"),
    ("rendere", "resosi"),
]
DEGREES = [
    ("veloce", "velocissimo"),
    ("ricco", "ricchissima"),
    ("grande", "grandissimi"),
    ("simpatico", "simpaticissimo"),
    ("ragazzo", "ragazzini"),
    ("verde", "verdastro"),
    ("importante", "importantissimo"),
    ("facile", "facilissima"),
    ("male", "malissimo"),
    ("celebre", "celeberrimo"),
    ("grave", "gravemente"),
    ("immediato", "immediatamente"),
    ("regolare", "regolarmente"),
]


@pytest.mark.parametrize(("one", "other"), REGULAR + IRREGULAR_NOUNS + VERBS + ENCLITICS + DEGREES)
def test_inflections_share_a_stem(one, other):
    assert stem(one) == stem(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("casa", "caso"),
        ("banca", "banco"),
        ("porta", "porto"),
        ("fare", "faro"),
        ("volere", "volo"),
        ("tempio", "tempo"),
        ("parete", "parere"),
        ("salute", "sala"),
        ("leggere", "legge"),
        ("posto", "porre"),
        ("capito", "capitare"),
        ("diversi", "divertire"),
        ("rottami", "rotta"),
        ("vistosi", "vedere"),
        ("costosi", "costo"),
        ("pamela", "pa"),
        ("clemente", "clelo"),
        ("vivaci", "vivere"),
        ("autorità", "autore"),
        ("importante", "importare"),
        ("università", "universo"),
        ("guardia", "guardare"),
        ("corte", "corteo"),
        ("sindaco", "sindacato"),
        ("stato", "statuto"),
        ("capitale", "capitalismo"),
        ("capo", "capire"),
        ("parlamento", "parlare"),
        ("comunicazione", "comune"),
        ("marito", "mare"),
        ("soldi", "soldati"),
        ("ferie", "ferite"),
        ("spaccio", "spaccato"),
        ("ricetta", "ricettazione"),
        ("ordinanza", "ordinare"),
        ("serie", "sera"),
        ("radio", "rado"),
        ("valuta", "valutare"),
        ("aspetto", "aspettare"),
        ("bari", "bar"),
        ("romania", "romano"),
        ("verona", "veronica"),
        ("lucia", "luce"),
    ],
)
def test_different_words_do_not_share_a_stem(one, other):
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    "text", ["dell'", "L’", "un", "perché", "PERCHE'", "perche", "e'", "è", "che", "averlo"]
)
def test_a_stop_word_has_no_stem(text):
    assert [token.stem for token in analyse(text)] == [None]


@pytest.mark.parametrize("text", ["May", "Will", "US", "it", "5", "X", "Stati", "mezz'", "sant'"])
def test_a_word_that_says_something_is_no_stop_word(text):
    assert analyse(text)[0].stem


def test_threads_do_not_disturb_each_other():
    words = [f"{beginning}{ending}" for beginning in "bcdfglmnprstvz" for ending in "aeiou"]
    words = [f"{first}{second}zione" for first in words for second in words]
    expected = [explain(word) for word in words]
    answers = []

    def run():
        answers.append([explain(word) for word in words])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 4


def test_forms_that_are_another_word_first_are_told_apart():
    assert homographs("leggevano") == ("letta", "letti", "letto")
    assert {"nato", "nata", "nati", "nate"} == {*homographs("nacque")}
    assert homographs("letto") == homographs("lettura") == homographs("casa") == ()
    assert (
        {"ha", "abbia", "avuto"} <= {*homographs("avere")} == {*homographs("ho"), "ho"} - {"avere"}
    )
    assert "è" not in homographs("sono")  # that would be every «e»


def test_many_at_once_have_the_stems_that_each_has_alone():
    known = sorted(form for form, _ in verbs.forms())
    some = known[::7]
    behind = ["", "mi", "si", "lo", "gli", "ne", "melo", "gliene", "mente", "issimo", "ieri", "à"]
    forms = [form + end for form in some for end in behind] + ["dei", "x" * 65, "12", "İl", "lì"]
    assert stems_of(forms) == [explain(form)[0] for form in forms]
