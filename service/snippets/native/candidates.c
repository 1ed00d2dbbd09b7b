/* The few stretches of texts where a term may stand: see candidates.py. */

#include "lanes.h"

/* What words may begin with: letters, of which the first few are compared. */
typedef struct {
    const uint8_t *kinds;
    int64_t count;
    const uint8_t *letters;
    const int64_t *ends;
    int64_t beginnings;
    uint64_t pairs[2 << 7]; /* a bit for each two letters that one begins with */
} Search;

enum { COMPARED = 8 };

static void add_pair(Search *search, uint8_t first, uint8_t second)
{
    search->pairs[(first & FOLDED) << 1 | (second >> 6 & 1)] |= (uint64_t)1 << (second & 63);
}

static void prepare(Search *search)
{
    memset(search->pairs, 0, sizeof search->pairs);
    for (int64_t i = 0, start = 0; i < search->beginnings; start = search->ends[i++]) {
        const uint8_t *letters = search->letters + start;
        if (search->ends[i] - start > 1)
            add_pair(search, letters[0], letters[1]);
        else if (search->ends[i] > start)
            for (int second = 0; second <= FOLDED; second++)
                add_pair(search, letters[0], (uint8_t)second);
    }
}

/* Whether the two letters at a place begin one of the beginnings. */
static inline int may_begin_so(const Search *search, int64_t place)
{
    uint8_t first = folded(search->kinds, place), second = folded(search->kinds, place + 1);
    return search->pairs[first << 1 | second >> 6] >> (second & 63) & 1;
}

/* Whether one of the beginnings stands at a place. */
static int begins_so(const Search *search, int64_t place)
{
    for (int64_t i = 0, start = 0; i < search->beginnings; start = search->ends[i++]) {
        int64_t size = search->ends[i] - start, alike = 0;
        size = size < COMPARED ? size : COMPARED;
        while (alike < size && place + alike < search->count &&
               folded(search->kinds, place + alike) == search->letters[start + alike])
            alike++;
        if (alike == size)
            return 1;
    }
    return 0;
}

/* Whether the letters of a stretch, signs between them left out, hold one of the beginnings. */
static int holds_one(const Search *search, int64_t first, int64_t end)
{
    for (int64_t place = first; place < end; place++) {
        if (folded(search->kinds, place) < DIGIT)
            continue;
        for (int64_t i = 0, start = 0; i < search->beginnings; start = search->ends[i++]) {
            int64_t next = start, letter = place;
            for (; letter < end && next < search->ends[i]; letter++) {
                if (folded(search->kinds, letter) < DIGIT)
                    continue;
                if (folded(search->kinds, letter) != search->letters[next])
                    break;
                next++;
            }
            if (next == search->ends[i])
                return 1;
        }
    }
    return 0;
}

static int is_digit(uint8_t kind)
{
    return kind >= DIGIT && kind < LETTER;
}

/* Return how many signs behind a word belong to it: citta', 10%, C++. */
static int64_t signs_behind(const uint8_t *kinds, int64_t start, int64_t end)
{
    int single = end - start == 1;
    if (kinds[end] == APOSTROPHE)
        return 1;
    if (kinds[end] != JOINT || !(single || is_digit(kinds[end - 1])))
        return 0;
    /* C++piano is C and piano. */
    return single && kinds[end + 1] == JOINT && kinds[end + 2] < DIGIT ? 2 : 1;
}

/* Whether one sign joins the word that ends at a place to another. */
static int is_joined(const uint8_t *kinds, int64_t end)
{
    if (kinds[end + 1] < DIGIT)
        return 0;
    return kinds[end] == JOINT ||
           (kinds[end] == APOSTROPHE && is_digit(kinds[end - 1]) && is_digit(kinds[end + 1]));
}

/* Stretches that were met, to find those again that are written alike: most of them. */
enum { SLOTS = 1024, TRIED = 8 };

typedef struct {
    const uint32_t *codes;
    int32_t *starts, *ends;
    int64_t count;
    int32_t slots[SLOTS]; /* 1 more than their numbers */
} Met;

static int32_t number_of(Met *met, int32_t start, int32_t end)
{
    uint32_t hash = 2166136261u;
    for (int32_t i = start; i < end; i++)
        hash = (hash ^ met->codes[i]) * 16777619u;
    int32_t *slot = met->slots;
    for (uint32_t tried = 0; tried < TRIED; tried++) {
        slot = met->slots + ((hash >> 16) + tried) % SLOTS;
        if (!*slot)
            break;
        int32_t number = *slot - 1;
        if (met->ends[number] - met->starts[number] == end - start &&
            !memcmp(met->codes + met->starts[number], met->codes + start,
                    (size_t)(end - start) * sizeof *met->codes))
            return number;
    }
    met->starts[met->count] = start;
    met->ends[met->count] = end;
    *slot = (int32_t)++met->count;
    return *slot - 1;
}

