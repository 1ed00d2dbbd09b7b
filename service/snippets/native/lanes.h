/* Kinds of characters, one by one, and eight at a time: then a byte is 0x80 where something holds. */

#ifndef RITAGLIO_LANES_H
#define RITAGLIO_LANES_H

#include <stdint.h>
#include <string.h>

#include "characters.h"

enum { LANE = 8 };

#define EACH 0x0101010101010101u
#define LOW (0x7F * EACH)
#define HIGH (0x80 * EACH)

static inline uint64_t lane(const uint8_t *kinds)
{
    uint64_t whole;
    memcpy(&whole, kinds, LANE);
    return whole;
}

static inline uint64_t equal(uint64_t kinds, uint8_t kind)
{
    uint64_t other = kinds ^ kind * EACH;
    return ~(((other & LOW) + LOW) | other) & HIGH;
}

static inline uint64_t letters(uint64_t kinds)
{
    return (((kinds & LOW) + (0x80 - DIGIT) * EACH) | kinds) & HIGH;
}

static inline uint64_t capitals(uint64_t kinds)
{
    return kinds & HIGH;
}

/* Return what held so many characters before each, of a mask and of the one before it. */
static inline uint64_t shifted(uint64_t mask, uint64_t before, int characters)
{
    return mask << 8 * characters | before >> 8 * (LANE - characters);
}

/* Return the kind at a place, capital or not. */
static inline uint8_t folded(const uint8_t *kinds, int64_t place)
{
    return kinds[place] & FOLDED;
}

static inline int first_of(uint64_t mask)
{
    return __builtin_ctzll(mask) / 8;
}

#endif
