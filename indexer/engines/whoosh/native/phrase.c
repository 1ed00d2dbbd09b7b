/* Words one behind the other: see phrases.py. */

#include <stdlib.h>

#include "asked.h"

/* Where we are in a term of a phrase: at a posting; the last one whose positions were located, these,
 * and the first of them that was not passed over. */
typedef struct {
    uint32_t term;
    int64_t at, located;
    Positions positions;
    int64_t next;
} Walk;

/* A word of a phrase, by its terms. */
typedef struct {
    Walk *walks;
    int64_t count, postings;
} Spoken;

/* Whether every word but the rarest stands in the article; the places of each move up to it. */
static int all_hold(const Segment *s, const Spoken *words, int64_t count, int64_t rarest,
                    uint16_t number)
{
    for (int64_t i = 0; i < count; i++) {
        const Spoken *word = words + i;
        int held = i == rarest;
        for (Walk *walk = word->walks; walk < word->walks + word->count && i != rarest; walk++) {
            int64_t stop = s->posting_starts[walk->term + 1];
            walk->at = find_number(s->numbers, walk->at, stop, number);
            held |= walk->at < stop && s->numbers[walk->at] == number;
        }
        if (!held)
            return 0;
    }
    return 1;
}

/* Locate the positions of the posting where a walk is, from those of the last one if that is near.
 * Returns whether they are what was written. */
static int locate(const Segment *s, Walk *walk)
{
    int64_t last = walk->located, at = walk->at;
    if (last == at) /* another place of the rarest word asked */
        return 1;
    if (last >= 0 && last < at && at - last <= 1 << SKIP_BITS) {
        walk->positions.first += walk->positions.count + count_positions(s, last + 1, at);
        walk->positions.count = count_positions(s, at, at + 1);
    } else {
        walk->positions = positions_of(s, walk->term, at);
    }
    walk->located = at;
    walk->next = walk->positions.first;
    return positions_are_sound(s, walk->positions);
}

/* Whether a word stands at a position of an article; all_hold was asked before. Positions asked for
 * in one article ascend. */
static int stands_at(const Segment *s, const Spoken *word, uint16_t number, uint32_t wanted,
                     int *damaged)
{
    for (Walk *walk = word->walks; walk < word->walks + word->count; walk++) {
        if (walk->at >= s->posting_starts[walk->term + 1] || s->numbers[walk->at] != number)
            continue;
        if (!locate(s, walk)) {
            *damaged = 1;
            return 0;
        }
        int64_t beyond = walk->positions.first + walk->positions.count;
        while (walk->next < beyond && position(s, walk->next) < wanted)
            walk->next++;
        if (walk->next < beyond && position(s, walk->next) == wanted)
            return 1;
    }
    return 0;
}

static int begins_in(const Segment *s, uint16_t number, uint32_t position, Scope scope)
{
    return position < s->title_words[number] ? scope.title > 0 : scope.text > 0;
}

/* Whether the words stand one behind the other in an article, the rarest of them where a walk says. */
static int holds_phrase(const Segment *s, const Spoken *words, int64_t count, int64_t rarest,
                        Walk *walk, Scope scope, int *damaged)
{
    uint16_t number = s->numbers[walk->at];
    if (!locate(s, walk)) {
        *damaged = 1;
        return 0;
    }
    int anywhere = scope.title > 0 && scope.text > 0;
    int64_t beyond = walk->positions.first + walk->positions.count;
    for (int64_t p = walk->positions.first; p < beyond && !*damaged; p++) {
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
    int64_t rarest = 0, term_count = ends[count - 1];
    int damaged = 0;
    Spoken *words = calloc((size_t)count, sizeof *words);
    Walk *walks = calloc((size_t)term_count, sizeof *walks);
    if (!words || !walks) {
        free(words);
        free(walks);
        return NO_MEMORY;
    }
    for (int64_t i = 0; i < count; i++) {
        int64_t first = i ? ends[i - 1] : 0;
        words[i] = (Spoken){walks + first, ends[i] - first, 0};
        for (int64_t k = first; k < ends[i]; k++) {
            int64_t start = s->posting_starts[terms[k]], stop = s->posting_starts[terms[k] + 1];
            words[i].postings += stop - start;
            damaged |= !postings_are_sound(s, start, stop);
        }
        if (words[i].postings < words[rarest].postings)
            rarest = i;
    }
    for (int64_t k = 0; !damaged && k < words[rarest].count; k++) {
        for (int64_t i = 0; i < term_count; i++)
            walks[i] = (Walk){.term = terms[i], .at = s->posting_starts[terms[i]], .located = -1};
        Walk *walk = words[rarest].walks + k;
        for (; !damaged && walk->at < s->posting_starts[walk->term + 1]; walk->at++) {
            uint16_t number = s->numbers[walk->at];
            if (mask[number] || (within && !within[number]))
                continue;
            if (all_hold(s, words, count, rarest, number) &&
                holds_phrase(s, words, count, rarest, walk, scope, &damaged))
                mask[number] = 1;
        }
    }
    free(words);
    free(walks);
    return damaged ? DAMAGED : 0;
}
