/* A stem and a form among a segment's terms. */

#ifndef RITAGLIO_TERMS_H
#define RITAGLIO_TERMS_H

#include "segment.h"

/* Letters, and the hash of them. */
typedef struct {
    const uint8_t *bytes;
    int64_t size;
    uint32_t hash;
} Key;

/* A stem's first term, its first form, where they end, and how many articles hold it, the deleted
 * ones too; nothing but zeros where there is none. */
typedef struct {
    int64_t first, forms, beyond, holders;
} StemFound;

/* Where a form's terms begin and end in the order of forms, and the first of them; nothing but zeros
 * where there is none. */
typedef struct {
    int64_t first, beyond, term;
} FormFound;

/* Write down what there is of a stem, if there is anything; note if a term's bytes are damaged. */
void look_up_stem(const Segment *s, Key stem, StemFound *found, int *damaged);

/* Write down what there is of a form, likewise. */
void look_up_form(const Segment *s, Key form, FormFound *found, int *damaged);

#endif
