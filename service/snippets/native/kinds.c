/* What each character of some texts is to whoever looks for words: see letters.py. */

#include "lanes.h"

static int is_vowel(uint8_t letter)
{
    return letter == 'a' || letter == 'e' || letter == 'i' || letter == 'o' || letter == 'u';
}

/* Whether the apostrophe at a place may quote. */
static int may_quote(const uint8_t *kinds, int64_t place)
{
    uint8_t before = folded(kinds, place - 1), behind = folded(kinds, place + 1);
    if (before >= DIGIT && behind >= DIGIT)
        return 0;
    if (behind == APOSTROPHE)
        return 1;
    if (before < DIGIT) /* opens in front of a letter */
        return behind == FOREIGN || behind >= LETTER;
    for (int64_t i = place - 4; i < place - 1; i++)
        if (folded(kinds, i) < LETTER)
            return 0;
    return is_vowel(before); /* closes a longer word */
}

/* Whether «gli dei» may stand at a place, that of the d. */
static int may_be_gods(const uint8_t *kinds, int64_t place)
{
    return folded(kinds, place + 1) == 'e' && folded(kinds, place + 2) == 'i' &&
           folded(kinds, place - 2) == 'i' && folded(kinds, place - 3) == 'l' &&
           folded(kinds, place - 4) == 'g';
}

/* Of each text, which begins where starts say, tell whether the chain may change more of it than
 * the shape of apostrophes. Returns how many those are. */
static int64_t tell_unlike(const uint8_t *kinds, int64_t count, const int64_t *starts,
                           int64_t texts, uint8_t *unlike)
{
    int64_t text = 0, changed = 0;
    uint64_t breaks_before = 0;
    for (int64_t i = EDGE; i + LANE <= count; i += LANE) {
        uint64_t kind = lane(kinds + i), breaks = equal(kind, BREAK);
        uint64_t apostrophes = equal(kind, APOSTROPHE);
        uint64_t gods = equal(kind & LOW, 'd') & shifted(breaks, breaks_before, 1);
        breaks_before = breaks;
        for (uint64_t left = apostrophes | gods; left; left &= left - 1) {
            int64_t place = i + first_of(left);
            if (kinds[place] == APOSTROPHE ? !may_quote(kinds, place) : !may_be_gods(kinds, place))
                continue;
            while (text + 1 < texts && starts[text + 1] <= place)
                text++;
            changed += !unlike[text];
            unlike[text] = 1;
        }
    }
    return changed;
}

enum { AT_ONCE = 256 };

/* Write down the kinds of codes; of each text, which begins where starts say, whether the chain
 * may change more of it than the shape of apostrophes. Returns how many those are, or below zero
 * -1 less the number of a block of characters that is not known yet. */
int64_t tell_kinds(const uint32_t *codes, int64_t count, const uint16_t *characters,
                   const int64_t *starts, int64_t texts, uint8_t *kinds, uint8_t *unlike)
{
    for (int64_t i = 0; i < count;) {
        int64_t end = count - i < AT_ONCE ? count : i + AT_ONCE, first = i;
        uint16_t all = KNOWN;
        for (; i < end; i++) {
            uint16_t known = characters[codes[i] < CHARACTERS ? codes[i] : 0];
            kinds[i] = (uint8_t)known;
            all &= known;
        }
        for (int64_t one = first; !all && one < end; one++)
            if (codes[one] >= CHARACTERS || !(characters[codes[one]] & KNOWN))
                return -1 - (int64_t)(codes[one] >> BLOCK_BITS);
    }
    memset(unlike, 0, (size_t)texts);
    return texts ? tell_unlike(kinds, count, starts, texts, unlike) : 0;
}
