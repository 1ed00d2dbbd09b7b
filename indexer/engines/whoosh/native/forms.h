/* Many forms counted as one term. */

#ifndef RITAGLIO_FORMS_H
#define RITAGLIO_FORMS_H

#include "asked.h"

/* The terms of a segment that are counted as one. */
typedef struct {
    const uint32_t *terms;
    int64_t count;
} Forms;

/* Articles that hold any of them, each once, and how often they do. */
typedef struct {
    uint16_t *numbers;
    float *counts;
    int64_t count;
} Listed;

/* Whether all postings of forms are what was written; how many there are is written down. */
static inline int forms_are_sound(const Segment *s, const Forms *forms, int64_t *postings)
{
    *postings = 0;
    for (const uint32_t *term = forms->terms; term < forms->terms + forms->count; term++) {
        int64_t start = s->posting_starts[*term], stop = s->posting_starts[*term + 1];
        if (!postings_are_sound(s, start, stop))
            return 0;
        *postings += stop - start;
    }
    return 1;
}

/* List the articles, of those that live if that is not NULL, that hold forms in scope; in memory to
 * be freed. There is room for the counts of all. Returns what a kernel returns. */
int64_t list_forms(const Segment *s, const Forms *forms, Scope scope, const uint8_t *live,
                   float *counts, Listed *listed);

/* Set the scores of listed articles to what their counts are worth, times a factor, and keep of them
 * those within, if that is not NULL. */
void score_forms(const Segment *s, Listed *listed, const uint8_t *within, double factor,
                 float *scores);

#endif
