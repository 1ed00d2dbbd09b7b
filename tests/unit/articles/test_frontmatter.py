from textwrap import dedent

import pytest

from indexer.articles.frontmatter import part_front_matter


def test_reads_keys_by_the_names_of_our_fields() -> None:
    text = dedent("""\
        ---
        titolo: "Il piano: tutti i punti"
        data: 2025-11-19
        # un commento
        autore: 'Anna Neri'
        categories: [Esteri, Mondo]
        tags:
          - Ucraina
          - "Russia"
        layout: post
        vuoto:
        ---

        La storia.
        """)
    keys, story = part_front_matter(text)
    assert keys == {
        "title": "Il piano: tutti i punti",
        "date": "2025-11-19",
        "author": "Anna Neri",
        "section": ["Esteri", "Mondo"],
        "tags": ["Ucraina", "Russia"],
        "layout": "post",
        "vuoto": "",
    }
    assert story.strip() == "La storia."


@pytest.mark.parametrize(
    "text",
    [
        "La storia.",
        "---\nUna riga di testo fra due linee.\n---\nResto.",
        "---\ntitle: senza fine\n",
        "Prima.\n---\ntitle: x\n---\n",
        "---\n---\nResto.",
        "",
    ],
)
def test_anything_else_stays_in_the_text(text: str) -> None:
    assert part_front_matter(text) == ({}, text)
