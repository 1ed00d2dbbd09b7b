/* The best few of many places: see best.py. Goodness is a whole number, or the bits of a floating
 * point number that is not negative, which sort alike. */

#include "asked.h"

/* Places are looked at in so many blocks at most, of so many at least. */
enum { BLOCKS = 1024, SMALLEST = 64 };

static int is_worse(const int32_t *goodness, const int32_t *ages, const uint16_t *ranks,
                    int32_t one, int32_t other)
{
    if (goodness[one] != goodness[other])
        return goodness[one] < goodness[other];
    if (ages[one] != ages[other])
        return ages[one] > ages[other];
    return ranks[one] > ranks[other];
}

/* Let a place of a heap, whose top is the worst, sink to where it belongs. */
static void sink(const int32_t *goodness, const int32_t *ages, const uint16_t *ranks,
                 int32_t *heap, int64_t size, int64_t at)
{
    int32_t place = heap[at];
    for (int64_t below = 2 * at + 1; below < size; below = 2 * at + 1) {
        if (below + 1 < size && is_worse(goodness, ages, ranks, heap[below + 1], heap[below]))
            below++;
        if (!is_worse(goodness, ages, ranks, heap[below], place))
            break;
        heap[at] = heap[below];
        at = below;
    }
    heap[at] = place;
}

/* Return the best of the places from begin to end, the least there is where mask holds none. */
static int32_t top_of(const int32_t *goodness, const uint8_t *mask, int64_t begin, int64_t end)
{
    int32_t top = INT32_MIN;
    if (mask) {
        for (int64_t i = begin; i < end; i++) {
            int32_t own = goodness[i], out = -(int32_t)!mask[i];
            own = (own & ~out) | (INT32_MIN & out);
            top = own > top ? own : top;
        }
    } else {
        for (int64_t i = begin; i < end; i++)
            top = goodness[i] > top ? goodness[i] : top;
    }
    return top;
}

/* Return the greatest value that so many of the tops reach: the least of a heap of the greatest. */
static int32_t reached(const int32_t *tops, int64_t count, int64_t wanted)
{
    int32_t heap[BLOCKS];
    for (int64_t i = 0; i < count; i++) {
        int32_t top = tops[i];
        int64_t at = i, above;
        if (i < wanted) {
            for (; at > 0 && heap[above = (at - 1) / 2] > top; at = above)
                heap[at] = heap[above];
        } else {
            if (top <= heap[0])
                continue;
            at = 0;
            for (int64_t below = 1; below < wanted; below = 2 * at + 1) {
                below += below + 1 < wanted && heap[below + 1] < heap[below];
                if (heap[below] >= top)
                    break;
                heap[at] = heap[below];
                at = below;
            }
        }
        heap[at] = top;
    }
    return heap[0];
}

/* The best places found so far, the worst of them at the top of a heap as soon as there are as many
 * as wanted; and what a place must reach to be one of them. */
typedef struct {
    const int32_t *goodness, *ages;
    const uint16_t *ranks;
    int64_t wanted, size;
    int32_t *heap;
    int32_t floor;
} Best;

static inline void consider(Best *best, int32_t place)
{
    const int32_t *goodness = best->goodness, *ages = best->ages;
    const uint16_t *ranks = best->ranks;
    if (best->size < best->wanted) {
        best->heap[best->size++] = place;
        for (int64_t from = best->size == best->wanted ? best->size / 2 : 0; from-- > 0;)
            sink(goodness, ages, ranks, best->heap, best->size, from);
    } else if (is_worse(goodness, ages, ranks, best->heap[0], place)) {
        best->heap[0] = place;
        sink(goodness, ages, ranks, best->heap, best->size, 0);
    }
    if (best->size == best->wanted)
        best->floor = goodness[best->heap[0]];
}

/* Put the best places in order, best first. Returns how many there are. */
static int64_t finish(const Best *best)
{
    int64_t size = best->size;
    for (int64_t from = size < best->wanted ? size / 2 : 0; from-- > 0;)
        sink(best->goodness, best->ages, best->ranks, best->heap, size, from);
    while (size > 1) { /* the worst that is left goes to the end */
        int32_t worst = best->heap[0];
        best->heap[0] = best->heap[--size];
        sink(best->goodness, best->ages, best->ranks, best->heap, size, 0);
        best->heap[size] = worst;
    }
    return best->size;
}

/* Put the best wanted places of mask into chosen, best first; without a mask, of those whose goodness
 * is above nothing; none whose goodness is below floor. Of equals the one with the smaller age is
 * better, then the one with the smaller rank. Returns how many there are. */
int64_t best(const int32_t *goodness, const uint8_t *mask, int64_t articles, int64_t wanted,
             int32_t floor, const int32_t *ages, const uint16_t *ranks, int32_t *chosen)
{
    int64_t block = (articles + BLOCKS - 1) / BLOCKS;
    block = block < SMALLEST ? SMALLEST : block;
    int32_t tops[BLOCKS];
    Best found = {goodness, ages, ranks, wanted, 0, chosen, floor};
    int64_t blocks = 0;
    for (int64_t begin = 0; begin < articles; begin += block, blocks++) {
        int64_t end = begin + block < articles ? begin + block : articles;
        tops[blocks] = top_of(goodness, mask, begin, end);
    }
    if (wanted <= blocks) {
        int32_t least = reached(tops, blocks, wanted);
        found.floor = least > floor ? least : floor;
    }
    for (int64_t at = 0; at < blocks; at++) {
        if (tops[at] < found.floor)
            continue;
        int64_t end = (at + 1) * block < articles ? (at + 1) * block : articles;
        for (int32_t i = (int32_t)(at * block); i < end; i++)
            if (goodness[i] >= found.floor && (mask ? mask[i] : goodness[i] > 0))
                consider(&found, i);
    }
    return finish(&found);
}

/* Put the best wanted of listed places into chosen, as best does. */
int64_t best_listed(const int32_t *goodness, const uint16_t *listed, int64_t count, int64_t wanted,
                    int32_t floor, const int32_t *ages, const uint16_t *ranks, int32_t *chosen)
{
    Best found = {goodness, ages, ranks, wanted, 0, chosen, floor};
    for (int64_t i = 0; i < count; i++)
        if (goodness[listed[i]] >= found.floor)
            consider(&found, listed[i]);
    return finish(&found);
}
