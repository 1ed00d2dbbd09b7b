/* Where a stem and an article meet more than once: see inversion.py. */

#include <stdint.h>
#include <stdlib.h>

enum { MOST_ARTICLES = 1 << 16 };

/* An article that holds several forms of a stem: how often in its title and in its text. */
struct meeting {
    int32_t stem, article, title, text;
};

/* The forms of all articles, posting by posting, and what each posting's code becomes. */
struct forms {
    const int64_t *begins; /* of each form its first posting; one more */
    const uint16_t *articles;
    const int32_t *titles, *texts; /* how often, posting by posting */
    uint8_t *codes;
};

/* For each article the posting of the stem's form that was met in it first; once a second form is
 * met, -1 less the number of their meeting. Only what bears the mark of the stem counts. */
struct met {
    int32_t marks[MOST_ARTICLES], places[MOST_ARTICLES];
};

static void add(struct meeting *meeting, const struct forms *forms, int64_t posting, uint8_t shared)
{
    meeting->title += forms->titles[posting];
    meeting->text += forms->texts[posting];
    forms->codes[posting] |= shared;
}

static int by_article(const void *one, const void *other)
{
    return ((const struct meeting *)one)->article - ((const struct meeting *)other)->article;
}

/* Mark the postings of forms with one stem that share an article as shared, and write their meetings
 * down, by article within each stem. rows are forms in the order of their stems, which stems tells
 * of each. Returns how many meetings there are, no more than half the postings of rows; -1 where
 * there is no memory. */
int64_t meet(const int32_t *rows, const int32_t *stems, int64_t count, const struct forms *forms,
             uint8_t shared, struct meeting *meetings)
{
    struct met *met = calloc(1, sizeof *met);
    if (!met)
        return -1;
    int64_t made = 0;
    int32_t mark = 0;
    for (int64_t first = 0, beyond; first < count; first = beyond) {
        int64_t before = made;
        mark++;
        for (beyond = first; beyond < count && stems[beyond] == stems[first]; beyond++) {
            int64_t row = rows[beyond];
            for (int64_t at = forms->begins[row]; at < forms->begins[row + 1]; at++) {
                uint16_t article = forms->articles[at];
                if (met->marks[article] != mark) {
                    met->marks[article] = mark;
                    met->places[article] = (int32_t)at;
                    continue;
                }
                int32_t place = met->places[article];
                if (place >= 0) {
                    meetings[made] = (struct meeting){stems[first], article, 0, 0};
                    add(&meetings[made], forms, place, shared);
                    met->places[article] = place = (int32_t)(-1 - made++);
                }
                add(&meetings[-1 - place], forms, at, shared);
            }
        }
        if (made - before > 1)
            qsort(meetings + before, (size_t)(made - before), sizeof *meetings, by_article);
    }
    free(met);
    return made;
}
