/* Which stretches of a text tell a reader most about what was found in it: see windows.py. */

#ifndef RITAGLIO_WINDOWS_H
#define RITAGLIO_WINDOWS_H

#include "groups.h"
#include "sentences.h"

#define SPAN 0.8
#define SHOWN 0.3
#define WHOLE 0.6
enum { LONG_WORD = 40 };

static inline int64_t most_of(int64_t one, int64_t other)
{
    return one > other ? one : other;
}

static inline int64_t least_of(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

/* Return where a text begins that is more than blanks and controls. */
static int64_t opening(const Text *text)
{
    int64_t place = 0;
    while (place < text->size && is(text, place, BLANK) && at(text, place) >> 11 != 0xD800 >> 11)
        place++;
    return place;
}

static int64_t blanks_off(const Text *text, int64_t end, int64_t start)
{
    while (end > start && is(text, end - 1, SPACE))
        end--;
    return end;
}

static int begins_word(const Text *text, int64_t place)
{
    return is(text, place - 1, SPACE) && !is(text, place, SPACE | COMBINING);
}

/* Return where the first word from earliest on begins, at most first. */
static int64_t word_start(const Text *text, int64_t earliest, int64_t first, int64_t floor)
{
    for (int64_t place = most_of(earliest, 1); place < first; place++)
        if (begins_word(text, place))
            return place;
    for (int64_t place = earliest; place >= most_of(floor, earliest - LONG_WORD); place--)
        if (place == floor || begins_word(text, place))
            return place;
    return first;
}

/* Return where the last word up to limit ends, at least last. */
static int64_t word_end(const Text *text, int64_t last, int64_t limit, int64_t stop)
{
    for (int64_t place = limit; place >= last; place--)
        if (is(text, place, SPACE))
            return blanks_off(text, place, last);
    for (int64_t place = limit; place < least_of(stop, limit + LONG_WORD); place++)
        if (is(text, place, SPACE))
            return place;
    return stop <= limit + LONG_WORD ? stop : last;
}

/* Return a place to cut a word as long as a page: at limit, no sign parted from its marks. */
static int64_t sign_end(const Text *text, int64_t start, int64_t limit)
{
    while (limit > start + 1 && (is(text, limit, COMBINING) || at(text, limit) == 0x200D ||
                                 at(text, limit) == 0xFE0F))
        limit--;
    return limit;
}

/* Return the window that shows a text from first to last and stays within floor and ceiling. */
static Window widened(const Text *text, const Abbreviations *known, int64_t first, int64_t last,
                      int64_t length, int64_t floor, int64_t ceiling)
{
    int64_t stop = blanks_off(text, ceiling, floor), earliest = most_of(floor, last - length);
    int64_t open = text->opening, start = 0, place = most_of(open, earliest - 1);
    int is_whole = earliest <= open && open <= first, fits = is_whole && stop - open <= length;
    Gap gap;
    if (is_whole)
        start = open;
    while (!fits && next_gap(text, &place, first + 1, known, &gap))
        if (earliest <= gap.start && gap.start <= first) {
            is_whole = 1;
            start = gap.start;
            fits = stop - start <= length;
        }
    if (!is_whole) {
        int64_t lead = most_of(0, length - (last - first)) / 3;
        int64_t from = most_of(earliest, least_of(first - lead, stop - length));
        start = word_start(text, from, first, floor);
    }
    int64_t limit = most_of(last, start + length);
    if (stop <= limit)
        return (Window){start, stop, !is_whole, stop < blanks_off(text, text->size, stop)};
    int64_t end = -1;
    for (place = last; next_gap(text, &place, limit, known, &gap);)
        if ((double)gap.end >= (double)start + (double)length * WHOLE)
            end = gap.end;
    if (end >= 0)
        return (Window){start, blanks_off(text, end, last), !is_whole, 0};
    end = word_end(text, last, limit, stop);
    if (end == start)
        end = sign_end(text, start, limit);
    return (Window){start, end, !is_whole, end < blanks_off(text, text->size, end)};
}

/* Whether one of some matches stands for another one as well. */
static int is_replaced(const Match *match, const Match *others, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (others[i].term == match->term && (others[i].exact || !match->exact))
            return 1;
    return 0;
}

/* Return the window on a group, less its first matches where that saves a sentence from a cut. */
static Window around(const Text *text, const Abbreviations *known, const Match *group, int64_t size,
                     int64_t length, int64_t floor, int64_t ceiling)
{
    int64_t last = 0;
    for (int64_t i = 0; i < size; i++)
        last = most_of(last, group[i].end);
    Window window = widened(text, known, group[0].start, last, length, floor, ceiling);
    for (int64_t i = 1; window.cut_before && i < size; i++) {
        if (!is_replaced(group + i - 1, group + i, size - i))
            break;
        Window tighter = widened(text, known, group[i].start, last, length, floor, ceiling);
        if (!tighter.cut_before)
            return tighter;
    }
    return window;
}

/* Return how many of matches neither reach into a window nor hold it; the others are left out. */
static int64_t outside(Match *matches, int64_t count, Window window)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < count; i++)
        if (matches[i].end <= window.start || matches[i].start >= window.end)
            matches[kept++] = matches[i];
    return kept;
}

/* Choose at most wanted windows on matches, apart from one another, the best first. There is room
 * for the matches in free, for all terms in terms. Returns how many windows there are. */
static int64_t choose(const Text *text, const Abbreviations *known, const Match *matches,
                      int64_t count, int64_t wanted, int64_t length, Match *free, Term *terms,
                      int64_t term_count, Window *windows)
{
    weigh(matches, count, terms, term_count);
    int64_t left = first_of_each(matches, count, terms, free), chosen = 0;
    while (left && chosen < wanted) {
        int64_t size, floor = 0, ceiling = text->size;
        int64_t place = best_group(free, left, terms, (double)length * SPAN, windows, chosen, &size);
        const Match *group = free + place;
        for (int64_t i = 0; i < chosen; i++) {
            if (windows[i].end <= group->start)
                floor = most_of(floor, windows[i].end);
            if (windows[i].start >= group->start)
                ceiling = least_of(ceiling, windows[i].start);
        }
        Window window = around(text, known, group, size, length, floor, ceiling);
        for (int64_t i = 0; i < size; i++)
            terms[group[i].term].group = -2;
        for (int64_t i = 0; i < size; i++) {
            Term *term = terms + group[i].term;
            term->weight *= term->group == -2 ? SHOWN : 1;
            term->group = -1;
        }
        left = outside(free, left, window);
        windows[chosen++] = window;
    }
    return chosen;
}

#endif
