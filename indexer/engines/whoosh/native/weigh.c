/* What the postings of words are worth to articles, and which articles have any: see scoring.py and
 * expanded.py. */

#include <stdlib.h>
#include <string.h>

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

/* Where one of so many articles is asked for, or more, all are scored: guesses would be wrong. */
enum { SPARSE = 32 };

static int64_t start_of(const Segment *s, const Cut *cut)
{
    return s->posting_starts[(int64_t)cut->first];
}

static int64_t stop_of(const Segment *s, const Cut *cut)
{
    return s->posting_starts[(int64_t)cut->beyond];
}

static int cuts_are_read(const Segment *s, const Cut *cuts, int64_t count, Unread *unread)
{
    unread->count = 0;
    for (const Cut *cut = cuts; cut < cuts + count; cut++)
        postings_are_read(s, start_of(s, cut), stop_of(s, cut), unread);
    return !unread->count;
}

static void set_worth(Worth *worth, const Cut *cut, const float *agreements, const Scope *scopes)
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

/* Add what postings are worth to the scores of their articles; only of those for which within has
 * the value wanted, if it is not NULL. */
static void weigh_all(const Segment *s, int64_t start, int64_t stop, const Worth *how,
                      const uint8_t *within, uint8_t wanted, float *scores)
{
    if (within) {
        for (int64_t posting = start; posting < stop; posting++)
            if (within[s->numbers[posting]] == wanted)
                weigh_one(s, posting, how, scores);
    } else {
        for (int64_t posting = start; posting < stop; posting++)
            weigh_one(s, posting, how, scores);
    }
}

/* Add to the scores of articles, of those within if it is not NULL, what cuts are worth to them. */
int64_t weigh(const Segment *s, const Cut *cuts, int64_t count, const float *agreements,
              const Scope *scopes, const uint8_t *within, float *scores, Unread *unread)
{
    if (!cuts_are_read(s, cuts, count, unread))
        return -unread->count;
    for (const Cut *cut = cuts; cut < cuts + count; cut++) {
        Worth worth;
        set_worth(&worth, cut, agreements, scopes);
        weigh_all(s, start_of(s, cut), stop_of(s, cut), &worth, within, 1, scores);
    }
    return 0;
}

/* Cuts of which an article must have a posting. */
typedef struct {
    const Cut *first, *beyond;
    int64_t postings;
} Group;

static int compare_postings(const void *one, const void *other)
{
    int64_t ones = ((const Group *)one)->postings, others = ((const Group *)other)->postings;
    return (ones > others) - (ones < others);
}

