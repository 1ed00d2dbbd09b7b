/* A question answered over all segments at once: see answering.py. */

#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "worth.h"

/* What a word stands for in all segments: the cuts of one behind those of the other, each up to its
 * end. */
typedef struct {
    const Cut *cuts;
    const int64_t *ends;
} Word;

/* The words of a phrase in a segment: of each its terms, up to its end. */
typedef struct {
    const uint32_t *terms;
    const int64_t *ends;
} Phrase;

/* What is asked of all segments. */
typedef struct {
    const Segment *const *segments;
    int64_t segment_count;
    const Word *words;
    int64_t word_count;
    const int64_t *groups; /* where groups end among the words */
    int64_t group_count;
    const Forms *forms; /* of each segment those that are counted as one term; may be NULL */
    int64_t forms_scope;
    const Phrase *phrases; /* that must hold, in each segment; may be NULL */
    int64_t phrase_words, phrase_scope;
    const uint8_t *const *lives; /* of each segment which articles live, NULL for all */
    const uint8_t *const *within; /* of each segment what comes into question, NULL for all */
    const Stem *const *stems; /* each in every segment */
    int64_t stem_count;
    const Pair *pairs;
    int64_t pair_count;
    int64_t window;
    int64_t depth; /* so many articles, at most as many as wanted, may earn by near places */
    int64_t wanted; /* articles */
    int64_t articles; /* that live, in all segments */
    const float *agreements;
    const Scope *scopes;
} Question;

