/* The best few of many places: see best.py. */

#include <math.h>
#include <stdint.h>
#include <string.h>

/* So many places are passed over in a few steps where none of them is good enough. */
enum { BLOCK = 16 };

static int is_blank(const uint8_t *mask)
{
    uint64_t first, second;
    memcpy(&first, mask, 8);
    memcpy(&second, mask + 8, 8);
    return !(first | second);
}

/* best_…: put the best wanted places of mask, which has no fewer, into chosen, best first. Of
 * equals the one with the smaller age is better, then the one with the smaller rank. */
#define BEST(name, type, LEAST)                                                               \
    static int name##_worse(const type *goodness, const int32_t *ages, const uint16_t *ranks, \
                            int32_t one, int32_t other)                                       \
    {                                                                                         \
        if (goodness[one] != goodness[other])                                                 \
            return goodness[one] < goodness[other];                                           \
        if (ages[one] != ages[other])                                                         \
            return ages[one] > ages[other];                                                   \
        return ranks[one] > ranks[other];                                                     \
    }                                                                                         \
                                                                                              \
    /* Let a place of a heap, whose top is the worst, sink to where it belongs. */            \
    static void name##_sink(const type *goodness, const int32_t *ages, const uint16_t *ranks, \
                            int32_t *heap, int64_t size, int64_t at)                          \
    {                                                                                         \
        int32_t place = heap[at];                                                             \
        for (int64_t below = 2 * at + 1; below < size; below = 2 * at + 1) {                  \
            if (below + 1 < size &&                                                           \
                name##_worse(goodness, ages, ranks, heap[below + 1], heap[below]))            \
                below++;                                                                      \
            if (!name##_worse(goodness, ages, ranks, heap[below], place))                     \
                break;                                                                        \
            heap[at] = heap[below];                                                           \
            at = below;                                                                       \
        }                                                                                     \
        heap[at] = place;                                                                     \
    }                                                                                         \
                                                                                              \
    static int name##_any(const type *goodness, type floor)                                   \
    {                                                                                         \
        int any = 0;                                                                          \
        for (int i = 0; i < BLOCK; i++)                                                       \
            any |= goodness[i] >= floor;                                                      \
        return any;                                                                           \
    }                                                                                         \
                                                                                              \
    void name(const type *goodness, const uint8_t *mask, int64_t articles, int64_t wanted,    \
              const int32_t *ages, const uint16_t *ranks, int32_t *chosen)                    \
    {                                                                                         \
        int64_t size = 0;                                                                     \
        type floor = LEAST;                                                                   \
        for (int32_t begin = 0; begin < articles; begin += BLOCK) {                           \
            int32_t end = begin + BLOCK < articles ? begin + BLOCK : (int32_t)articles;       \
            if (end - begin == BLOCK &&                                                       \
                (is_blank(mask + begin) || !name##_any(goodness + begin, floor)))             \
                continue;                                                                     \
            for (int32_t i = begin; i < end; i++) {                                           \
                if (!mask[i] || goodness[i] < floor)                                          \
                    continue;                                                                 \
                if (size < wanted) {                                                          \
                    chosen[size++] = i;                                                       \
                    for (int64_t at = size == wanted ? size / 2 : 0; at-- > 0;)               \
                        name##_sink(goodness, ages, ranks, chosen, size, at);                 \
                } else if (name##_worse(goodness, ages, ranks, chosen[0], i)) {               \
                    chosen[0] = i;                                                            \
                    name##_sink(goodness, ages, ranks, chosen, size, 0);                      \
                }                                                                             \
                if (size == wanted)                                                           \
                    floor = goodness[chosen[0]];                                              \
            }                                                                                 \
        }                                                                                     \
        while (size > 1) { /* the worst that is left goes to the end */                       \
            int32_t worst = chosen[0];                                                        \
            chosen[0] = chosen[--size];                                                       \
            name##_sink(goodness, ages, ranks, chosen, size, 0);                              \
            chosen[size] = worst;                                                             \
        }                                                                                     \
    }

BEST(best_scores, float, -INFINITY)
BEST(best_numbers, int32_t, INT32_MIN)
