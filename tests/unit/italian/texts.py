"""Texts for properties: Italian words, punctuation, apostrophes, and what Unicode has besides."""

from hypothesis import strategies as st

_WORDS = """
l' dell’ DELL' un' c'è perche' perché perchè citta' città PERCHE' e' È po' mo' 'sera' ‘la sera’
Ucraina ucraini accordo segreto Ivano-Frankivsk U.S.A. N.A.T.O. S.p.A. WhatsApp #StopAllaGuerra
1.000 3,5 10% 1° 19.11.2025 mario.rossi@example.it www.dire.it «Zelensky» Зеленський ❤️ 🇮🇹 C++
andarsene dirglielo farò faro metà uomini cioé citta\u0300 par\u00adola 28mila NATO.Guerra O'Connor
''virgolette'' AT&T 20.30 gravemente datemelo
"""
_BETWEEN = [
    " ",
    " ",
    " ",
    ", ",
    ". ",
    "\n",
    "'",
    "’",
    "-",
    ".",
    "…",
    "\u00a0",
    " – ",
    '"',
    "(",
    "\t",
]


def italian_text():
    """Return a strategy for texts of a few words and all that may stand between them."""
    pieces = st.one_of(
        st.sampled_from(_WORDS.split()),
        st.sampled_from(_BETWEEN),
        st.text(max_size=3),
    )
    return st.lists(pieces, max_size=12).map("".join)
