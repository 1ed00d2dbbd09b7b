/* Stems that stand together in articles: see nearness.py. */

#include <stdlib.h>
#include <string.h>

#include "asked.h"

/* A list that is so many times as long as what is looked for in it is not gone through. */
enum { LONG = 32 };

/* Articles, which ascend, and where each of them stands in what was asked. */
typedef struct {
    uint16_t number;
    int64_t slot;
} Article;

/* A form in an article: its posting, and where its places stand, first in the file, then among those
 * read. The key tells which stem and which article; places in a text come behind those in a title. */
typedef struct {
    int64_t term, posting;
    uint32_t key;
    Positions positions;
    int64_t first;
} Run;

typedef struct {
    Run *runs;
    int64_t count, room;
} Runs;

enum { IN_TEXT = 1u << 30 };

/* So many runs ahead memory is asked for what is read next: it lies far apart. */
enum { AHEAD = 8 };

/* Add a run. Returns whether there was memory for it. */
static int add_run(Runs *runs, int64_t term, int64_t posting, uint32_t key)
{
    if (runs->count == runs->room) {
        int64_t room = 2 * runs->room + 64;
        Run *moved = realloc(runs->runs, (size_t)room * sizeof *moved);
        if (!moved)
            return 0;
        runs->runs = moved;
        runs->room = room;
    }
    runs->runs[runs->count++] = (Run){term, posting, key, {0, 0}, 0};
    return 1;
}

static int has(const uint64_t *set, uint16_t number)
{
    return set[number >> 6] >> (number & 63) & 1;
}

/* Add the runs of stems in articles. Returns what a kernel returns. */
static int64_t find_runs(const Segment *s, const Stem *stems, int64_t stem_count,
                         const Article *articles, int64_t count, Runs *runs)
{
    uint64_t wanted[(UINT16_MAX + 1) / 64] = {0};
    for (int64_t i = 0; i < count; i++)
        wanted[articles[i].number >> 6] |= (uint64_t)1 << (articles[i].number & 63);
    for (int64_t stem = 0; stem < stem_count; stem++) {
        for (int64_t term = stems[stem].first; term < stems[stem].beyond; term++) {
            int64_t posting = s->posting_starts[term], stop = s->posting_starts[term + 1];
            if (!postings_are_sound(s, posting, stop))
                return DAMAGED;
            int sparse = stop - posting > LONG * count;
            int64_t i = 0;
            while (i < count) {
                if (sparse)
                    posting = find_number(s->numbers, posting, stop, articles[i].number);
                else
                    while (posting < stop && !has(wanted, s->numbers[posting]))
                        posting++;
                if (posting == stop)
                    break;
                uint16_t number = s->numbers[posting];
                while (i < count && articles[i].number < number)
                    i++;
                if (i < count && articles[i].number == number &&
                    !add_run(runs, term, posting++, (uint32_t)(stem * count + i++)))
                    return NO_MEMORY;
            }
        }
    }
    return 0;
}

/* Set where the places of runs stand. Returns how many there are, or DAMAGED. */
static int64_t locate_places(const Segment *s, Runs *runs)
{
    int64_t count = 0;
    for (int64_t i = 0; i < runs->count; i++) {
        if (i + AHEAD < runs->count)
            __builtin_prefetch(s->position_skips + (runs->runs[i + AHEAD].posting >> SKIP_BITS));
        Run *run = runs->runs + i;
        run->positions = positions_of(s, run->term, run->posting);
        run->first = count;
        count += run->positions.count;
        if (!positions_are_sound(s, run->positions))
            return DAMAGED;
        __builtin_prefetch((const uint8_t *)s->positions +
                           (s->wide_positions ? 4 : 2) * run->positions.first);
    }
    return count;
}

static void read_places(const Segment *s, const Runs *runs, uint32_t *places)
{
    for (const Run *run = runs->runs; run < runs->runs + runs->count; run++) {
        uint32_t title = s->title_words[s->numbers[run->posting]];
        for (int64_t i = 0; i < run->positions.count; i++) {
            uint32_t at = position(s, run->positions.first + i);
            *places++ = at > title ? at | IN_TEXT : at;
        }
    }
}

