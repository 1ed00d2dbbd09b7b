/* Many forms counted as one term: which articles hold any of them, and what that is worth. */

#include <stdlib.h>
#include <string.h>

#include "forms.h"

int64_t list_forms(const Segment *s, const Forms *forms, Scope scope, const uint8_t *live,
                   float *counts, Listed *listed)
{
    int64_t postings, count = 0;
    if (!forms_are_sound(s, forms, &postings))
        return DAMAGED;
    int64_t room = postings < s->articles ? postings : s->articles;
    listed->numbers = malloc((size_t)(room + 1) * sizeof *listed->numbers);
    listed->counts = malloc((size_t)(room + 1) * sizeof *listed->counts);
    if (!listed->numbers || !listed->counts)
        return NO_MEMORY;
    memset(counts, 0, (size_t)s->articles * sizeof *counts);
    for (const uint32_t *term = forms->terms; term < forms->terms + forms->count; term++) {
        int64_t stop = s->posting_starts[*term + 1];
        for (int64_t posting = s->posting_starts[*term]; posting < stop; posting++) {
            uint16_t number = s->numbers[posting];
            float own = frequency(s, posting, scope);
            listed->numbers[count] = number; /* no jump that depends on whether it is new */
            count += counts[number] == 0 && own > 0 && (!live || live[number]);
            counts[number] += own;
        }
    }
    for (int64_t i = 0; i < count; i++)
        listed->counts[i] = counts[listed->numbers[i]];
    listed->count = count;
    return 0;
}

void score_forms(const Segment *s, Listed *listed, const uint8_t *within, double factor,
                 float *scores)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < listed->count; i++) {
        uint16_t number = listed->numbers[i];
        float count = listed->counts[i];
        scores[number] = (float)factor * (count / (count + s->norms[number]));
        listed->numbers[kept] = number;
        kept += !within || within[number];
    }
    listed->count = kept;
}
