/* Articles that come into question, listed, and the postings that terms have of them. */

#ifndef RITAGLIO_HOLDERS_H
#define RITAGLIO_HOLDERS_H

#include "worth.h"

/* Postings are searched for an article, not gone through, where so many come to one. */
enum { SPARSE = 128 };

/* Articles, which ascend, and room for as many postings. */
typedef struct {
    uint16_t *numbers;
    uint32_t *postings;
    int64_t count;
} List;

static inline int is_sparse(const Segment *s, int64_t term, const List *list)
{
    int64_t postings = (int64_t)s->posting_starts[term + 1] - s->posting_starts[term];
    return postings > SPARSE * list->count;
}

/* Return where a stretch of terms ends that begins with one: either that alone, if it is sparse, or
 * all that follow and are not. Most forms of a stem have few postings. */
static inline int64_t stretch_end(const Segment *s, int64_t term, int64_t beyond, const List *list)
{
    int64_t end = term;
    while (end < beyond && !is_sparse(s, end, list))
        end++;
    return end > term ? end : term + 1;
}

/* Find the postings that a term has of listed articles. Returns how many there are. */
static inline int64_t find_postings(const Segment *s, int64_t term, const List *list)
{
    int64_t posting = s->posting_starts[term], stop = s->posting_starts[term + 1], found = 0;
    for (int64_t i = 0; i < list->count; i++) {
        posting = find_number(s->numbers, posting, stop, list->numbers[i]);
        if (posting == stop)
            break;
        list->postings[found] = (uint32_t)posting;
        found += s->numbers[posting] == list->numbers[i];
    }
    return found;
}

/* List the articles, of those within if that is not NULL, that have a posting of each of the groups
 * of cuts, each up to its end: has is then the number of groups for these, and another one for the
 * others. Returns whether there was memory. */
int list_holders(const Segment *s, const Cut *cuts, const int64_t *ends, int64_t count,
                 const Scope *scopes, const uint8_t *within, uint8_t *has, List *list);

#endif
