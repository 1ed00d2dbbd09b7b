/* A question answered over all segments at once: see answering.py. */

#include <stdlib.h>
#include <string.h>

#include "asked.h"

/* What a word stands for in all segments: the cuts of one behind those of the other, each up to its
 * end. */
typedef struct {
    const Cut *cuts;
    const int64_t *ends;
} Word;

/* What is asked of all segments. */
typedef struct {
    const Segment *const *segments;
    int64_t segment_count;
    const Word *words;
    int64_t word_count;
    const int64_t *groups; /* where groups end among the words */
    int64_t group_count;
    const float *const *counts; /* of one term that forms share, for each segment; may be NULL */
    const uint8_t *const *within; /* of each segment what comes into question, NULL for all */
    const Stem *const *stems; /* each in every segment */
    int64_t stem_count;
    const Pair *pairs;
    int64_t pair_count;
    int64_t window;
    int64_t depth; /* so many articles, at most as many as wanted, may earn by near places */
    int64_t wanted; /* articles */
    const float *agreements;
    const Scope *scopes;
    double factor; /* what counts are worth */
} Question;

/* What is asked of one. */
typedef struct {
    Cut *cuts;
    int64_t cut_count;
    int64_t *ends; /* of the groups of cuts */
} Part;

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

/* Return how many cuts words have in all segments. */
static int64_t count_cuts(const Question *question)
{
    int64_t count = 0;
    for (const Word *word = question->words; word < question->words + question->word_count; word++)
        count += question->segment_count ? word->ends[question->segment_count - 1] : 0;
    return count;
}

/* Set a part to what is asked of the segment at a place. */
static void set_part(const Question *question, int64_t at, Part *part)
{
    int64_t group = 0;
    part->cut_count = 0;
    for (int64_t i = 0; i < question->word_count; i++) {
        const Word *word = question->words + i;
        int64_t first = at ? word->ends[at - 1] : 0, count = word->ends[at] - first;
        memcpy(part->cuts + part->cut_count, word->cuts + first, (size_t)count * sizeof(Cut));
        part->cut_count += count;
        if (group < question->group_count && i + 1 == question->groups[group])
            part->ends[group++] = part->cut_count;
    }
}

/* Write down the best of a segment, of those that score no less than floor, and how many score.
 * Returns what a kernel returns. */
static int64_t find(const Question *question, int64_t at, Part *part, int32_t floor, float *scores,
                    int32_t *chosen, int64_t *total, int64_t *found)
{
    const Segment *s = question->segments[at];
    const int32_t *goodness = (const int32_t *)scores;
    uint16_t *listed;
    set_part(question, at, part);
    int64_t answer = score(s, part->cuts, part->cut_count, part->ends, question->group_count,
                           question->counts ? question->counts[at] : NULL, question->factor,
                           question->agreements, question->scopes, question->within[at], scores,
                           &listed, total);
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
static int64_t raise_near(const Question *question, Hit *hits, int64_t hit_count)
{
    int64_t *numbers = malloc((size_t)(2 * hit_count + 1) * sizeof *numbers), answer = 0;
    int64_t *slots = numbers + hit_count;
    float *earned = malloc((size_t)(hit_count + 1) * sizeof *earned);
    Stem *stems = malloc((size_t)(question->stem_count + 1) * sizeof *stems);
    if (!numbers || !earned || !stems)
        answer = NO_MEMORY;
    for (int64_t i = 0; !answer && i < hit_count; i++)
        numbers[i] = hits[i].number;
    for (int64_t at = 0; !answer && at < question->segment_count; at++) {
        int64_t own = 0;
        for (int64_t i = 0; i < hit_count; i++)
            if (hits[i].segment == at)
                slots[own++] = i;
        for (int64_t i = 0; i < question->stem_count; i++)
            stems[i] = question->stems[i][at];
        if (own)
            answer = near(question->segments[at], stems, question->stem_count, question->pairs,
                          question->pair_count, numbers, slots, own, question->window, earned);
    }
    for (int64_t i = 0; !answer && i < hit_count; i++)
        hits[i].score += earned[i];
    free(numbers);
    free(earned);
    free(stems);
    return answer;
}

/* Write down the best of all articles: their segments, numbers and scores, best first; how many
 * there are, how many of them were found, and whether only ids tell which come first. There is room
 * for wanted ones of each segment, and for the scores of the largest. */
int64_t answer(const Question *question, float *scores, int64_t *total, int64_t *found,
               int64_t *tied, int32_t *segments, int32_t *numbers, float *goodness)
{
    int64_t count = question->segment_count, wanted = question->wanted;
    Part part = {malloc((size_t)(count_cuts(question) + 1) * sizeof(Cut)), 0,
                 malloc((size_t)(question->group_count + 1) * sizeof(int64_t))};
    Hit *hits = malloc((size_t)(count * wanted + 1) * sizeof *hits);
    int32_t *chosen = malloc((size_t)(wanted + 1) * sizeof *chosen);
    int64_t answer = part.cuts && part.ends && hits && chosen ? 0 : NO_MEMORY;
    int32_t floor = INT32_MIN; /* what as many as are wanted have reached */
    *total = *found = *tied = 0;
    for (int64_t at = 0; at < count && !answer; at++) {
        int64_t own_total, own;
        answer = find(question, at, &part, floor, scores, chosen, &own_total, &own);
        if (answer)
            break;
        *total += own_total;
        if (own && own == wanted)
            floor = ((const int32_t *)scores)[chosen[own - 1]];
        for (int64_t i = 0; i < own; i++) {
            const Segment *s = question->segments[at];
            int32_t number = chosen[i];
            hits[(*found)++] =
                (Hit){scores[number], s->ages[number], (int32_t)at, number, s->ranks[number]};
        }
    }
    if (!answer) {
        *tied = put_in_order(hits, *found);
        int64_t depth = *found < question->depth ? *found : question->depth;
        if (question->pair_count && depth) {
            answer = raise_near(question, hits, depth);
            *tied |= put_in_order(hits, depth);
        }
    }
    for (int64_t i = 0; !answer && i < *found; i++) {
        segments[i] = hits[i].segment;
        numbers[i] = hits[i].number;
        goodness[i] = hits[i].score;
    }
    free(part.cuts);
    free(part.ends);
    free(hits);
    free(chosen);
    return answer;
}
