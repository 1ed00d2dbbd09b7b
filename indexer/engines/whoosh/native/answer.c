/* A question answered over all segments at once: see answering.py. */

#include <stdlib.h>

#include "asked.h"

/* What is asked of a segment. */
typedef struct {
    const Segment *segment;
    const Cut *cuts;
    int64_t cut_count;
    const int64_t *ends; /* of the groups of cuts */
    int64_t groups;
    const float *counts; /* of one term that forms share, if it is not NULL, each worth a factor */
    double factor;
    const uint8_t *within; /* the articles that come into question; all if it is NULL */
    const Stem *stems;
} Part;

/* What is asked of all. */
typedef struct {
    int64_t wanted; /* articles */
    const float *agreements;
    const Scope *scopes;
    const Pair *pairs;
    int64_t pair_count, stem_count, window;
    int64_t depth; /* so many articles, at most as many as wanted, may earn by near places */
} Question;

/* An article, and all that decides where it comes. */
typedef struct {
    float score;
    int32_t age;
    int32_t segment, number;
    uint16_t rank;
} Hit;

static int compare(const void *one, const void *other)
{
    const Hit *a = one, *b = other;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->age != b->age)
        return a->age < b->age ? -1 : 1;
    if (a->segment != b->segment)
        return a->segment < b->segment ? -1 : 1;
    return (int)a->rank - (int)b->rank;
}

/* Put hits in order. Returns whether only their ids, which are not known here, tell more. */
static int put_in_order(Hit *hits, int64_t count)
{
    int tied = 0;
    qsort(hits, (size_t)count, sizeof *hits, compare);
    for (int64_t i = 1; i < count; i++)
        tied |= hits[i].score == hits[i - 1].score && hits[i].age == hits[i - 1].age &&
                hits[i].segment != hits[i - 1].segment;
    return tied;
}

/* Write down the best of a segment, of those that score no less than floor, and how many score.
 * Returns what a kernel returns. */
static int64_t find(const Part *part, const Question *question, int32_t floor, float *scores,
                    int32_t *chosen, int64_t *total, int64_t *found)
{
    const Segment *s = part->segment;
    const int32_t *goodness = (const int32_t *)scores;
    uint16_t *listed;
    int64_t answer = score(s, part->cuts, part->cut_count, part->ends, part->groups,
                           part->counts, part->factor, question->agreements, question->scopes,
                           part->within, scores, &listed, total);
    if (answer)
        return answer;
    int64_t wanted = *total < question->wanted ? *total : question->wanted;
    *found = 0;
    if (wanted && listed)
        *found = best_listed(goodness, listed, *total, wanted, floor, s->ages, s->ranks, chosen);
    else if (wanted)
        *found = best(goodness, NULL, s->articles, wanted, floor, s->ages, s->ranks, chosen);
    free(listed);
    return 0;
}

/* Add to the scores of hits what these earn by near places. Returns what a kernel returns. */
static int64_t raise_near(const Part *parts, int64_t count, const Question *question, Hit *hits,
                          int64_t hit_count)
{
    int64_t *numbers = malloc((size_t)(2 * hit_count + 1) * sizeof *numbers), answer = 0;
    int64_t *slots = numbers + hit_count;
    float *earned = malloc((size_t)(hit_count + 1) * sizeof *earned);
    if (!numbers || !earned)
        answer = NO_MEMORY;
    for (int64_t i = 0; !answer && i < hit_count; i++)
        numbers[i] = hits[i].number;
    for (int64_t at = 0; !answer && at < count; at++) {
        int64_t own = 0;
        for (int64_t i = 0; i < hit_count; i++)
            if (hits[i].segment == at)
                slots[own++] = i;
        if (own)
            answer = near(parts[at].segment, parts[at].stems, question->stem_count,
                          question->pairs, question->pair_count, numbers, slots, own,
                          question->window, earned);
    }
    for (int64_t i = 0; !answer && i < hit_count; i++)
        hits[i].score += earned[i];
    free(numbers);
    free(earned);
    return answer;
}

/* Write down the best of all articles: their segments, numbers and scores, best first; how many
 * there are, how many of them were found, and whether only ids tell which come first. There is room
 * for wanted ones of each segment. */
int64_t answer(const Part *parts, int64_t count, const Question *question, float *scores,
               int64_t *total, int64_t *found, int64_t *tied, int32_t *segments, int32_t *numbers,
               float *goodness)
{
    Hit *hits = malloc((size_t)(count * question->wanted + 1) * sizeof *hits);
    int32_t *chosen = malloc((size_t)(question->wanted + 1) * sizeof *chosen);
    int64_t answer = hits && chosen ? 0 : NO_MEMORY;
    int32_t floor = INT32_MIN; /* what as many as are wanted have reached */
    *total = *found = *tied = 0;
    for (int64_t at = 0; at < count && !answer; at++) {
        int64_t own_total, own;
        answer = find(parts + at, question, floor, scores, chosen, &own_total, &own);
        if (answer)
            break;
        *total += own_total;
        if (own && own == question->wanted)
            floor = ((const int32_t *)scores)[chosen[own - 1]];
        for (int64_t i = 0; i < own; i++) {
            const Segment *s = parts[at].segment;
            int32_t number = chosen[i];
            hits[(*found)++] =
                (Hit){scores[number], s->ages[number], (int32_t)at, number, s->ranks[number]};
        }
    }
    if (!answer) {
        *tied = put_in_order(hits, *found);
        int64_t depth = *found < question->depth ? *found : question->depth;
        if (question->pair_count && depth) {
            answer = raise_near(parts, count, question, hits, depth);
            *tied |= put_in_order(hits, depth);
        }
    }
    for (int64_t i = 0; !answer && i < *found; i++) {
        segments[i] = hits[i].segment;
        numbers[i] = hits[i].number;
        goodness[i] = hits[i].score;
    }
    free(hits);
    free(chosen);
    return answer;
}
