/* What the kernels of a search are asked, and those of them that others call. */

#ifndef RITAGLIO_ASKED_H
#define RITAGLIO_ASKED_H

#include "segment.h"

/* Terms that stand for a word, from first to beyond, and what their postings are worth. */
typedef struct {
    double first, beyond;
    double wide;    /* as a stem */
    double exact;   /* as the very form, times how well the writing agrees */
    double writing; /* which row of agreements */
    double scope;   /* which of the scopes */
} Cut;

/* A stem whose places are looked for: the terms of its forms, from first to beyond. */
typedef struct {
    int64_t first, beyond;
} Stem;

/* Two stems, by their numbers, what a place counts where both stand, by part of the article, and
 * what these are worth. */
typedef struct {
    double one, other;
    double title, text;
    double worth;
} Pair;

/* Set the scores of articles to what counts of one term, if they are not NULL, and cuts are worth to
 * those that are within, if that is not NULL, and have a posting of each of the groups of cuts, each
 * up to its end. Writes down how many score. If there are groups, of which there are no counts then, or
 * few are within, those that score are listed, ascending, in memory to be freed, and those of
 * others may be anything; else the scores of all are set. Returns what a kernel returns. */
int64_t score(const Segment *s, const Cut *cuts, int64_t count, const int64_t *ends, int64_t groups,
              const float *counts, double factor, const float *agreements, const Scope *scopes,
              const uint8_t *within, float *scores, uint16_t **listed, int64_t *total);

/* Add to the scores of articles, of those within if it is not NULL, what cuts are worth to them. */
int64_t weigh(const Segment *s, const Cut *cuts, int64_t count, const float *agreements,
              const Scope *scopes, const uint8_t *within, float *scores);

/* Set mask where articles, those within if it is not NULL, hold a phrase that begins in scope. The
 * terms of word i stand in terms up to ends[i], from ends[i - 1] on; each has one. Returns what a
 * kernel returns. */
int64_t phrase(const Segment *s, const uint32_t *terms, const int64_t *ends, int64_t count,
               const uint8_t *within, Scope scope, uint8_t *mask);

void weigh_counts(const float *counts, const float *norms, int64_t articles, float factor,
                  const uint8_t *within, float *scores);

int64_t best(const int32_t *goodness, const uint8_t *mask, int64_t articles, int64_t wanted,
             int32_t floor, const int32_t *ages, const uint16_t *ranks, int32_t *chosen);

int64_t best_listed(const int32_t *goodness, const uint16_t *listed, int64_t count, int64_t wanted,
                    int32_t floor, const int32_t *ages, const uint16_t *ranks, int32_t *chosen);

int64_t near(const Segment *s, const Stem *stems, int64_t stem_count, const Pair *pairs,
             int64_t pair_count, const int64_t *numbers, const int64_t *slots, int64_t count,
             int64_t window, float *earned);

#endif
