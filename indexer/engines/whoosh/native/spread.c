/* Stretches of one array put where they go in another: see merging.py. */

#include <stdint.h>
#include <string.h>

/* Copy count stretches of elements of so many bytes, one behind the other from starts on, each to its
 * target. starts have one more: where the last one ends. */
void spread(const uint8_t *from, const int64_t *starts, int64_t count, const int64_t *targets,
            int64_t size, uint8_t *to)
{
    for (int64_t i = 0; i < count; i++)
        memcpy(to + targets[i] * size, from + starts[i] * size,
               (size_t)((starts[i + 1] - starts[i]) * size));
}
