/* Texts cut into chunks, and chunks numbered: see chunking.py. */

#include <stdint.h>
#include <string.h>

enum { BLANK = ' ', LANE = 8, AHEAD = 16 };
enum { TIMES_SIGN = 0x97, DIVISION_SIGN = 0xB7 }; /* behind a byte C3 */

/* The last steps of splitmix64. */
static uint64_t mixed(uint64_t number)
{
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9u;
    number = (number ^ (number >> 27)) * 0x94D049BB133111EBu;
    return number ^ (number >> 31);
}

/* Return which bytes of a lane are the sought one, by their highest bits; behind the first that is
 * others may be marked that are not. */
static uint64_t marked(uint64_t lane, uint8_t sought)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t zeros = lane ^ ones * sought;
    return (zeros - ones) & ~zeros & ones << 7;
}

/* Return where the chunk that begins at start ends: at a blank, of which there is one at size at the
 * latest. Tell whether there may be an apostrophe in it. */
static int64_t chunk_end(const uint8_t *bytes, int64_t start, int *apostrophe)
{
    *apostrophe = 0;
    for (int64_t at = start;; at += LANE) {
        uint64_t whole;
        memcpy(&whole, bytes + at, LANE);
        uint64_t blanks = marked(whole, BLANK), marks = marked(whole, '\'');
        if (blanks) {
            *apostrophe |= (marks & (blanks - 1) & ~blanks) != 0;
            return at + (__builtin_ctzll(blanks) >> 3);
        }
        *apostrophe |= marks != 0;
    }
}

/* Return the next bytes of a chunk that has rest of them, no more than a lane, with zeros behind. */
static uint64_t lane(const uint8_t *bytes, int64_t rest)
{
    uint64_t whole;
    memcpy(&whole, bytes, LANE);
    return rest < LANE ? whole & (((uint64_t)1 << 8 * rest) - 1) : whole;
}

static uint64_t hash(const uint8_t *bytes, int64_t size, uint64_t secret)
{
    uint64_t hashed = mixed(lane(bytes, size) ^ secret);
    for (int64_t done = LANE; done < size; done += LANE)
        hashed = mixed(hashed ^ lane(bytes + done, size - done));
    return hashed ? hashed : 1; /* none is 0: that is a free slot */
}

/* Return how many bytes a letter has that stands at a place: of ASCII, or one of Latin-1's, which
 * are two bytes. 0 for all else. */
static int64_t letter(const uint8_t *bytes)
{
    uint8_t small = bytes[0] | ' ';
    if ('a' <= small && small <= 'z')
        return 1;
    return bytes[0] == 0xC3 && bytes[1] != TIMES_SIGN && bytes[1] != DIVISION_SIGN ? 2 : 0;
}

/* Return where the second word of a chunk begins that is two: letters of ASCII, an apostrophe, and
 * letters, «dell'Ucraina». 0 for any other chunk. */
static int64_t second_word(const uint8_t *bytes, int64_t start, int64_t end)
{
    int64_t at = start, size;
    while (at < end && letter(bytes + at) == 1)
        at++;
    if (at == start || at + 1 >= end || bytes[at] != '\'')
        return 0;
    int64_t second = ++at;
    while (at < end && (size = letter(bytes + at)))
        at += size;
    return at == end ? second : 0;
}

/* Write down where the chunks of bytes begin and end, without the commas and stops at their ends, and
 * their hashes; of each text, which ends where text_ends say, how many begin in it. Behind the last of
 * size bytes stands a lane of blanks. Returns how many chunks there are. */
int64_t cut(const uint8_t *bytes, int64_t size, const int64_t *text_ends, int64_t texts,
            uint64_t secret, int64_t *starts, int64_t *ends, uint64_t *hashes, int64_t *counts)
{
    int64_t chunks = 0, text = 0, before = 0;
    for (int64_t at = 0; at < size;) {
        if (bytes[at] == BLANK) {
            at++;
            continue;
        }
        for (; text < texts && text_ends[text] <= at; text++) {
            counts[text] = chunks - before;
            before = chunks;
        }
        int64_t start = at, end, second;
        int apostrophe;
        end = at = chunk_end(bytes, start, &apostrophe);
        while (end > start && (bytes[end - 1] == ',' || bytes[end - 1] == '.'))
            end--;
        if (apostrophe && (second = second_word(bytes, start, end))) {
            starts[chunks] = start;
            ends[chunks] = second;
            hashes[chunks++] = hash(bytes + start, second - start, secret);
            start = second;
        }
        starts[chunks] = start;
        ends[chunks] = end;
        hashes[chunks++] = hash(bytes + start, end - start, secret);
    }
    for (; text < texts; text++) {
        counts[text] = chunks - before;
        before = chunks;
    }
    return chunks;
}

/* Number hashes by a table of 2 to the power of bits, which has room for all of them: those that are
 * not there are put there, with the numbers from held on, and the places where they stand first are
 * written down. Returns how many those are. */
int64_t number(const uint64_t *hashes, int64_t count, uint64_t *known, int32_t *numbers,
               int64_t bits, int64_t held, int32_t *found, int64_t *firsts)
{
    int64_t new = 0;
    uint64_t last = ((uint64_t)1 << bits) - 1;
    for (int64_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(known + (hashes[i + AHEAD] >> (64 - bits)));
        uint64_t slot = hashes[i] >> (64 - bits);
        while (known[slot] && known[slot] != hashes[i])
            slot = (slot + 1) & last;
        if (!known[slot]) {
            known[slot] = hashes[i];
            numbers[slot] = (int32_t)(held + new);
            firsts[new++] = i;
        }
        found[i] = numbers[slot];
    }
    return new;
}
