/* Which articles hold words, and how often: see scoring.py and expanded.py. */

#include <string.h>

#include "forms.h"
#include "worth.h"

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

/* Set mask where articles hold what cuts stand for. */
int64_t mark(const Segment *s, const Cut *cuts, int64_t count, const Scope *scopes,
             uint8_t *restrict mask)
{
    if (!cuts_are_sound(s, cuts, count))
        return DAMAGED;
    const uint16_t *restrict numbers = s->numbers;
    for (const Cut *cut = cuts; cut < cuts + count; cut++) {
        Scope scope = scopes[(int64_t)cut->scope];
        int anywhere = scope.title > 0 && scope.text > 0;
        int64_t stop = stop_of(s, cut);
        for (int64_t posting = start_of(s, cut); posting < stop; posting++)
            if (anywhere || frequency(s, posting, scope) > 0)
                mask[numbers[posting]] = 1;
    }
    return 0;
}

/* Set the count of each article to how often it holds terms. Writes down how many do that live:
 * all, if live is NULL. */
int64_t count_terms(const Segment *s, const uint32_t *terms, int64_t count, Scope scope,
                    const uint8_t *live, float *counts, int64_t *holding)
{
    int64_t postings;
    if (!forms_are_sound(s, &(Forms){terms, count}, &postings))
        return DAMAGED;
    int64_t articles = s->articles, held = 0;
    memset(counts, 0, (size_t)articles * sizeof *counts);
    for (int64_t i = 0; i < count; i++) {
        int64_t stop = s->posting_starts[terms[i] + 1];
        for (int64_t posting = s->posting_starts[terms[i]]; posting < stop; posting++)
            counts[s->numbers[posting]] += frequency(s, posting, scope);
    }
    if (live)
        for (int64_t i = 0; i < articles; i++)
            held += (counts[i] > 0) & live[i];
    else
        for (int64_t i = 0; i < articles; i++)
            held += counts[i] > 0;
    *holding = held;
    return 0;
}