/* What is asked of one. */
typedef struct {
    const Segment *segment;
    Cut *cuts;
    int64_t cut_count;
    int64_t *ends;  /* of the groups of cuts */
    Listed *listed; /* who holds a form, NULL where none is asked for */
    double factor;  /* what that is worth */
    const uint8_t *within;
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

/* Set the cuts of a part to those of words in the segment at a place. */
static void set_cuts(const Question *question, int64_t at, Part *part)
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

/* Set mask where articles of the segment at a place, of those within, hold the phrase. */
static int64_t hold_phrase(const Question *question, int64_t at, const uint8_t *within,
                           uint8_t *mask)
{
    const Segment *s = question->segments[at];
    const Phrase *asked = question->phrases + at;
    memset(mask, 0, (size_t)s->articles);
    for (int64_t i = 0; i < question->phrase_words; i++)
        if (asked->ends[i] == (i ? asked->ends[i - 1] : 0))
            return 0; /* a word that stands nowhere */
    return phrase(s, asked->terms, asked->ends, question->phrase_words, within,
                  question->scopes[question->phrase_scope], mask);
}

/* Put the best of a segment, of those that score no less than floor, into chosen, and write down how
 * many score, and how many are chosen. Returns what a kernel returns. */
static int64_t choose(const Question *question, const Part *part, int32_t floor, float *scores,
                      int32_t *chosen, int64_t *total, int64_t *found)
{
    const Segment *s = part->segment;
    const int32_t *goodness = (const int32_t *)scores;
    uint16_t *listed;
    int64_t answer;
    if (part->listed) {
        score_forms(s, part->listed, part->within, part->factor, scores);
        /* Whoever has the form as it was typed is listed; what others score nobody reads. */
        answer = weigh(s, part->cuts, part->cut_count, question->agreements, question->scopes, NULL,
                       scores);
        listed = part->listed->numbers;
        *total = part->listed->count;
    } else {
        answer = score(s, part->cuts, part->cut_count, part->ends, question->group_count, NULL, 0,
                       question->agreements, question->scopes, part->within, scores, &listed,
                       total);
    }
    if (answer)
        return answer;
    int64_t wanted = *total < question->wanted ? *total : question->wanted;
    *found = 0;
    if (wanted && listed)
        *found = best_listed(goodness, listed, *total, wanted, floor, s->ages, s->ranks, chosen);
    else if (wanted)
        *found = best(goodness, NULL, s->articles, wanted, floor, s->ages, s->ranks, chosen);
    if (!part->listed)
        free(listed);
    return 0;
}

/* Add the best of the segment at a place to hits, how many score to total. Returns what a kernel
 * returns. */
static int64_t find(const Question *question, int64_t at, Part *part, float *scores, uint8_t *mask,
                    int32_t *chosen, int32_t *floor, int64_t *total, Hit *hits, int64_t *found)
{
    const Segment *s = part->segment = question->segments[at];
    int64_t own_total = 0, own = 0, answer = 0;
    set_cuts(question, at, part);
    part->within = question->within[at];
    if (question->phrases) {
        answer = hold_phrase(question, at, part->within, mask);
        part->within = mask;
    }
    if (!answer)
        answer = choose(question, part, *floor, scores, chosen, &own_total, &own);
    if (answer)
        return answer;
    *total += own_total;
    if (own && own == question->wanted)
        *floor = ((const int32_t *)scores)[chosen[own - 1]];
    for (int64_t i = 0; i < own; i++) {
        int32_t number = chosen[i];
        hits[(*found)++] =
            (Hit){scores[number], s->ages[number], (int32_t)at, number, s->ranks[number]};
    }
    return 0;
}

/* List who holds the forms in each segment, and reckon what that is worth. */
static int64_t list_all_forms(const Question *question, float *counts, Listed *listed,
                              double *factor)
{
    int64_t holding = 0;
    for (int64_t at = 0; at < question->segment_count; at++) {
        int64_t answer = list_forms(question->segments[at], question->forms + at,
                                    question->scopes[question->forms_scope], question->lives[at],
                                    counts, listed + at);
        if (answer)
            return answer;
        holding += listed[at].count;
    }
    *factor = rarity_of((double)question->articles, (double)holding);
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
int64_t answer(const Question *question, float *scores, int64_t largest, int64_t *total,
               int64_t *found, int64_t *tied, int32_t *segments, int32_t *numbers, float *goodness)
{
    int64_t count = question->segment_count, wanted = question->wanted;
    Part part = {.cuts = malloc((size_t)(count_cuts(question) + 1) * sizeof(Cut)),
                 .ends = malloc((size_t)(question->group_count + 1) * sizeof(int64_t))};
    Hit *hits = malloc((size_t)(count * wanted + 1) * sizeof *hits);
    int32_t *chosen = malloc((size_t)(wanted + 1) * sizeof *chosen);
    uint8_t *mask = malloc(question->phrases ? (size_t)largest + 1 : 1);
    Listed *listed = calloc(question->forms ? (size_t)count + 1 : 1, sizeof *listed);
    int32_t floor = INT32_MIN; /* what as many as are wanted have reached */
    int64_t answer = NO_MEMORY;
    *total = *found = *tied = 0;
    if (!part.cuts || !part.ends || !hits || !chosen || !mask || !listed)
        goto out;
    answer = question->forms ? list_all_forms(question, scores, listed, &part.factor) : 0;
    for (int64_t at = 0; at < count && !answer; at++) {
        part.listed = question->forms ? listed + at : NULL;
        answer = find(question, at, &part, scores, mask, chosen, &floor, total, hits, found);
    }
    if (answer)
        goto out;
    *tied = put_in_order(hits, *found);
    int64_t depth = *found < question->depth ? *found : question->depth;
    if (question->pair_count && depth) {
        answer = raise_near(question, hits, depth);
        *tied |= put_in_order(hits, depth);
    }
    for (int64_t i = 0; i < *found; i++) {
        segments[i] = hits[i].segment;
        numbers[i] = hits[i].number;
        goodness[i] = hits[i].score;
    }
out:
    for (int64_t at = 0; listed && question->forms && at < count; at++) {
        free(listed[at].numbers);
        free(listed[at].counts);
    }
    free(listed);
    free(mask);
    free(part.cuts);
    free(part.ends);
    free(hits);
    free(chosen);
    return answer;
}
