/* Which matches of a text stand together, and tell most: see groups.py. */

#ifndef RITAGLIO_GROUPS_H
#define RITAGLIO_GROUPS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* A term, by its number, from start to end in a text. */
typedef struct {
    int32_t start, end, term, exact;
} Match;

#define EXACT 1.25
#define REPEATED 0.1
#define NEAR 30.0
#define ROUNDED (1 + 1e-9)
enum { ENOUGH = 200, LONGEST = 24 };

/* Of each term what it counts, how often and how long it is, and the last group that held it. */
typedef struct {
    double weight;
    int64_t times, length, group;
} Term;

static void weigh(const Match *matches, int64_t count, Term *terms, int64_t term_count)
{
    memset(terms, 0, (size_t)term_count * sizeof *terms);
    for (int64_t i = 0; i < count; i++) {
        terms[matches[i].term].times++;
        terms[matches[i].term].length = matches[i].end - matches[i].start;
    }
    for (int64_t i = 0; i < term_count; i++) {
        int64_t length = terms[i].length < LONGEST ? terms[i].length : LONGEST;
        terms[i].weight = (4 + (double)length) / sqrt((double)(1 + terms[i].times));
    }
}

/* Copy matches without the late ones of a term that is everywhere. Returns how many those are. */
static int64_t first_of_each(const Match *matches, int64_t count, Term *terms, Match *kept)
{
    int64_t held = 0;
    for (int64_t i = 0; i < count; i++)
        terms[matches[i].term].times = 0;
    for (int64_t i = 0; i < count; i++)
        if (count <= ENOUGH || ++terms[matches[i].term].times <= ENOUGH)
            kept[held++] = matches[i];
    return held;
}

/* What was chosen: windows by where they start and end, each with whether a sentence is cut. */
typedef struct {
    int64_t start, end;
    int cut_before, cut_behind;
} Window;

static double gain(const Match *match, const Term *terms)
{
    double weight = terms[match->term].weight;
    return match->exact ? weight * EXACT : weight;
}

static int is_taken(const Window *taken, int64_t count, int64_t from, int64_t to)
{
    for (int64_t i = 0; i < count; i++)
        if (from <= taken[i].start && taken[i].start < to)
            return 1;
    return 0;
}

/* Return what a group scores; its size shrinks to what stands before a window. The mark is one
 * that no group before it had. */
static double score(const Match *group, int64_t *size, Term *terms, int64_t mark,
                    const Window *taken, int64_t windows)
{
    double scored = 0;
    int64_t before = group[0].end;
    for (int64_t i = 0; i < *size; i++) {
        Term *term = terms + group[i].term;
        double own = gain(group + i, terms);
        if (is_taken(taken, windows, before, group[i].end)) {
            *size = i;
            break;
        }
        if (term->group == mark)
            scored += own * REPEATED;
        else if (i) {
            int64_t apart = group[i].start > before ? group[i].start - before : 0;
            scored += own * (1 + NEAR / (NEAR + (double)apart));
        } else
            scored += own;
        term->group = mark;
        before = group[i].end;
    }
    return scored;
}

/* Find the group within span characters that scores most, of equals the first; none reaches over
 * the start of a window. Returns its place, and its size by reference. */
static int64_t best_group(const Match *matches, int64_t count, Term *terms, double span,
                          const Window *taken, int64_t windows, int64_t *size)
{
    double highest = 0, most = 0;
    int64_t chosen = 0, end = 0;
    *size = 1;
    for (int64_t i = 0; i < count; i++)
        terms[matches[i].term].group = -1;
    for (int64_t place = 0; count > 1 && place < count; place++) {
        double beyond = matches[place].start + span;
        if (end == place) {
            most = gain(matches + place, terms);
            end++;
        }
        for (; end < count && matches[end].end <= beyond; end++)
            most += gain(matches + end, terms);
        if (2 * most * ROUNDED > highest) {
            int64_t held = end - place;
            double scored = score(matches + place, &held, terms, place, taken, windows);
            if (scored > highest) {
                highest = scored;
                chosen = place;
                *size = held;
            }
        }
        most -= gain(matches + place, terms);
    }
    return chosen;
}

#endif
