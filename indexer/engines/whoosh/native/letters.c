/* Which letters the forms of terms are made of: see alike.py. */

#include <stdint.h>
#include <string.h>

/* Write down of each term where its form begins, the form's letters, a bit each, and how many they
 * are in all. A key holds one zero byte, in front of its form. */
void letters(const uint8_t *text, const uint32_t *starts, int64_t terms, const uint32_t *bit_of,
             uint32_t *begins, uint32_t *bits, int32_t *lengths)
{
    for (int64_t term = 0; term < terms; term++) {
        const uint8_t *first = text + starts[term], *end = text + starts[term + 1];
        const uint8_t *zero = memchr(first, 0, (size_t)(end - first));
        uint32_t own = 0;
        int32_t length = 0;
        first = zero ? zero + 1 : end;
        begins[term] = (uint32_t)(first - text);
        for (; first < end; first++) {
            own |= bit_of[*first];
            length += (*first & 0xC0) != 0x80; /* a byte that goes on with a letter is none */
        }
        bits[term] = own;
        lengths[term] = length;
    }
}
