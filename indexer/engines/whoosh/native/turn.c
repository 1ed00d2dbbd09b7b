/* The words of many texts turned around, from the order of reading to postings by term: see
 * inversion.py. */

#include <stdint.h>
#include <stdlib.h>

/* What is known of a token: its article, its flags, its position. */
enum { ARTICLE_SHIFT = 40, FLAGS_SHIFT = 32 };
enum { FLAG_BITS = 2, CAPITAL_TOKEN = 1, ACCENTED_TOKEN = 2, TITLE_TOKEN = 4 };

/* A posting's code, as postings.py has it. */
enum { BIG = 0x0F, IN_TITLE = 0x10, CAPITAL = 0x20, ACCENTED = 0x40 };

/* The chunks of texts, of which each article has two: its title and its text. */
struct chunks {
    const int32_t *numbers; /* chunk by chunk */
    const int64_t *counts;  /* of each text */
    const int32_t *values;  /* by numbers: a term and its flags; if negative, -1 less a row of several */
    const int32_t *row_lengths, *row_starts, *row_values, *row_steps;
};

/* What comes out; there is room for as many of each as there are tokens, and for one more begin and
 * bound. */
struct turned {
    uint32_t *words;                           /* of each text */
    int32_t *terms;                            /* those that occur, ascending */
    int64_t *begins;                           /* of each of them its first posting */
    int64_t *bounds;                           /* of each posting its first position */
    uint16_t *articles;                        /* posting by posting */
    int32_t *titles, *texts;                   /* how often */
    uint8_t *codes;                            /* all but what other forms tell */
    int64_t *big;                              /* postings whose counts no code can tell */
    uint32_t *positions;                       /* in the order of postings, and of reading */
    int64_t term_count, posting_count, big_count;
};

struct room {
    int32_t *terms;    /* token by token, in the order of reading */
    uint64_t *tokens;  /* what is known of them */
    uint64_t *ordered; /* the same in the order of terms */
    int32_t *places;   /* of each term of the vocabulary how many there are, then where they go */
};

/* Return how many tokens so many chunks hold. */
int64_t count_tokens(const struct chunks *chunks, int64_t count)
{
    int64_t tokens = 0;
    for (int64_t i = 0; i < count; i++) {
        int32_t value = chunks->values[chunks->numbers[i]];
        tokens += value < 0 ? chunks->row_lengths[-1 - value] : 1;
    }
    return tokens;
}

/* Write down term and token of each, in the order of reading, how many a term has, and how many words
 * texts have. */
static int64_t gather(const struct chunks *chunks, int64_t texts, uint64_t first_article,
                    struct room *room, uint32_t *words)
{
    int64_t chunk = 0, made = 0;
    for (int64_t text = 0; text < texts; text++) {
        int in_title = text % 2 == 0;
        uint64_t article = (first_article + (uint64_t)text / 2) & 0xFFFF;
        uint64_t known = article << ARTICLE_SHIFT |
                         (uint64_t)(in_title ? TITLE_TOKEN : 0) << FLAGS_SHIFT;
        /* A title begins at 0, its text one further than it ends. */
        uint32_t begin = in_title ? 0 : words[text - 1] + 1, step = 0;
        for (int64_t beyond = chunk + chunks->counts[text]; chunk < beyond; chunk++) {
            int32_t value = chunks->values[chunks->numbers[chunk]], one = 1, length = 1;
            const int32_t *values = &value, *steps = &one;
            if (value < 0) {
                int32_t start = chunks->row_starts[-1 - value];
                length = chunks->row_lengths[-1 - value];
                values = chunks->row_values + start;
                steps = chunks->row_steps + start;
            }
            for (int32_t i = 0; i < length; i++) {
                step += (uint32_t)steps[i];
                int32_t term = values[i] >> FLAG_BITS;
                room->places[term]++;
                room->terms[made] = term;
                room->tokens[made++] = known |
                                       (uint64_t)(values[i] & (CAPITAL_TOKEN | ACCENTED_TOKEN))
                                           << FLAGS_SHIFT |
                                       (uint32_t)(begin + step - 1);
            }
        }
        words[text] = step;
    }
    return made;
}

/* Write down the terms that occur, and order the tokens by them; begins tell where those of each do,
 * and where the last ones end. */
static void order(struct room *room, int64_t tokens, int64_t vocabulary, struct turned *turned)
{
    int64_t distinct = 0;
    int32_t before = 0;
    for (int64_t term = 0; term < vocabulary; term++) {
        int32_t count = room->places[term];
        if (!count)
            continue;
        turned->terms[distinct] = (int32_t)term;
        turned->begins[distinct++] = before;
        room->places[term] = before;
        before += count;
    }
    turned->begins[distinct] = before;
    turned->term_count = distinct;
    for (int64_t i = 0; i < tokens; i++)
        room->ordered[room->places[room->terms[i]]++] = room->tokens[i];
}

/* Make a posting of the tokens from at on that share its article; return where they end. */
static int64_t post(const uint64_t *tokens, int64_t at, int64_t end, int64_t posting,
                    struct turned *turned)
{
    uint64_t article = tokens[at] >> ARTICLE_SHIFT;
    int64_t first = at, title = 0, capital = 0, accented = 0;
    for (; at < end && tokens[at] >> ARTICLE_SHIFT == article; at++) {
        uint8_t flag = (uint8_t)(tokens[at] >> FLAGS_SHIFT);
        title += (flag & TITLE_TOKEN) != 0;
        capital += (flag & CAPITAL_TOKEN) != 0;
        accented += (flag & ACCENTED_TOKEN) != 0;
        turned->positions[at] = (uint32_t)tokens[at];
    }
    int64_t count = at - first, text = count - title;
    int big = text > BIG - 1 || title > 1;
    turned->bounds[posting] = first;
    turned->articles[posting] = (uint16_t)article;
    turned->titles[posting] = (int32_t)title;
    turned->texts[posting] = (int32_t)text;
    turned->codes[posting] = (uint8_t)((big ? BIG : text) | (title ? IN_TITLE : 0) |
                                       (2 * capital >= count ? CAPITAL : 0) |
                                       (2 * accented >= count ? ACCENTED : 0));
    if (big)
        turned->big[turned->big_count++] = posting;
    return at;
}

/* Turn the texts of articles around, the first of which has the number first_article, into postings
 * of a vocabulary of so many terms. There is room for so many tokens. Returns how many there were,
 * -1 where there is no memory. */
int64_t turn(const struct chunks *chunks, int64_t texts, uint64_t first_article, int64_t vocabulary,
             int64_t tokens, struct turned *turned)
{
    struct room room = {malloc((size_t)tokens * sizeof *room.terms + 1),
                        malloc((size_t)tokens * sizeof *room.tokens + 1),
                        malloc((size_t)tokens * sizeof *room.ordered + 1),
                        calloc((size_t)vocabulary + 1, sizeof *room.places)};
    int64_t made = -1, posting = 0;
    if (room.terms && room.tokens && room.ordered && room.places) {
        made = gather(chunks, texts, first_article, &room, turned->words);
        order(&room, made, vocabulary, turned);
        turned->big_count = 0;
        for (int64_t term = 0, at = 0; term < turned->term_count; term++) {
            int64_t end = turned->begins[term + 1];
            for (turned->begins[term] = posting; at < end; posting++)
                at = post(room.ordered, at, end, posting, turned);
        }
        turned->begins[turned->term_count] = posting;
        turned->bounds[posting] = made;
        turned->posting_count = posting;
    }
    free(room.terms);
    free(room.tokens);
    free(room.ordered);
    free(room.places);
    return made;
}
