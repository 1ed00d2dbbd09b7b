/* What the kernels ask of characters, and texts made of these. */

#ifndef RITAGLIO_CHARACTERS_H
#define RITAGLIO_CHARACTERS_H

#include <stdint.h>

/* Kinds of characters: see letters.py. */
enum { BREAK, FOREIGN, JOINT, APOSTROPHE, DIGIT = '0', LETTER = 'a', CAPITAL = 0x80 };
enum { FOLDED = 0x7F };

/* What is known of a character, its kind in the lower byte: see characters.py. */
enum {
    KNOWN = 0x100,
    SPACE = 0x200,
    BLANK = 0x400, /* shown as a space */
    ALNUM = 0x800,
    ALPHA = 0x1000,     /* and no digit */
    SMALL = 0x2000,     /* a-z, à-ÿ */
    COMBINING = 0x4000, /* stands on the letter before it */
};
enum { CHARACTERS = 0x110000, BLOCK_BITS = 8 };

enum { ELLIPSIS = 0x2026 };

/* Lines around all texts: so far may be looked from a text without looking where it ends. */
enum { EDGE = 8 };

typedef struct {
    const uint32_t *codes;
    int64_t size;
    const uint16_t *characters;
    int64_t opening;  /* where more begins than blanks and controls */
    int64_t *unknown; /* the block of the last character met that was not known, or -1 */
} Text;

/* Return the character at a place, NUL where there is none. */
static inline uint32_t at(const Text *text, int64_t place)
{
    return (uint64_t)place < (uint64_t)text->size ? text->codes[place] : 0;
}

static inline int is(const Text *text, int64_t place, int what)
{
    if ((uint64_t)place >= (uint64_t)text->size)
        return 0;
    uint32_t code = text->codes[place];
    uint16_t known = code < CHARACTERS ? text->characters[code] : 0;
    if (!known)
        *text->unknown = code >> BLOCK_BITS;
    return known & what;
}

#endif
