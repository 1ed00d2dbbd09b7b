/* What a page shows of its texts: see cutting.py. */

#include <stdlib.h>

#include "writing.h"

/* Where the terms stand: places, in texts, where stretches begin, in the order of reading; and
 * what each of these stretches holds, of stretch 1 from ends[0] to ends[1]. */
typedef struct {
    const int32_t *texts, *offsets, *stretches;
    int64_t count;
    const Match *held;
    const int64_t *ends;
    int64_t stretch_count;
} Places;

static int64_t first_held(const Places *places, int64_t stretch)
{
    return stretch ? places->ends[stretch - 1] : 0;
}

/* Write down the matches of a text, of which next is the first place. Returns how many there are;
 * with nowhere to write only that. Below zero: a number stands for nothing. */
static int64_t matches_in(const Places *places, int64_t next, int64_t number, const Text *text,
                          int64_t terms, Match *matches)
{
    int64_t count = 0;
    for (; next < places->count && places->texts[next] == number; next++) {
        int64_t stretch = places->stretches[next];
        if (stretch < 0 || stretch >= places->stretch_count)
            return -1;
        for (int64_t i = first_held(places, stretch); i < places->ends[stretch]; i++, count++) {
            Match match = places->held[i];
            match.start += places->offsets[next];
            match.end += places->offsets[next];
            if (match.term < 0 || match.term >= terms || match.start < 0 ||
                match.end < match.start || match.end > text->size)
                return -1;
            if (matches)
                matches[count] = match;
        }
    }
    return count;
}

/* Write the terms of matches that are exact, each once, behind their number. */
static void write_exact(Numbers *numbers, const Match *matches, int64_t count, Term *terms)
{
    int64_t head = numbers->size;
    add(numbers, 0);
    for (int64_t i = 0; i < count; i++)
        terms[matches[i].term].group = -1;
    for (int64_t i = 0; i < count; i++)
        if (matches[i].exact && terms[matches[i].term].group == -1) {
            terms[matches[i].term].group = 0;
            add(numbers, matches[i].term);
        }
    if (head < numbers->room)
        numbers->numbers[head] = (int32_t)(numbers->size - head - 1);
}

/* Room for the work on one text. */
typedef struct {
    Match *matches; /* the second half is for those that no window shows yet */
    int64_t room;
    Window *windows;
    Term *terms;
} Desk;

/* See to it that a desk has room for so many matches. Returns whether there was memory for it. */
static int make_room(Desk *desk, int64_t count)
{
    if (count < desk->room)
        return 1;
    free(desk->matches);
    desk->room = 2 * count + 1;
    desk->matches = malloc(2 * (size_t)desk->room * sizeof *desk->matches);
    return desk->matches != NULL;
}

/* Write what is shown of texts, of text number i at most wanted[i] stretches of about length
 * characters, or all of it where that is 0: for each text how many exact terms there are and which,
 * how many stretches, and these. Returns 0; 1 where there was no memory, 2 where a number stands
 * for nothing; below zero as tell_kinds does. */
int64_t show_texts(const uint32_t *codes, const int64_t *starts, int64_t texts,
                   const uint16_t *characters, const Places *places, const int64_t *wanted,
                   int64_t length, int64_t term_count, const Abbreviations *known, Output *output)
{
    int64_t next = 0, most = 1, unknown = -1;
    for (int64_t i = 0; i < texts; i++)
        most = most_of(most, wanted[i]);
    Desk desk = {NULL, 0, malloc((size_t)most * sizeof *desk.windows),
                 malloc(((size_t)term_count + 1) * sizeof *desk.terms)};
    int64_t failed = !desk.windows || !desk.terms;
    output->html.size = output->html.letters = 0;
    output->plain.size = output->plain.letters = 0;
    output->numbers.size = 0;
    for (int64_t number = 0; number < texts && !failed; number++) {
        Text text = {codes + starts[number], starts[number + 1] - 1 - starts[number], characters,
                     0, &unknown};
        text.opening = opening(&text);
        int64_t count = matches_in(places, next, number, &text, term_count, NULL);
        if (count < 0 || text.size < 0)
            failed = 2;
        else if (!make_room(&desk, count))
            failed = 1;
        if (failed)
            break;
        matches_in(places, next, number, &text, term_count, desk.matches);
        while (next < places->count && places->texts[next] == number)
            next++;
        int64_t chosen = 1;
        if (!wanted[number])
            desk.windows[0] = (Window){0, text.size, 0, 0};
        else if (count)
            chosen = choose(&text, known, desk.matches, count, wanted[number], length,
                            desk.matches + desk.room, desk.terms, term_count, desk.windows);
        else if (text.opening < text.size)
            desk.windows[0] =
                widened(&text, known, text.opening, text.opening, length, 0, text.size);
        else
            chosen = 0;
        write_exact(&output->numbers, desk.matches, count, desk.terms);
        add(&output->numbers, chosen);
        for (int64_t i = 0; i < chosen; i++)
            write_window(output, &text, desk.windows[i], desk.matches, count);
        if (unknown >= 0)
            failed = -1 - unknown;
    }
    free(desk.matches);
    free(desk.windows);
    free(desk.terms);
    return failed;
}