/* Let each article that has so many groups before this one, and a posting in it, have one more. */
static void have_one_more(const Segment *s, const Group *group, const Scope *scopes,
                          uint8_t before, uint8_t *has)
{
    for (const Cut *cut = group->first; cut < group->beyond; cut++) {
        Scope scope = scopes[(int64_t)cut->scope];
        int64_t start = start_of(s, cut), stop = stop_of(s, cut);
        if (scope.title > 0 && scope.text > 0) {
            for (int64_t posting = start; posting < stop; posting++)
                has[s->numbers[posting]] += has[s->numbers[posting]] == before;
        } else {
            for (int64_t posting = start; posting < stop; posting++)
                if (has[s->numbers[posting]] == before && frequency(s, posting, scope) > 0)
                    has[s->numbers[posting]]++;
        }
    }
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

/* Set how many of the groups of cuts, each up to its end, each article has, the rarest first; more
 * than there are where it is not within, if that is not NULL. Returns whether there is memory. */
static int have_groups(const Segment *s, const Cut *cuts, const int64_t *ends, int64_t count,
                       const Scope *scopes, const uint8_t *within, uint8_t *has)
{
    Group *groups = malloc((size_t)count * sizeof *groups);
    if (!groups)
        return 0;
    for (int64_t i = 0, first = 0; i < count; first = ends[i++]) {
        groups[i] = (Group){cuts + first, cuts + ends[i], 0};
        for (const Cut *cut = groups[i].first; cut < groups[i].beyond; cut++)
            groups[i].postings += stop_of(s, cut) - start_of(s, cut);
    }
    qsort(groups, (size_t)count, sizeof *groups, compare_postings);
    for (int64_t i = 0; i < s->articles; i++)
        has[i] = within && !within[i] ? UINT8_MAX : 0;
    for (int64_t i = 0; i < count; i++)
        have_one_more(s, groups + i, scopes, (uint8_t)i, has);
    free(groups);
    return 1;
}

static int64_t count_value(const uint8_t *values, int64_t count, uint8_t value)
{
    int64_t found = 0;
    for (int64_t i = 0; i < count; i++)
        found += values[i] == value;
    return found;
}

/* Set the scores of articles to what counts of one term, if they are not NULL, and cuts are worth to
 * them: to nothing where an article is not within, if that is not NULL, or has no posting of one of
 * the groups of cuts, each up to its end. Writes down how many have a score. Returns 1 where there
 * is no memory. */
int64_t rank(const Segment *s, const Cut *cuts, int64_t count, const int64_t *ends, int64_t groups,
             const float *counts, double factor, const float *agreements, const Scope *scopes,
             const uint8_t *within, float *scores, int64_t *total, Unread *unread)
{
    int64_t articles = s->articles;
    if (!cuts_are_read(s, cuts, count, unread))
        return -unread->count;
    uint8_t *has = NULL, wanted = 1;
    if (groups > 1) { /* of one alone every article that scores has a posting */
        has = malloc((size_t)articles + 1);
        if (!has || !have_groups(s, cuts, ends, groups, scopes, within, has)) {
            free(has);
            return 1;
        }
        within = has;
        wanted = (uint8_t)groups;
    }
    int64_t held = within ? count_value(within, articles, wanted) : articles;
    int dense = within && held * SPARSE > articles;
    memset(scores, 0, (size_t)articles * sizeof *scores);
    if (counts) {
        dense |= within != NULL;
        weigh_counts(counts, s->norms, articles, (float)factor, NULL, scores);
    }
    for (const Cut *cut = cuts; cut < cuts + count; cut++) {
        Worth worth;
        set_worth(&worth, cut, agreements, scopes);
        weigh_all(s, start_of(s, cut), stop_of(s, cut), &worth, dense ? NULL : within, wanted,
                  scores);
    }
    if (dense)
        for (int64_t i = 0; i < articles; i++)
            scores[i] = within[i] == wanted ? scores[i] : 0;
    *total = has ? held : 0;
    for (int64_t i = 0; i < articles && !has; i++)
        *total += scores[i] > 0;
    free(has);
    return 0;
}

/* Set mask where articles hold what cuts stand for. */
int64_t mark(const Segment *s, const Cut *cuts, int64_t count, const Scope *scopes, uint8_t *mask,
             Unread *unread)
{
    if (!cuts_are_read(s, cuts, count, unread))
        return -unread->count;
    for (const Cut *cut = cuts; cut < cuts + count; cut++) {
        Scope scope = scopes[(int64_t)cut->scope];
        int anywhere = scope.title > 0 && scope.text > 0;
        int64_t stop = stop_of(s, cut);
        for (int64_t posting = start_of(s, cut); posting < stop; posting++)
            if (anywhere || frequency(s, posting, scope) > 0)
                mask[s->numbers[posting]] = 1;
    }
    return 0;
}

/* Set the count of each article to how often it holds terms. Writes down how many do that live:
 * all, if live is NULL. */
int64_t count_terms(const Segment *s, const uint32_t *terms, int64_t count, Scope scope,
                    const uint8_t *live, float *counts, int64_t *holding, Unread *unread)
{
    unread->count = 0;
    for (int64_t i = 0; i < count; i++)
        postings_are_read(s, s->posting_starts[terms[i]], s->posting_starts[terms[i] + 1], unread);
    if (unread->count)
        return -unread->count;
    memset(counts, 0, (size_t)s->articles * sizeof *counts);
    for (int64_t i = 0; i < count; i++) {
        int64_t stop = s->posting_starts[terms[i] + 1];
        for (int64_t posting = s->posting_starts[terms[i]]; posting < stop; posting++)
            counts[s->numbers[posting]] += frequency(s, posting, scope);
    }
    *holding = 0;
    for (int64_t i = 0; i < s->articles; i++)
        *holding += (counts[i] > 0) & (live ? live[i] : 1);
    return 0;
}
