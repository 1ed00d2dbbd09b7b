/* The CRC-32 of each of many stretches of bytes: see directory.py. */

#include <stdint.h>

#define POLYNOMIAL 0xEDB88320u /* zlib's, its bits reversed */

/* Write down the sums of count stretches of bytes, from begins to ends. */
void sums(const uint8_t *bytes, const int64_t *begins, const int64_t *ends, int64_t count,
          uint32_t *found)
{
    uint32_t table[256];
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t sum = byte;
        for (int bit = 0; bit < 8; bit++)
            sum = (sum >> 1) ^ (sum & 1 ? POLYNOMIAL : 0);
        table[byte] = sum;
    }
    for (int64_t i = 0; i < count; i++) {
        uint32_t sum = ~0u;
        for (int64_t at = begins[i]; at < ends[i]; at++)
            sum = (sum >> 8) ^ table[(sum ^ bytes[at]) & 0xFF];
        found[i] = ~sum;
    }
}
