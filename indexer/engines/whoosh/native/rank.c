/* What articles score that hold what a query asks for: see scoring.py. */

#include <stdlib.h>
#include <string.h>

#include "holders.h"

/* So many postings are looked through before those that count are weighed: no step of the first
 * loop depends on what an article turns out to be. */
enum { STRIDE = 512 };

/* Where one of so many articles is asked for, or fewer, these are listed. */
enum { FEW = 8 };

/* Where more than one of so many articles is listed, others may be weighed beside them. */
enum { DENSE = 16 };

/* List the articles that are within. */
static void list_within(const uint8_t *within, int64_t articles, List *list)
{
    list->count = 0;
    for (int64_t i = 0; i < articles; i += 8) {
        uint64_t eight = 0, more[4];
        for (; i + 32 <= articles; i += 32) { /* mostly there are few */
            memcpy(more, within + i, sizeof more);
            if (more[0] | more[1] | more[2] | more[3])
                break;
        }
        memcpy(&eight, within + i, (size_t)(articles - i < 8 ? articles - i : 8));
        for (; eight; eight &= eight - 1)
            list->numbers[list->count++] = (uint16_t)(i + (__builtin_ctzll(eight) >> 3));
    }
}

/* Add what postings from start to stop are worth to the scores of articles that have a value. */
static void weigh_some(const Segment *s, int64_t start, int64_t stop, const Worth *how,
                       const uint8_t *has, uint8_t value, float *scores)
{
    const uint16_t *numbers = s->numbers;
    for (; start < stop; start += STRIDE) {
        int64_t end = start + STRIDE < stop ? start + STRIDE : stop, count = 0;
        uint16_t some[STRIDE];
        for (int64_t posting = start; posting < end; posting++) {
            some[count] = (uint16_t)(posting - start);
            count += has[numbers[posting]] == value;
        }
        for (int64_t i = 0; i < count; i++)
            weigh_one(s, start + some[i], how, scores);
    }
}

static void weigh_all(const Segment *s, const Cut *cut, const Worth *how, float *scores)
{
    int64_t stop = stop_of(s, cut);
    for (int64_t posting = start_of(s, cut); posting < stop; posting++)
        weigh_one(s, posting, how, scores);
}

/* Set the scores of listed articles, which alone have a value, to what cuts are worth to them; those
 * of others to anything. */
static void score_listed(const Segment *s, const Cut *cuts, int64_t count, const float *agreements,
                         const Scope *scopes, const uint8_t *has, uint8_t value, const List *list,
                         float *scores)
{
    int many = DENSE * list->count > s->articles;
    if (many)
        memset(scores, 0, (size_t)s->articles * sizeof *scores);
    else
        for (int64_t i = 0; i < list->count; i++)
            scores[list->numbers[i]] = 0;
    for (const Cut *cut = cuts; list->count && cut < cuts + count; cut++) {
        Worth worth;
        set_worth(&worth, cut, agreements, scopes);
        if (many && 2 * list->count >= stop_of(s, cut) - start_of(s, cut)) {
            weigh_all(s, cut, &worth, scores);
            continue;
        }
        int64_t beyond = (int64_t)cut->beyond;
        for (int64_t term = (int64_t)cut->first, end; term < beyond; term = end) {
            end = stretch_end(s, term, beyond, list);
            if (!is_sparse(s, term, list)) {
                weigh_some(s, s->posting_starts[term], s->posting_starts[end], &worth, has, value,
                           scores);
                continue;
            }
            int64_t found = find_postings(s, term, list);
            for (int64_t i = 0; i < found; i++)
                weigh_one(s, list->postings[i], &worth, scores);
        }
    }
}

/* Keep of listed articles those that score. */
static void keep_scorers(const float *scores, List *list)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < list->count; i++) {
        list->numbers[kept] = list->numbers[i];
        kept += scores[list->numbers[i]] > 0;
    }
    list->count = kept;
}

/* Set the scores of all articles to what counts of one term, if they are not NULL, and cuts are
 * worth to them; to nothing where an article is not within, if that is not NULL. Returns how many
 * score. */