/* Candidates as they are found: where they start and end among all codes. */
typedef struct {
    int32_t *starts, *ends;
    int64_t count, room;
} Found;

static void add(Found *found, int64_t start, int64_t end)
{
    if (found->count < found->room) {
        found->starts[found->count] = (int32_t)start;
        found->ends[found->count] = (int32_t)end;
    }
    found->count++;
}

/* Add the chunk at a place if it may hold a word so begun, in the place of its words. Returns where
 * it ends, or what was given. */
static int64_t add_chunk(const Search *search, int64_t place, int64_t *end, int64_t added,
                         Found *found)
{
    const uint8_t *kinds = search->kinds;
    int64_t start = place, foreign = 0;
    while (start > 0 && kinds[start - 1] != BREAK)
        start--;
    for (*end = start; *end < search->count && kinds[*end] != BREAK; (*end)++)
        foreign |= kinds[*end] == FOREIGN;
    if (!foreign && !holds_one(search, start, *end))
        return added;
    while (found->count && found->count <= found->room && found->starts[found->count - 1] >= start)
        found->count--;
    add(found, start, *end);
    return *end;
}

/* Add the word at a place. Returns where its letters end. */
static int64_t add_word(const uint8_t *kinds, int64_t place, int64_t last, Found *found)
{
    int64_t start = place, end = place;
    while (start > 0 && kinds[start - 1] >= DIGIT)
        start--;
    while (end < last && kinds[end] >= DIGIT)
        end++;
    add(found, start, end + signs_behind(kinds, start, end));
    return end;
}

/* Find candidates: words that begin so, or have such a hump, and chunks that may hold one. */
static void find(const Search *search, Found *found)
{
    const uint8_t *kinds = search->kinds;
    int64_t last = search->count - EDGE, looked_up_to = 0, added_up_to = 0;
    uint64_t letters_before = 0, signs_before = 0;
    for (int64_t i = EDGE; i < last; i += LANE) {
        uint64_t kind = lane(kinds + i), letter = letters(kind), foreign = equal(kind, FOREIGN);
        uint64_t signs = equal(kind, JOINT) | equal(kind, APOSTROPHE);
        uint64_t behind_letter = shifted(letter, letters_before, 1);
        uint64_t joined = letter & shifted(signs, signs_before, 1) &
                          shifted(letter, letters_before, 2);
        uint64_t begins = letter & (capitals(kind) | ~behind_letter);
        letters_before = letter;
        signs_before = signs;
        uint64_t chunky = foreign | joined; /* nearly always 0 */
        for (uint64_t left = begins | chunky; left; left &= left - 1) {
            uint64_t lowest = left & -left;
            int64_t place = i + first_of(left);
            if (lowest & chunky && place > looked_up_to &&
                (lowest & foreign || is_joined(kinds, place - 1)))
                added_up_to = add_chunk(search, place, &looked_up_to, added_up_to, found);
            if (may_begin_so(search, place) && lowest & begins && place >= added_up_to &&
                begins_so(search, place))
                added_up_to = add_word(kinds, place, last, found);
        }
    }
}

/* Write down, for candidates in reading order, their texts, where they start there, and the numbers
 * of what is written there; for these numbers, where that starts and ends among all codes. The
 * first and the last EDGE codes are breaks. All have room for as many as given. Returns how many
 * there are, or too many, if that is not enough. */
int64_t find_candidates(const uint32_t *codes, const uint8_t *kinds, int64_t count,
                        const int64_t *starts, int64_t texts, const uint8_t *letters,
                        const int64_t *ends, int64_t beginnings, int64_t room, int32_t *in_texts,
                        int32_t *offsets, int32_t *numbers, int32_t *different_starts,
                        int32_t *different_ends, int64_t *different)
{
    Search search = {kinds, count, letters, ends, beginnings, {0}};
    Met met = {codes, different_starts, different_ends, 0, {0}};
    Found found = {offsets, numbers, 0, room};
    prepare(&search);
    find(&search, &found);
    for (int64_t i = 0, text = 0; i < found.count && found.count <= room; i++) {
        while (text + 1 < texts && starts[text + 1] <= offsets[i])
            text++;
        in_texts[i] = (int32_t)text;
        numbers[i] = number_of(&met, offsets[i], numbers[i]);
        offsets[i] -= (int32_t)starts[text];
    }
    *different = met.count;
    return found.count;
}
