/* A stretch of text as a reader sees it, as text and as HTML: see marked.py. */

#ifndef RITAGLIO_WRITING_H
#define RITAGLIO_WRITING_H

#include "windows.h"

/* UTF-8. What does not fit is not written; the size tells, roughly, what would have. */
typedef struct {
    uint8_t *bytes;
    int64_t room, size;
    int64_t letters; /* as Python counts them */
} Writer;

typedef struct {
    int32_t *numbers;
    int64_t room, size;
} Numbers;

static void add(Numbers *numbers, int64_t number)
{
    if (numbers->size < numbers->room)
        numbers->numbers[numbers->size] = (int32_t)number;
    numbers->size++;
}

/* What comes out: HTML and plain text, one piece behind the other, and numbers to take them apart. */
typedef struct {
    Writer html, plain;
    Numbers numbers;
} Output;

enum { LONGEST_ESCAPED = 6, LONGEST_CODE = 4 };

/* Whether there is room for so many characters; if not, count them. */
static int has_room(Output *output, int64_t letters)
{
    int64_t html = output->html.size + letters * LONGEST_ESCAPED;
    int64_t plain = output->plain.size + letters * LONGEST_CODE;
    if (html <= output->html.room && plain <= output->plain.room)
        return 1;
    output->html.size = html;
    output->plain.size = plain;
    return 0;
}

static void write_ascii(Writer *writer, const char *text)
{
    int64_t size = (int64_t)strlen(text);
    memcpy(writer->bytes + writer->size, text, (size_t)size);
    writer->size += size;
    writer->letters += size;
}

static void write_code(Writer *writer, uint32_t code)
{
    uint8_t *byte = writer->bytes + writer->size;
    writer->letters++;
    if (code < 0x80) {
        *byte++ = (uint8_t)code;
    } else if (code < 0x800) {
        *byte++ = (uint8_t)(0xC0 | code >> 6);
        *byte++ = (uint8_t)(0x80 | (code & 0x3F));
    } else {
        if (code < 0x10000) {
            *byte++ = (uint8_t)(0xE0 | code >> 12);
        } else {
            *byte++ = (uint8_t)(0xF0 | code >> 18);
            *byte++ = (uint8_t)(0x80 | (code >> 12 & 0x3F));
        }
        *byte++ = (uint8_t)(0x80 | (code >> 6 & 0x3F));
        *byte++ = (uint8_t)(0x80 | (code & 0x3F));
    }
    writer->size = byte - writer->bytes;
}

static void write_escaped(Writer *writer, uint32_t code)
{
    switch (code) {
    case '&':
        write_ascii(writer, "&amp;");
        break;
    case '<':
        write_ascii(writer, "&lt;");
        break;
    case '>':
        write_ascii(writer, "&gt;");
        break;
    case '"':
        write_ascii(writer, "&quot;");
        break;
    case '\'':
        write_ascii(writer, "&#x27;");
        break;
    default:
        write_code(writer, code);
    }
}

/* Write a part of a text on one line: blanks in a row, of any kind, as one. */
static void write_line(Output *output, const Text *text, int64_t start, int64_t end)
{
    if (!has_room(output, end - start))
        return;
    for (int64_t i = start, blank = 0; i < end; i++) {
        uint32_t code = at(text, i);
        if (is(text, i, BLANK)) {
            if (blank)
                continue;
            code = ' ';
        }
        blank = code == ' ';
        write_escaped(&output->html, code);
        write_code(&output->plain, code);
    }
}

static void write_cut(Output *output, int64_t in_front)
{
    static const uint32_t signs[] = {' ', ELLIPSIS, ' '};
    for (int64_t i = in_front; i < in_front + 2 && has_room(output, 1); i++) {
        write_code(&output->html, signs[i]);
        write_code(&output->plain, signs[i]);
    }
}

static void write_tag(Output *output, const char *tag)
{
    if (has_room(output, (int64_t)strlen(tag)))
        write_ascii(&output->html, tag);
}

/* Write a text from where it was left to a mark's end, and where that stands from base on. */
static void write_mark(Output *output, const Text *text, int64_t *left, int64_t first, int64_t last,
                       int64_t base)
{
    write_line(output, text, *left, first);
    write_tag(output, "<mark>");
    add(&output->numbers, output->plain.letters - base);
    write_line(output, text, first, last);
    add(&output->numbers, output->plain.letters - base);
    write_tag(output, "</mark>");
    *left = last;
}

/* Write what a window shows: how long HTML and text are and how many marks there are, then where
 * these start and end. */
static void write_window(Output *output, const Text *text, Window window, const Match *matches,
                         int64_t count)
{
    int64_t html = output->html.letters, base = output->plain.letters;
    int64_t head = output->numbers.size, left = window.start, marks = 0;
    int64_t first = window.start, last = window.start;
    for (int i = 0; i < 3; i++)
        add(&output->numbers, 0);
    if (window.cut_before)
        write_cut(output, 1);
    for (int64_t i = 0; i < count; i++) { /* what overlaps is one mark */
        if (matches[i].start < window.start || matches[i].end > window.end)
            continue;
        if (matches[i].start >= last) {
            if (last > first && ++marks)
                write_mark(output, text, &left, first, last, base);
            first = matches[i].start;
        }
        last = most_of(last, matches[i].end);
    }
    if (last > first && ++marks)
        write_mark(output, text, &left, first, last, base);
    write_line(output, text, left, window.end);
    if (window.cut_behind)
        write_cut(output, 0);
    int64_t told[] = {output->html.letters - html, output->plain.letters - base, marks};
    for (int64_t i = 0; i < 3 && head + i < output->numbers.room; i++)
        output->numbers.numbers[head + i] = (int32_t)told[i];
}

#endif
