/* Texts whose chunks have blanks between them, where that takes no reading: see blanking.py. */

#include <stdint.h>

/* What a character is, by its place in the first plane of Unicode; beyond it nothing is known. */
enum { BREAKS = 1, APOSTROPHE = 2, IN_WORDS = 4, OPENS_WORDS = 8, UNKNOWN = 16 };
enum { GODS = 6 }; /* bytes of «li dei» */

static int is_small(uint8_t byte)
{
    return 'a' <= byte && byte <= 'z';
}

static int is_vowel(uint8_t byte)
{
    return byte == 'a' || byte == 'e' || byte == 'i' || byte == 'o' || byte == 'u';
}

/* Tell whether text has «li dei» or «li Dei». No step depends on another: many are done at once. */
static int names_gods(const uint8_t *text, int64_t size)
{
    int found = 0;
    for (int64_t at = 0; at + GODS <= size; at++)
        found |= (text[at] == 'l') & (text[at + 1] == 'i') & (text[at + 2] == ' ') &
                 ((text[at + 3] | ' ') == 'd') & (text[at + 4] == 'e') & (text[at + 5] == 'i');
    return found;
}

/* Read the character at a place of UTF-8 with so many bytes left: its kind, and how many of them it
 * has. Nothing is known of one that is cut short. */
static uint8_t read(const uint8_t *text, int64_t left, const uint8_t *kinds, int64_t *length)
{
    uint32_t first = text[0];
    *length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (*length > left) {
        *length = left;
        return UNKNOWN;
    }
    switch (*length) {
    case 1:
        return kinds[first];
    case 2:
        return kinds[(first & 0x1F) << 6 | (text[1] & 0x3F)];
    case 3:
        return kinds[(first & 0x0F) << 12 | (text[1] & 0x3F) << 6 | (text[2] & 0x3F)];
    default:
        return UNKNOWN;
    }
}

/* Tell whether an apostrophe between two places may be a quote: one that opens a word, or one that
 * closes behind three small letters and a vowel. At the ends of a text stands a break. */
static int may_quote(const uint8_t *text, const uint8_t *kinds, int64_t size, int64_t first,
                     int64_t beyond)
{
    int64_t before = first, length;
    while (before > 0 && (text[--before] & 0xC0) == 0x80)
        ;
    uint8_t left = first ? read(text + before, size - before, kinds, &length) : BREAKS;
    uint8_t right = beyond < size ? read(text + beyond, size - beyond, kinds, &length) : BREAKS;
    if ((left | right) & (APOSTROPHE | UNKNOWN))
        return 1;
    if (right & OPENS_WORDS)
        return !(left & IN_WORDS);
    return !(right & IN_WORDS) && first >= 4 && is_vowel(text[first - 1]) &&
           is_small(text[first - 2]) && is_small(text[first - 3]) && is_small(text[first - 4]);
}

/* Write text, of size bytes, as below. Returns how many bytes that are; -1 where an apostrophe, or
 * «gli dei», is for the chain to read. */
static int64_t blank_one(const uint8_t *text, int64_t size, const uint8_t *kinds,
                         const uint8_t *of_ascii, uint8_t *blanked)
{
    if (names_gods(text, size))
        return -1;
    int64_t written = 0;
    for (int64_t at = 0, length; at < size; at += length) {
        uint8_t plain = text[at] < 0x80 ? of_ascii[text[at]] : 0;
        if (plain) {
            blanked[written++] = plain;
            length = 1;
            continue;
        }
        uint8_t kind = read(text + at, size - at, kinds, &length);
        if (kind & APOSTROPHE && may_quote(text, kinds, size, at, at + length))
            return -1;
        if (kind & (BREAKS | APOSTROPHE))
            blanked[written++] = kind & BREAKS ? ' ' : '\'';
        else
            for (int64_t each = 0; each < length; each++)
                blanked[written++] = text[at + each];
    }
    return written;
}

/* Write texts, valid UTF-8 one behind the other that end where ends say, with a blank for each
 * character that breaks, one apostrophe for all, and a blank behind each. Write down where each ends
 * then, its last blank included, and which are for the chain to read: these are left out. */
void blank(const uint8_t *text, const int64_t *ends, int64_t count, const uint8_t *kinds,
           uint8_t *blanked, int64_t *blanked_ends, uint8_t *unread)
{
    uint8_t of_ascii[0x80];
    for (int code = 0; code < 0x80; code++)
        of_ascii[code] = kinds[code] & APOSTROPHE ? 0 : kinds[code] & BREAKS ? ' ' : (uint8_t)code;
    int64_t first = 0, written = 0;
    for (int64_t each = 0; each < count; first = ends[each++]) {
        int64_t size = blank_one(text + first, ends[each] - first, kinds, of_ascii, blanked + written);
        unread[each] = size < 0;
        written += size < 0 ? 0 : size;
        blanked[written++] = ' ';
        blanked_ends[each] = written;
    }
}