/* Put places in the order of their keys, then ascending: those of a key from begins to ends. */
static void sort_places(const Runs *runs, const uint32_t *places, int64_t keys, int64_t *begins,
                         int64_t *ends, uint32_t *ordered)
{
    memset(begins, 0, (size_t)(keys + 1) * sizeof *begins);
    for (int64_t i = 0; i < runs->count; i++)
        begins[runs->runs[i].key + 1] += runs->runs[i].positions.count;
    for (int64_t key = 0; key < keys; key++)
        begins[key + 1] += begins[key];
    memcpy(ends, begins, (size_t)keys * sizeof *ends);
    for (const Run *run = runs->runs; run < runs->runs + runs->count; run++) {
        for (int64_t k = 0; k < run->positions.count; k++) {
            uint32_t place = places[run->first + k];
            int64_t at = ends[run->key]++;
            for (; at > begins[run->key] && ordered[at - 1] > place; at--)
                ordered[at] = ordered[at - 1];
            ordered[at] = place;
        }
    }
}

/* What the places of ones count that have one of others at most window words away, but not at the
 * very place. Both ascend; two readings of a word share a place, and count once. */
static double together(const uint32_t *ones, const uint32_t *ones_end, const uint32_t *others,
                       const uint32_t *others_end, int64_t window, const Pair *pair)
{
    double sum = 0;
    for (const uint32_t *one = ones; one < ones_end; one++) {
        int64_t here = *one;
        if (one > ones && here == one[-1])
            continue;
        while (others < others_end && *others < here - window)
            others++;
        for (const uint32_t *other = others; other < others_end && *other <= here + window; other++)
            if (*other != here) {
                sum += here & IN_TEXT ? pair->text : pair->title;
                break;
            }
    }
    return sum;
}

static int compare_numbers(const void *one, const void *other)
{
    return (int)((const Article *)one)->number - (int)((const Article *)other)->number;
}

/* Set what articles, those whose numbers stand at slots, have earned by stems that stand together.
 * Returns what a kernel returns. */
int64_t near(const Segment *s, const Stem *stems, int64_t stem_count, const Pair *pairs,
             int64_t pair_count, const int64_t *numbers, const int64_t *slots, int64_t count,
             int64_t window, float *earned)
{
    Runs runs = {0};
    int64_t keys = stem_count * count, answer = NO_MEMORY;
    int64_t *begins = malloc((size_t)(2 * keys + 1) * sizeof *begins), *ends = begins + keys + 1;
    Article *articles = malloc((size_t)(count + 1) * sizeof *articles);
    uint32_t *places = NULL;
    if (!begins || !articles)
        goto out;
    for (int64_t i = 0; i < count; i++)
        articles[i] = (Article){(uint16_t)numbers[slots[i]], slots[i]};
    qsort(articles, (size_t)count, sizeof *articles, compare_numbers);
    answer = find_runs(s, stems, stem_count, articles, count, &runs);
    if (answer)
        goto out;
    int64_t place_count = locate_places(s, &runs);
    answer = place_count < 0 ? DAMAGED : NO_MEMORY;
    if (place_count < 0)
        goto out;
    places = malloc((size_t)(2 * place_count + 1) * sizeof *places);
    if (!places)
        goto out;
    read_places(s, &runs, places);
    uint32_t *ordered = places + place_count;
    sort_places(&runs, places, keys, begins, ends, ordered);
    for (int64_t i = 0; i < count; i++) {
        double sum = 0, norm = s->norms[articles[i].number];
        for (const Pair *pair = pairs; pair < pairs + pair_count; pair++) {
            int64_t one = (int64_t)pair->one * count + i, other = (int64_t)pair->other * count + i;
            double counted = together(ordered + begins[one], ordered + ends[one],
                                      ordered + begins[other], ordered + ends[other], window, pair);
            sum += pair->worth * (counted / (counted + norm));
        }
        earned[articles[i].slot] = (float)sum;
    }
    answer = 0;
out:
    free(places);
    free(articles);
    free(begins);
    free(runs.runs);
    return answer;
}
