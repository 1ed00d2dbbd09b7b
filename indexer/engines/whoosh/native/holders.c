/* Which articles have a posting of every group of cuts: the rarest group lists some, each further
 * one takes some off. */

#include <stdlib.h>
#include <string.h>

#include "holders.h"

/* A list of so many articles is put in order by moving each to its place. */
enum { SHORT = 48 };

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

/* Set groups, the rarest first, to those of cuts that end where ends say. */
static void set_groups(const Segment *s, const Cut *cuts, const int64_t *ends, int64_t count,
                       Group *groups)
{
    for (int64_t i = 0, first = 0; i < count; first = ends[i++]) {
        groups[i] = (Group){cuts + first, cuts + ends[i], 0};
        for (const Cut *cut = groups[i].first; cut < groups[i].beyond; cut++)
            groups[i].postings += stop_of(s, cut) - start_of(s, cut);
    }
    qsort(groups, (size_t)count, sizeof *groups, compare_postings);
}

/* Put listed articles, each of which is there once, in order. */
static void sort_list(List *list)
{
    if (list->count <= SHORT) {
        for (int64_t i = 1; i < list->count; i++) {
            uint16_t number = list->numbers[i];
            int64_t at = i;
            for (; at > 0 && list->numbers[at - 1] > number; at--)
                list->numbers[at] = list->numbers[at - 1];
            list->numbers[at] = number;
        }
        return;
    }
    uint64_t bits[(UINT16_MAX + 1) / 64] = {0};
    for (int64_t i = 0; i < list->count; i++)
        bits[list->numbers[i] >> 6] |= (uint64_t)1 << (list->numbers[i] & 63);
    list->count = 0;
    for (uint32_t word = 0; word < (UINT16_MAX + 1) / 64; word++)
        for (uint64_t left = bits[word]; left; left &= left - 1)
            list->numbers[list->count++] = (uint16_t)(word << 6 | (uint32_t)__builtin_ctzll(left));
}

/* List the articles that have a posting of a group; each has one group then instead of none. */
static void list_first(const Segment *s, const Group *group, const Scope *scopes,
                       uint8_t *restrict has, List *list)
{
    const uint16_t *restrict numbers = s->numbers;
    uint16_t *restrict listed = list->numbers;
    int64_t count = 0;
    for (const Cut *cut = group->first; cut < group->beyond; cut++) {
        Scope scope = scopes[(int64_t)cut->scope];
        int anywhere = scope.title > 0 && scope.text > 0;
        int64_t stop = stop_of(s, cut);
        for (int64_t posting = start_of(s, cut); posting < stop; posting++) {
            uint16_t number = numbers[posting];
            int first = !has[number] && (anywhere || frequency(s, posting, scope) > 0);
            listed[count] = number; /* no jump that depends on whether it counts */
            count += first;
            has[number] = (uint8_t)(has[number] + first);
        }
    }
    list->count = count;
    sort_list(list);
}

/* Let listed articles, which have so many groups before this one, have one more if they have a
 * posting in it; the others are taken from the list. */
static void keep_holders(const Segment *s, const Group *group, const Scope *scopes, uint8_t before,
                         uint8_t *restrict has, List *list)
{
    const uint16_t *restrict numbers = s->numbers;
    for (const Cut *cut = group->first; cut < group->beyond; cut++) {
        Scope scope = scopes[(int64_t)cut->scope];
        int anywhere = scope.title > 0 && scope.text > 0;
        int64_t beyond = (int64_t)cut->beyond;
        for (int64_t term = (int64_t)cut->first, end; term < beyond; term = end) {
            end = stretch_end(s, term, beyond, list);
            int64_t start = s->posting_starts[term], stop = s->posting_starts[end];
            if (is_sparse(s, term, list)) {
                int64_t found = find_postings(s, term, list);
                for (const uint32_t *at = list->postings; at < list->postings + found; at++)
                    if (anywhere || frequency(s, *at, scope) > 0)
                        has[numbers[*at]] = (uint8_t)(before + 1);
            } else if (anywhere) {
                for (int64_t posting = start; posting < stop; posting++) {
                    uint8_t own = has[numbers[posting]];
                    has[numbers[posting]] = (uint8_t)(own + (own == before));
                }
            } else {
                for (int64_t posting = start; posting < stop; posting++)
                    if (has[numbers[posting]] == before && frequency(s, posting, scope) > 0)
                        has[numbers[posting]]++;
            }
        }
    }
    int64_t left = 0;
    for (int64_t i = 0; i < list->count; i++) {
        uint16_t number = list->numbers[i];
        list->numbers[left] = number;
        left += has[number] == before + 1;
    }
    list->count = left;
}

int list_holders(const Segment *s, const Cut *cuts, const int64_t *ends, int64_t count,
                 const Scope *scopes, const uint8_t *within, uint8_t *has, List *list)
{
    int64_t articles = s->articles;
    Group *groups = malloc((size_t)count * sizeof *groups);
    if (!groups)
        return 0;
    set_groups(s, cuts, ends, count, groups);
    memset(has, 0, (size_t)articles);
    for (int64_t i = 0; within && i < articles; i++)
        has[i] = within[i] ? 0 : UINT8_MAX;
    list_first(s, groups, scopes, has, list);
    for (int64_t group = 1; group < count && list->count; group++)
        keep_holders(s, groups + group, scopes, (uint8_t)group, has, list);
    free(groups);
    return 1;
}