static int64_t score_all(const Segment *s, const Cut *cuts, int64_t count, const float *counts,
                         double factor, const float *agreements, const Scope *scopes,
                         const uint8_t *within, float *scores)
{
    int64_t articles = s->articles;
    int32_t scorers = 0;
    memset(scores, 0, (size_t)articles * sizeof *scores);
    if (counts)
        weigh_counts(counts, s->norms, articles, (float)factor, NULL, scores);
    for (const Cut *cut = cuts; cut < cuts + count; cut++) {
        Worth worth;
        set_worth(&worth, cut, agreements, scopes);
        weigh_all(s, cut, &worth, scores);
    }
    if (within)
        for (int64_t i = 0; i < articles; i++)
            scores[i] = within[i] ? scores[i] : 0;
    for (int64_t i = 0; i < articles; i++)
        scorers += scores[i] > 0;
    return scorers;
}

/* Return how many bytes of a mask are set. */
static int64_t count_set(const uint8_t *mask, int64_t count)
{
    int64_t found = 0;
    for (int64_t begin = 0; begin < count; begin += UINT8_MAX) {
        int64_t end = begin + UINT8_MAX < count ? begin + UINT8_MAX : count;
        uint8_t own = 0; /* narrow, so that many are added at once */
        for (int64_t i = begin; i < end; i++)
            own = (uint8_t)(own + mask[i]);
        found += own;
    }
    return found;
}

int64_t score(const Segment *s, const Cut *cuts, int64_t count, const int64_t *ends, int64_t groups,
              const float *counts, double factor, const float *agreements, const Scope *scopes,
              const uint8_t *within, float *scores, uint16_t **listed, int64_t *total)
{
    int64_t articles = s->articles;
    *listed = NULL;
    if (!cuts_are_sound(s, cuts, count))
        return DAMAGED;
    int few = within && !counts && count_set(within, articles) * FEW <= articles;
    if (groups < 2 && !few) {
        *total = score_all(s, cuts, count, counts, factor, agreements, scopes, within, scores);
        return 0;
    }
    size_t room = (size_t)articles + 8;
    List list = {malloc(room * sizeof *list.numbers), malloc(room * sizeof *list.postings), 0};
    uint8_t *has = malloc(room);
    int there = list.numbers && list.postings && has;
    if (there && groups > 1)
        there = list_holders(s, cuts, ends, groups, scopes, within, has, &list);
    if (there && groups > 1) {
        score_listed(s, cuts, count, agreements, scopes, has, (uint8_t)groups, &list, scores);
    } else if (there) { /* of one group every article that scores has a posting */
        list_within(within, articles, &list);
        score_listed(s, cuts, count, agreements, scopes, within, 1, &list, scores);
        keep_scorers(scores, &list);
    }
    free(list.postings);
    free(has);
    if (!there) {
        free(list.numbers);
        return NO_MEMORY;
    }
    *listed = list.numbers;
    *total = list.count;
    return 0;
}

/* Set the scores of all articles as score does: of those that do not score to nothing. */
int64_t rank(const Segment *s, const Cut *cuts, int64_t count, const int64_t *ends, int64_t groups,
             const float *counts, double factor, const float *agreements, const Scope *scopes,
             const uint8_t *within, float *scores, int64_t *total)
{
    uint16_t *listed;
    int64_t answer = score(s, cuts, count, ends, groups, counts, factor, agreements, scopes, within,
                           scores, &listed, total);
    int64_t from = 0;
    for (int64_t i = 0; listed && i <= *total; i++) {
        int64_t number = i < *total ? listed[i] : s->articles;
        memset(scores + from, 0, (size_t)(number - from) * sizeof *scores);
        from = number + 1;
    }
    free(listed);
    return answer;
}

int64_t weigh(const Segment *s, const Cut *cuts, int64_t count, const float *agreements,
              const Scope *scopes, const uint8_t *within, float *scores)
{
    if (!cuts_are_sound(s, cuts, count))
        return DAMAGED;
    for (const Cut *cut = cuts; cut < cuts + count; cut++) {
        Worth worth;
        set_worth(&worth, cut, agreements, scopes);
        if (within)
            weigh_some(s, start_of(s, cut), stop_of(s, cut), &worth, within, 1, scores);
        else
            weigh_all(s, cut, &worth, scores);
    }
    return 0;
}
