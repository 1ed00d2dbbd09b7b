/* What the postings of words are worth to articles, and which articles have any: see scoring.py and
 * expanded.py. */

#include "segment.h"

/* The postings from start to stop of one word, and what they are worth. */
typedef struct {
    double start, stop;
    double wide;    /* as its stem */
    double exact;   /* as the very form, times how well the writing agrees */
    double writing; /* which row of agreements */
} Cut;

/* So many postings are weighed at a time, in loops of which the compiler makes few steps. */
enum { STEP = 256 };

static int cuts_are_read(const Segment *s, const Cut *cuts, int64_t count, Unread *unread)
{
    unread->count = 0;
    for (const Cut *cut = cuts; cut < cuts + count; cut++)
        postings_are_read(s, (int64_t)cut->start, (int64_t)cut->stop, unread);
    return !unread->count;
}

static void weigh_some(const Segment *s, int64_t first, int count, const float *diluted,
                       const float *factors, Scope scope, const uint8_t *within, float *scores)
{
    const uint16_t *numbers = s->numbers + first;
    const uint8_t *codes = s->codes + first;
    const float *norms = s->norms;
    float worth[STEP], dilution[STEP];
    for (int i = 0; i < count; i++) {
        uint8_t code = codes[i];
        worth[i] = factors[code];
        dilution[i] = norms[numbers[i]] * diluted[code];
        if ((code & TEXT) == BIG)
            dilution[i] = norms[numbers[i]] * (1.0f / frequency(s, first + i, scope));
    }
    for (int i = 0; i < count; i++)
        worth[i] /= dilution[i] + 1.0f;
    if (within) {
        for (int i = 0; i < count; i++)
            if (within[numbers[i]])
                scores[numbers[i]] += worth[i];
    } else {
        for (int i = 0; i < count; i++)
            scores[numbers[i]] += worth[i];
    }
}

/* Add to the scores of articles, of those within if it is not NULL, what cuts are worth to them. */
int64_t weigh(const Segment *s, const Cut *cuts, int64_t count, const float *agreements,
              Scope scope, const uint8_t *within, float *scores, Unread *unread)
{
    if (!cuts_are_read(s, cuts, count, unread))
        return -unread->count;
    float diluted[CODES], factors[CODES];
    for (int code = 0; code < CODES; code++)
        diluted[code] = 1.0f / code_frequency((uint8_t)code, scope);
    for (const Cut *cut = cuts; cut < cuts + count; cut++) {
        const float *agreement = agreements + CODES * (int64_t)cut->writing;
        for (int code = 0; code < CODES; code++)
            factors[code] =
                (code < SHARED ? (float)cut->wide : 0.0f) + agreement[code] * (float)cut->exact;
        int64_t stop = (int64_t)cut->stop;
        for (int64_t at = (int64_t)cut->start; at < stop; at += STEP)
            weigh_some(s, at, stop - at < STEP ? (int)(stop - at) : STEP, diluted, factors, scope,
                       within, scores);
    }
    return 0;
}

/* Set mask where articles hold what cuts stand for. */
int64_t mark(const Segment *s, const Cut *cuts, int64_t count, Scope scope, uint8_t *mask,
             Unread *unread)
{
    if (!cuts_are_read(s, cuts, count, unread))
        return -unread->count;
    int anywhere = scope.title > 0 && scope.text > 0;
    for (const Cut *cut = cuts; cut < cuts + count; cut++) {
        int64_t stop = (int64_t)cut->stop;
        for (int64_t posting = (int64_t)cut->start; posting < stop; posting++)
            if (anywhere || frequency(s, posting, scope) > 0)
                mask[s->numbers[posting]] = 1;
    }
    return 0;
}

/* Add to the count of each article how often it holds terms. */
int64_t count_terms(const Segment *s, const uint32_t *terms, int64_t count, Scope scope,
                    float *counts, Unread *unread)
{
    unread->count = 0;
    for (int64_t i = 0; i < count; i++)
        postings_are_read(s, s->posting_starts[terms[i]], s->posting_starts[terms[i] + 1], unread);
    if (unread->count)
        return -unread->count;
    for (int64_t i = 0; i < count; i++) {
        int64_t stop = s->posting_starts[terms[i] + 1];
        for (int64_t posting = s->posting_starts[terms[i]]; posting < stop; posting++)
            counts[s->numbers[posting]] += frequency(s, posting, scope);
    }
    return 0;
}

/* Add to scores, of articles within if it is not NULL, what counts of one term are worth. */
void weigh_counts(const float *counts, const float *norms, int64_t articles, float factor,
                  const uint8_t *within, float *scores)
{
    if (within) {
        for (int64_t i = 0; i < articles; i++)
            scores[i] += within[i] * factor * (counts[i] / (counts[i] + norms[i]));
    } else {
        for (int64_t i = 0; i < articles; i++)
            scores[i] += factor * (counts[i] / (counts[i] + norms[i]));
    }
}
