/* Where a stem and a form stand among a segment's terms: see terms.py and directory.py. */

#include <string.h>

#include "segment.h"

#define SEVERAL 0x80000000u

/* Letters, and the hash of them. */
typedef struct {
    const uint8_t *bytes;
    int64_t size;
    uint32_t hash;
} Key;

/* Return the key of a term, NULL where its bytes are damaged. */
static const uint8_t *key_of(const Segment *s, uint32_t term, int64_t *size, int *damaged)
{
    const uint8_t *first = s->terms + s->term_starts[term];
    *size = (int64_t)s->term_starts[term + 1] - s->term_starts[term];
    int sound = is_sound(s, first, first + *size);
    *damaged |= !sound;
    return sound ? first : NULL;
}

/* Return the place behind the zero that ends a key's stem. */
static int64_t form_begin(const uint8_t *key, int64_t size)
{
    const uint8_t *zero = memchr(key, 0, (size_t)size);
    return zero ? zero - key + 1 : size;
}

/* Return the form of a term, NULL where its bytes are damaged. */
static const uint8_t *form_of(const Segment *s, uint32_t term, int64_t *size, int *damaged)
{
    const uint8_t *key = key_of(s, term, size, damaged);
    int64_t begin = key ? form_begin(key, *size) : 0;
    *size -= begin;
    return key ? key + begin : NULL;
}

static int is_form(const Segment *s, uint32_t term, Key form, int *damaged)
{
    int64_t size;
    const uint8_t *own = form_of(s, term, &size, damaged);
    return own && size == form.size && !memcmp(own, form.bytes, (size_t)size);
}

/* Write down of a stem its first term, its first form, where they end, and how many hold it. */
static void look_up_stem(const Segment *s, Key stem, int64_t *found, int *damaged)
{
    int64_t row = find_place(s->stem_hashes, 0, s->stems, stem.hash);
    for (; row < s->stems && s->stem_hashes[row] == stem.hash; row++) {
        uint32_t first = s->stem_firsts[row];
        int64_t size;
        const uint8_t *key = key_of(s, first, &size, damaged);
        if (!key)
            return;
        int64_t begin = form_begin(key, size);
        if (begin - 1 != stem.size || memcmp(key, stem.bytes, (size_t)stem.size))
            continue;
        found[0] = first;
        found[1] = (int64_t)first + (begin == size);
        found[2] = s->stem_beyonds[row];
        found[3] = (int64_t)s->stem_rests[row] + 1;
        return;
    }
}

/* Write down where in the order of forms a form's terms begin and end; the first of them, and how
 * many postings that has. */
static void look_up_form(const Segment *s, Key form, int64_t *found, int *damaged)
{
    int64_t row = find_place(s->form_hashes, 0, s->forms, form.hash);
    for (; row < s->forms && s->form_hashes[row] == form.hash; row++) {
        int64_t first = s->form_firsts[row] & ~SEVERAL, beyond = first + 1;
        if (!is_form(s, s->form_order[first], form, damaged))
            continue;
        if (s->form_firsts[row] & SEVERAL)
            while (beyond < s->term_count && is_form(s, s->form_order[beyond], form, damaged))
                beyond++;
        uint32_t term = s->form_order[first];
        found[0] = first;
        found[1] = beyond;
        found[2] = term;
        found[3] = (int64_t)s->posting_starts[term + 1] - s->posting_starts[term];
        return;
    }
}

/* A word asked for: where its stem, if its size is not below zero, and its form stand. */
typedef struct {
    int64_t stem, stem_size, stem_hash;
    int64_t form, form_size, form_hash;
} Asked;

/* What there is of a word in a segment, nothing but zeros where there is none: so many numbers for
 * its stem, and as many for its form. */
enum { OF_EACH = 4, FOUND = 2 * OF_EACH };

/* Write down what there is of words, whose letters stand in text, in each of segments. */
int64_t find_words(const Segment *const *segments, int64_t count, const uint8_t *text,
                   const Asked *words, int64_t word_count, int64_t *found)
{
    int damaged = 0;
    for (int64_t i = 0; i < count * word_count * FOUND; i++)
        found[i] = 0;
    for (int64_t at = 0; at < count; at++) {
        const Segment *s = segments[at];
        for (const Asked *word = words; word < words + word_count; word++, found += FOUND) {
            if (word->stem_size >= 0)
                look_up_stem(s, (Key){text + word->stem, word->stem_size, (uint32_t)word->stem_hash},
                             found, &damaged);
            look_up_form(s, (Key){text + word->form, word->form_size, (uint32_t)word->form_hash},
                         found + OF_EACH, &damaged);
        }
        if (damaged)
            return DAMAGED;
    }
    return 0;
}

/* Tell how a term's form compares with letters; as equal where it is damaged. */
static int compare_form(const Segment *s, uint32_t term, Key form, int *damaged)
{
    int64_t size;
    const uint8_t *own = form_of(s, term, &size, damaged);
    if (!own)
        return 0;
    int order = memcmp(own, form.bytes, (size_t)(size < form.size ? size : form.size));
    return order ? order : (size > form.size) - (size < form.size);
}

/* Write down from where to where in the order of forms these are not below low, and below high. */
int64_t find_forms(const Segment *s, const uint8_t *low, int64_t low_size, const uint8_t *high,
                   int64_t high_size, int64_t *range)
{
    Key bounds[] = {{low, low_size, 0}, {high, high_size, 0}};
    int damaged = 0;
    for (int i = 0; i < 2; i++) {
        int64_t first = 0, beyond = s->term_count;
        while (first < beyond && !damaged) {
            int64_t middle = first + (beyond - first) / 2;
            if (compare_form(s, s->form_order[middle], bounds[i], &damaged) < 0)
                first = middle + 1;
            else
                beyond = middle;
        }
        range[i] = first;
    }
    return damaged ? DAMAGED : 0;
}
