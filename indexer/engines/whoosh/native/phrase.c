/* Words one behind the other: see phrases.py. */

#include <stdlib.h>

#include "asked.h"

/* A word of a phrase: its terms, where in the postings of each we are, and which of these postings'
 * positions were located. */
typedef struct {
    const uint32_t *terms;
    int64_t *at, *located;
    Positions *positions;
    int64_t count, postings;
} Spoken;

/* Whether every word but the rarest stands in the article; the places of each move up to it. */
static int all_hold(const Segment *s, const Spoken *words, int64_t count, int64_t rarest,
                    uint16_t number)
{
    for (int64_t i = 0; i < count; i++) {
        const Spoken *word = words + i;
        int held = i == rarest;
        for (int64_t k = 0; k < word->count && i != rarest; k++) {
            int64_t stop = s->posting_starts[word->terms[k] + 1];
            word->at[k] = find_number(s->numbers, word->at[k], stop, number);
            held |= word->at[k] < stop && s->numbers[word->at[k]] == number;
        }
        if (!held)
            return 0;
    }
    return 1;
}

static int has_position(const Segment *s, Positions found, uint32_t wanted)
{
    for (int64_t at = found.first; at < found.first + found.count; at++)
        if (position(s, at) >= wanted)
            return position(s, at) == wanted;
    return 0;
}

/* Whether a word stands at a position of an article; all_hold was asked before. */
static int stands_at(const Segment *s, Spoken *word, uint16_t number, uint32_t wanted,
                     int *damaged)
{
    for (int64_t k = 0; k < word->count; k++) {
        uint32_t term = word->terms[k];
        if (word->at[k] >= s->posting_starts[term + 1] || s->numbers[word->at[k]] != number)
            continue;
        if (word->located[k] != word->at[k]) { /* else another place of the rarest word asked */
            Positions found = positions_of(s, term, word->at[k]);
            if (!positions_are_sound(s, found)) {
                *damaged = 1;
                continue;
            }
            word->positions[k] = found;
            word->located[k] = word->at[k];
        }
        if (has_position(s, word->positions[k], wanted))
            return 1;
    }
    return 0;
}

static int begins_in(const Segment *s, uint16_t number, uint32_t position, Scope scope)
{
    return position < s->title_words[number] ? scope.title > 0 : scope.text > 0;
}

/* Whether the words stand one behind the other in an article, the rarest of them, which is the term
 * of a posting, where the posting says. */
static int holds_phrase(const Segment *s, Spoken *words, int64_t count, int64_t rarest,
                        int64_t term, int64_t posting, Scope scope, int *damaged)
{
    uint16_t number = s->numbers[posting];
    Positions found = positions_of(s, term, posting);
    if (!positions_are_sound(s, found)) {
        *damaged = 1;
        return 0;
    }
    int anywhere = scope.title > 0 && scope.text > 0;
    for (int64_t p = found.first; p < found.first + found.count; p++) {
        int64_t begin = (int64_t)position(s, p) - rarest;
        if (begin < 0 || !(anywhere || begins_in(s, number, (uint32_t)begin, scope)))
            continue;
        int64_t i = 0;
        while (i < count && (i == rarest || stands_at(s, words + i, number, (uint32_t)(begin + i),
                                                      damaged)))
            i++;
        if (i == count)
            return 1;
    }
    return 0;
}

int64_t phrase(const Segment *s, const uint32_t *terms, const int64_t *ends, int64_t count,
               const uint8_t *within, Scope scope, uint8_t *mask)
{
    int64_t rarest = 0;
    int damaged = 0;
    Spoken *words = calloc((size_t)count, sizeof *words);
    int64_t terms_in_all = ends[count - 1];
    int64_t *at = calloc((size_t)(2 * terms_in_all), sizeof *at), *located = at + terms_in_all;
    Positions *positions = calloc((size_t)terms_in_all, sizeof *positions);
    if (!words || !at || !positions) {
        free(words);
        free(at);
        free(positions);
        return NO_MEMORY;
    }
    for (int64_t i = 0; i < count; i++) {
        int64_t first = i ? ends[i - 1] : 0;
        words[i] = (Spoken){terms + first, at + first, located + first, positions + first,
                          ends[i] - first, 0};
        for (int64_t k = 0; k < words[i].count; k++) {
            int64_t start = s->posting_starts[words[i].terms[k]];
            int64_t stop = s->posting_starts[words[i].terms[k] + 1];
            words[i].postings += stop - start;
            damaged |= !postings_are_sound(s, start, stop);
        }
        if (words[i].postings < words[rarest].postings)
            rarest = i;
    }
    for (int64_t k = 0; !damaged && k < words[rarest].count; k++) {
        for (int64_t each = 0; each < terms_in_all; each++) {
            at[each] = s->posting_starts[terms[each]];
            located[each] = -1;
        }
        int64_t term = words[rarest].terms[k];
        for (int64_t posting = s->posting_starts[term];
             !damaged && posting < s->posting_starts[term + 1]; posting++) {
            uint16_t number = s->numbers[posting];
            if (mask[number] || (within && !within[number]))
                continue;
            if (all_hold(s, words, count, rarest, number) &&
                holds_phrase(s, words, count, rarest, term, posting, scope, &damaged))
                mask[number] = 1;
        }
    }
    free(words);
    free(at);
    free(positions);
    return damaged ? DAMAGED : 0;
}
