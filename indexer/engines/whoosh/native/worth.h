/* What the posting of a term is worth to its article, by its code: see scoring.py. */

#ifndef RITAGLIO_WORTH_H
#define RITAGLIO_WORTH_H

#include <math.h>

#include "asked.h"

/* What a code says: how much the term counts in the scope asked for, and what that is worth to an
 * article without a word. */
typedef struct {
    float frequency, worth;
} Code;

/* What codes are worth to a cut. */
typedef struct {
    Code codes[CODES];
    float factors[CODES];
    Scope scope;
} Worth;

/* Return how telling a term is that so many of all articles hold: see ranking.idf. */
static inline double rarity_of(double articles, double holding)
{
    return log(1 + (articles - holding + 0.5) / (holding + 0.5));
}

static inline int64_t start_of(const Segment *s, const Cut *cut)
{
    return s->posting_starts[(int64_t)cut->first];
}

static inline int64_t stop_of(const Segment *s, const Cut *cut)
{
    return s->posting_starts[(int64_t)cut->beyond];
}

static inline int cuts_are_sound(const Segment *s, const Cut *cuts, int64_t count)
{
    for (const Cut *cut = cuts; cut < cuts + count; cut++)
        if (!postings_are_sound(s, start_of(s, cut), stop_of(s, cut)))
            return 0;
    return 1;
}

static inline void set_worth(Worth *worth, const Cut *cut, const float *agreements,
                             const Scope *scopes)
{
    const float *agreement = agreements + CODES * (int64_t)cut->writing;
    worth->scope = scopes[(int64_t)cut->scope];
    for (int code = 0; code < CODES; code++) {
        float factor =
            (code < SHARED ? (float)cut->wide : 0.0f) + agreement[code] * (float)cut->exact;
        float own = code_frequency((uint8_t)code, worth->scope);
        worth->factors[code] = factor;
        worth->codes[code] = (Code){own, factor * own};
    }
}

static inline void weigh_one(const Segment *s, int64_t posting, const Worth *how, float *scores)
{
    uint16_t number = s->numbers[posting];
    uint8_t code = s->codes[posting];
    Code is = how->codes[code];
    if ((code & TEXT) == BIG) {
        is.frequency = frequency(s, posting, how->scope);
        is.worth = is.frequency * how->factors[code];
    }
    scores[number] += is.worth / (s->norms[number] + is.frequency);
}

#endif
