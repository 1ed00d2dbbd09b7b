/* Where a stem and a form stand among a segment's terms: see terms.py and directory.py. */

#include "terms.h"

#include <string.h>

#define SEVERAL 0x80000000u

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

void look_up_stem(const Segment *s, Key stem, StemFound *found, int *damaged)
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
        found->first = first;
        found->forms = (int64_t)first + (begin == size);
        found->beyond = s->stem_beyonds[row];
        found->holders = (int64_t)s->stem_rests[row] + 1;
        return;
    }
}

void look_up_form(const Segment *s, Key form, FormFound *found, int *damaged)
{
    int64_t row = find_place(s->form_hashes, 0, s->forms, form.hash);
    for (; row < s->forms && s->form_hashes[row] == form.hash; row++) {
        int64_t first = s->form_firsts[row] & ~SEVERAL, beyond = first + 1;
        if (!is_form(s, s->form_order[first], form, damaged))
            continue;
        if (s->form_firsts[row] & SEVERAL)
            while (beyond < s->term_count && is_form(s, s->form_order[beyond], form, damaged))
                beyond++;
        found->first = first;
        found->beyond = beyond;
        found->term = s->form_order[first];
        return;
    }
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
