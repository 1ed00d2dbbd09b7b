/* A segment as the kernels see it, and what several of them ask of it.
 *
 * No block of a file is used before it has been compared with its checksum: a kernel that meets
 * one that has not has it compared. Where it is not what was written, it returns DAMAGED.
 */

#ifndef RITAGLIO_SEGMENT_H
#define RITAGLIO_SEGMENT_H

#include <stdint.h>

/* postings.py and sections.py explain these. */
enum { TEXT = 0x0F, TITLE = 0x10, SHARED = 0x80, BIG = 0x0F, SKIP_BITS = 6, BLOCK_BITS = 16 };
enum { CODES = 256 };

typedef struct {
    int64_t articles;
    const uint8_t *map;    /* the file */
    const volatile uint8_t *unread; /* of each of its blocks, whether it is still to be compared */
    void (*compare)(int64_t block); /* does that; the block stays unread if it is not as written */
    const uint16_t *numbers;
    const uint8_t *codes;
    const void *positions;
    int64_t wide_positions; /* whether they have 32 bits, not 16 */
    /* Compared as a whole before the first call, as everything below is but ids and terms. */
    const uint32_t *posting_starts, *position_starts, *position_skips;
    const uint32_t *big_places, *big_titles, *big_texts;
    int64_t bigs;
    const uint32_t *title_words;
    const float *norms;
    const int32_t *ages;
    const uint16_t *id_ranks;
    const uint8_t *ids; /* compared block by block, as the terms are */
    const uint32_t *id_starts;
    const uint8_t *terms;
    const uint32_t *term_starts;
    int64_t term_count;
    const uint32_t *stem_hashes, *stem_firsts, *stem_beyonds;
    const uint16_t *stem_rests;
    int64_t stems;
    const uint32_t *form_hashes, *form_firsts, *form_order;
    int64_t forms;
} Segment;

/* How much a word in the title, and one in the text, counts. */
typedef struct {
    double title, text;
} Scope;

/* Where the positions of a posting stand. */
typedef struct {
    int64_t first, count;
} Positions;

/* What kernels return where they do not return 0. */
enum { DAMAGED = -1, NO_MEMORY = 1 };

/* Whether all bytes from first up to beyond are what was written. */
static inline int is_sound(const Segment *s, const void *first, const void *beyond)
{
    int64_t block = ((const uint8_t *)first - s->map) >> BLOCK_BITS;
    int64_t last = ((const uint8_t *)beyond - 1 - s->map) >> BLOCK_BITS;
    for (; block <= last; block++)
        if (__builtin_expect(s->unread[block], 0)) {
            s->compare(block);
            if (s->unread[block])
                return 0;
        }
    return 1;
}

static inline int postings_are_sound(const Segment *s, int64_t start, int64_t stop)
{
    return start >= stop || (is_sound(s, s->numbers + start, s->numbers + stop) &&
                             is_sound(s, s->codes + start, s->codes + stop));
}

/* Return the first place from low to high whose value is not below wanted; soonest near low. */
#define FIRST_NOT_BELOW(name, type)                                                        \
    static inline int64_t name(const type *values, int64_t low, int64_t high, type wanted) \
    {                                                                                      \
        int64_t step = 1;                                                                  \
        while (low + step < high && values[low + step] < wanted) {                         \
            low += step;                                                                   \
            step *= 2;                                                                     \
        }                                                                                  \
        int64_t size = low + step < high ? step : high - low;                              \
        for (; size > 0; size >>= 1) { /* no jump that depends on a value */               \
            int64_t half = (size + 1) >> 1;                                                \
            low += half & -(int64_t)(values[low + half - 1] < wanted);                     \
        }                                                                                  \
        return low;                                                                        \
    }

FIRST_NOT_BELOW(find_number, uint16_t)
FIRST_NOT_BELOW(find_place, uint32_t)

static inline float code_frequency(uint8_t code, Scope scope)
{
    return (float)(scope.text * (code & TEXT) + scope.title * ((code & TITLE) != 0));
}

/* Return how often a posting's term stands in its article, by how much that counts in scope. */
static inline float frequency(const Segment *s, int64_t posting, Scope scope)
{
    uint8_t code = s->codes[posting];
    if ((code & TEXT) != BIG)
        return code_frequency(code, scope);
    int64_t row = find_place(s->big_places, 0, s->bigs, (uint32_t)posting);
    return (float)(scope.text * s->big_texts[row] + scope.title * s->big_titles[row]);
}

/* Return how many positions the postings of forms from one to another have: fewer than 64 postings,
 * so that 16 bits count what their codes tell. */
static inline int64_t count_positions(const Segment *s, int64_t first, int64_t beyond)
{
    uint16_t small = 0, big = 0; /* narrow, so that many are added at once */
    for (int64_t posting = first; posting < beyond; posting++) {
        uint8_t code = s->codes[posting];
        small = (uint16_t)(small + (code & TEXT) + (code / TITLE & 1));
        big |= (code & TEXT) == BIG;
    }
    if (!big)
        return small;
    int64_t count = 0;
    for (int64_t posting = first; posting < beyond; posting++)
        count += (int64_t)frequency(s, posting, (Scope){1, 1});
    return count;
}

static inline Positions positions_of(const Segment *s, int64_t term, int64_t posting)
{
    int64_t start = s->posting_starts[term];
    int64_t from = posting >> SKIP_BITS << SKIP_BITS;
    Positions found;
    if (from > start) {
        found.first = s->position_skips[posting >> SKIP_BITS];
    } else {
        found.first = s->position_starts[term];
        from = start;
    }
    found.first += count_positions(s, from, posting);
    found.count = count_positions(s, posting, posting + 1);
    return found;
}

static inline int positions_are_sound(const Segment *s, Positions found)
{
    const uint8_t *positions = s->positions;
    int64_t size = s->wide_positions ? 4 : 2;
    return is_sound(s, positions + size * found.first,
                    positions + size * (found.first + found.count));
}

static inline uint32_t position(const Segment *s, int64_t at)
{
    if (s->wide_positions)
        return ((const uint32_t *)s->positions)[at];
    return ((const uint16_t *)s->positions)[at];
}

#endif
