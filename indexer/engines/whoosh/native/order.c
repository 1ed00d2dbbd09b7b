/* Stretches of bytes put in order, compared with their neighbours, and chosen: see keys.py. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LANE 8

/* A stretch: its first bytes as a number that sorts as they do, and which one it is. */
typedef struct {
    uint64_t first;
    int64_t row;
} Entry;

typedef struct {
    const uint8_t *text;
    const int64_t *begins, *ends;
} Stretches;

static uint64_t first_bytes(const uint8_t *bytes, int64_t size)
{
    uint64_t lane = 0;
    memcpy(&lane, bytes, (size_t)(size < LANE ? size : LANE));
    return __builtin_bswap64(lane);
}

static int precedes(const Stretches *all, Entry one, Entry other)
{
    if (one.first != other.first)
        return one.first < other.first;
    int64_t begin = all->begins[one.row], size = all->ends[one.row] - begin;
    int64_t other_begin = all->begins[other.row], other_size = all->ends[other.row] - other_begin;
    int64_t shorter = size < other_size ? size : other_size;
    if (shorter > LANE) {
        int which = memcmp(all->text + begin + LANE, all->text + other_begin + LANE,
                           (size_t)(shorter - LANE));
        if (which)
            return which < 0;
    }
    return size < other_size;
}

/* Merge two neighbours, from begin to middle and from there to end; of equal ones the first come
 * first. */
static void merge(const Stretches *all, const Entry *from, int64_t begin, int64_t middle,
                  int64_t end, Entry *to)
{
    int64_t left = begin, right = middle;
    while (left < middle && right < end)
        *to++ = precedes(all, from[right], from[left]) ? from[right++] : from[left++];
    memcpy(to, from + left, (size_t)(middle - left) * sizeof(Entry));
    memcpy(to + (middle - left), from + right, (size_t)(end - right) * sizeof(Entry));
}

/* Write down the rows of count stretches in the order of their bytes; of equal ones the first row
 * comes first. What ascends already, as the keys of segments do, is merged as it is. Returns -1
 * without memory. */
int64_t order(const uint8_t *text, const int64_t *begins, const int64_t *ends, int64_t count,
              int64_t *rows)
{
    Stretches all = {text, begins, ends};
    Entry *entries = malloc(2 * ((size_t)count + 1) * sizeof(Entry)), *spare = entries + count;
    int64_t *bounds = malloc(((size_t)count + 2) * sizeof(int64_t)), runs = 0;
    if (!entries || !bounds) {
        free(entries);
        free(bounds);
        return -1;
    }
    for (int64_t row = 0; row < count; row++) {
        entries[row] = (Entry){first_bytes(text + begins[row], ends[row] - begins[row]), row};
        if (row == 0 || precedes(&all, entries[row], entries[row - 1]))
            bounds[runs++] = row;
    }
    bounds[runs] = count;
    Entry *from = entries, *to = spare;
    while (runs > 1) {
        int64_t merged = 0;
        for (int64_t run = 0; run < runs; run += 2) {
            int64_t begin = bounds[run], middle = bounds[run + 1];
            int64_t end = run + 2 <= runs ? bounds[run + 2] : middle;
            merge(&all, from, begin, middle, end, to + begin);
            bounds[merged++] = begin;
        }
        bounds[merged] = count;
        runs = merged;
        Entry *other = from;
        from = to;
        to = other;
    }
    for (int64_t place = 0; place < count; place++)
        rows[place] = from[place].row;
    free(entries);
    free(bounds);
    return 0;
}

/* Tell of each of count stretches whether it differs from the one before it; the first one does. */
void changes(const uint8_t *text, const int64_t *begins, const int64_t *ends, int64_t count,
             uint8_t *differs)
{
    for (int64_t i = 0; i < count; i++) {
        int64_t size = ends[i] - begins[i];
        differs[i] = i == 0 || size != ends[i - 1] - begins[i - 1] ||
                     memcmp(text + begins[i], text + begins[i - 1], (size_t)size);
    }
}

/* Copy count stretches one behind the other. */
void gather(const uint8_t *text, const int64_t *begins, const int64_t *ends, int64_t count,
            uint8_t *to)
{
    for (int64_t i = 0; i < count; i++) {
        size_t size = (size_t)(ends[i] - begins[i]);
        memcpy(to, text + begins[i], size);
        to += size;
    }
}
