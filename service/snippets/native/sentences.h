/* Where sentences begin and end: the regular expressions of sentences.py, by hand. */

#ifndef RITAGLIO_SENTENCES_H
#define RITAGLIO_SENTENCES_H

#include <string.h>

#include "characters.h"

/* The blanks between two sentences, from where one ends to where the other begins. */
typedef struct {
    int64_t end, start;
} Gap;

/* Words with a zero byte behind each. */
typedef struct {
    const char *words;
    int64_t size;
} Abbreviations;

static int among(const char *signs, const uint16_t *wide, uint32_t code)
{
    if (code < 0x80)
        return code && strchr(signs, (int)code);
    while (*wide && *wide != code)
        wide++;
    return *wide != 0;
}

static int closes(uint32_t code)
{
    static const uint16_t wide[] = {0x201D, 0x2019, 0xBB, 0}; /* ” ’ » */
    return among("\"')]", wide, code);
}

static int opens(uint32_t code)
{
    static const uint16_t wide[] = {0x201C, 0x2018, 0xAB, 0x2013, 0x2014, 0x2022, 0}; /* “ ‘ « – — • */
    return among("\"'([-", wide, code);
}

static int ends_sentence(uint32_t code)
{
    return code == '.' || code == '!' || code == '?' || code == ELLIPSIS;
}

static int64_t behind_blanks(const Text *text, int64_t place, int64_t last)
{
    while (place < last && is(text, place, SPACE))
        place++;
    return place;
}

enum { LONGEST_ABBREVIATION = 11 };

static int is_abbreviation(const Abbreviations *known, const Text *text, int64_t start, int64_t size)
{
    char word[LONGEST_ABBREVIATION + 1] = {0};
    for (int64_t i = 0; i < size; i++) {
        uint32_t code = at(text, start + i);
        if (code >= 0x80)
            return 0; /* there is none with an accent */
        word[i] = (char)(code >= 'A' && code <= 'Z' ? code + 'a' - 'A' : code);
    }
    for (int64_t i = 0; i + size < known->size; i += (int64_t)strlen(known->words + i) + 1)
        if (!memcmp(known->words + i, word, (size_t)size + 1))
            return 1;
    return 0;
}

/* Whether text up to a place ends with a shortened word and its full stop, or a new line behind. */
static int ends_shortened(const Text *text, int64_t place, const Abbreviations *known)
{
    int64_t stop = place - 1, earliest = place - 1 - LONGEST_ABBREVIATION;
    if (at(text, stop) == '\n')
        stop--;
    if (stop < 0 || at(text, stop) != '.')
        return 0;
    int64_t start = stop;
    while (start > 0 && start > earliest && is(text, start - 1, ALPHA))
        start--;
    if (start == stop || (start > 0 && is(text, start - 1, ALNUM)))
        return 0;
    return stop - start == 1 || is_abbreviation(known, text, start, stop - start);
}

/* Find the first gap that begins from a place on and ends by last, and move the place behind it.
 * Returns whether there is one. */
static int next_gap(const Text *text, int64_t *place, int64_t last, const Abbreviations *known,
                    Gap *gap)
{
    for (int64_t stop = *place; stop < last; stop++) {
        uint32_t code = at(text, stop);
        if (ends_sentence(code)) {
            gap->end = stop + 1;
            while (gap->end < last && closes(at(text, gap->end)))
                gap->end++;
            gap->start = behind_blanks(text, gap->end, last);
            int64_t opening = gap->start;
            while (opening < last && opens(at(text, opening)))
                opening++;
            if (opening < last && is(text, opening, SPACE))
                opening++;
            if (gap->start == gap->end || opening >= last || !is(text, opening, ALNUM) ||
                is(text, opening, SMALL))
                continue;
        } else if (code == '\n') {
            gap->end = stop;
            gap->start = behind_blanks(text, stop + 1, last);
            if (gap->start < last && is(text, gap->start, SMALL) && --gap->start == stop)
                continue;
        } else
            continue;
        if (!ends_shortened(text, stop + 1, known)) {
            *place = gap->start;
            return 1;
        }
        stop = gap->start - 1;
    }
    return 0;
}

#endif
