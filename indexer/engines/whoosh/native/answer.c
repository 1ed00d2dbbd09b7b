/* A question answered over all segments at once: see answering.py. */

#include <stdlib.h>
#include <string.h>

#include "question.h"
#include "worth.h"

/* An article, and all that decides where it comes. */
typedef struct {
    float score;
    int32_t age;
    int32_t segment, number;
    const uint8_t *id; /* set where it decides */
    size_t id_size;
} Hit;

static int compare(const void *one, const void *other)
{
    const Hit *a = one, *b = other;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->age != b->age)
        return a->age < b->age ? -1 : 1;
    return 0;
}

static int compare_ids(const void *one, const void *other)
{
    const Hit *a = one, *b = other;
    int order = memcmp(a->id, b->id, a->id_size < b->id_size ? a->id_size : b->id_size);
    return order ? order : (a->id_size > b->id_size) - (a->id_size < b->id_size);
}

/* Put hits in the order of their ids. Returns what a kernel returns. */
static int64_t rank_equals(const Question *question, Hit *hits, int64_t count)
{
    for (Hit *hit = hits; hit < hits + count; hit++) {
        const Segment *s = question->segments[hit->segment];
        const uint32_t *starts = s->id_starts + hit->number;
        hit->id = s->ids + starts[0];
        hit->id_size = starts[1] - starts[0];
        if (!is_sound(s, hit->id, hit->id + hit->id_size))
            return DAMAGED;
    }
    qsort(hits, (size_t)count, sizeof *hits, compare_ids);
    return 0;
}

/* Put hits in order, the best first. Returns what a kernel returns. */
static int64_t rank_hits(const Question *question, Hit *hits, int64_t count)
{
    int64_t answer = 0;
    qsort(hits, (size_t)count, sizeof *hits, compare);
    for (int64_t first = 0, beyond = 1; !answer && first < count; first = beyond++) {
        while (beyond < count && !compare(hits + first, hits + beyond))
            beyond++;
        if (beyond - first > 1)
            answer = rank_equals(question, hits + first, beyond - first);
    }
    return answer;
}

/* List who holds the forms in each segment, and reckon what that is worth. */
static int64_t list_all_forms(const Question *question, Room *room)
{
    int64_t holding = 0;
    for (int64_t at = 0; at < question->segment_count; at++) {
        int64_t answer = list_forms(question->segments[at], question->forms + at,
                                    question->scopes[question->forms_scope], question->lives[at],
                                    room->scores, room->listed + at);
        if (answer)
            return answer;
        holding += room->listed[at].count;
    }
    room->factor = rarity_of((double)question->articles, (double)holding);
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

/* Return how many hits there may be: of each segment as many as are wanted, or as it has. */
static int64_t count_room(const Question *question)
{
    int64_t room = 0;
    for (int64_t at = 0; at < question->segment_count; at++) {
        int64_t articles = question->segments[at]->articles;
        room += articles < question->wanted ? articles : question->wanted;
    }
    return room;
}

/* Write down the best of all articles: their segments, numbers and scores, best first; how many
 * there are, and how many of them were found. There is room for as many as there may be, and for
 * the scores of the largest segment. */
int64_t answer(const Question *question, float *scores, int64_t largest, int64_t *total,
               int64_t *found, int32_t *segments, int32_t *numbers, float *goodness)
{
    int64_t count = question->segment_count, wanted = question->wanted;
    Room room = {.cuts = malloc((size_t)(count_cuts(question) + 1) * sizeof(Cut)),
                 .ends = malloc((size_t)(question->group_count + 1) * sizeof(int64_t)),
                 .scores = scores,
                 .mask = malloc(question->phrases ? (size_t)largest + 1 : 1),
                 .chosen = malloc((size_t)(wanted + 1) * sizeof(int32_t)),
                 .listed = calloc(question->forms ? (size_t)count + 1 : 1, sizeof(Listed))};
    Hit *hits = malloc((size_t)(count_room(question) + 1) * sizeof *hits);
    int32_t floor = INT32_MIN; /* what as many as are wanted have reached */
    int64_t answer = NO_MEMORY;
    *total = *found = 0;
    if (!room.cuts || !room.ends || !room.mask || !room.chosen || !room.listed || !hits)
        goto out;
    answer = question->forms ? list_all_forms(question, &room) : 0;
    for (int64_t at = 0; at < count && !answer; at++) {
        const Segment *s = question->segments[at];
        int64_t own_total = 0, own = 0;
        answer = choose(question, at, &room, floor, &own_total, &own);
        *total += own_total;
        if (own && own == wanted)
            floor = ((const int32_t *)scores)[room.chosen[own - 1]];
        for (int64_t i = 0; i < own; i++) {
            int32_t number = room.chosen[i];
            hits[(*found)++] = (Hit){scores[number], s->ages[number], (int32_t)at, number, NULL, 0};
        }
    }
    if (!answer)
        answer = rank_hits(question, hits, *found);
    int64_t depth = *found < question->depth ? *found : question->depth;
    if (!answer && question->pair_count && depth) {
        answer = raise_near(question, hits, depth);
        if (!answer)
            answer = rank_hits(question, hits, depth);
    }
    if (answer)
        goto out;
    for (int64_t i = 0; i < *found; i++) {
        segments[i] = hits[i].segment;
        numbers[i] = hits[i].number;
        goodness[i] = hits[i].score;
    }
out:
    for (int64_t at = 0; room.listed && question->forms && at < count; at++) {
        free(room.listed[at].numbers);
        free(room.listed[at].counts);
    }
    free(room.listed);
    free(room.mask);
    free(room.cuts);
    free(room.ends);
    free(room.chosen);
    free(hits);
    return answer;
}
