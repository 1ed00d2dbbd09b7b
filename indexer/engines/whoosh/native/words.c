/* What words stand for in every segment, and how telling they are over all: see located.py. */

#include "terms.h"
#include "worth.h"

/* A word asked for: where its stem, if its size is not below zero, and its form stand. */
typedef struct {
    int64_t stem, stem_size, stem_hash;
    int64_t form, form_size, form_hash;
    int64_t writing;
    double weight;
} Wanted;

/* Articles, those of all segments, and what a form counts beside its stem; the scope of cuts. */
typedef struct {
    int64_t articles, scope;
    double exact;
} Weighing;

/* What a segment has of a word. */
typedef struct {
    StemFound stem;
    FormFound form;
} Found;

/* How telling a word's stem is, and how many articles hold its form: below zero where that was not
 * counted, since the form has several terms. */
typedef struct {
    double rarity, holding;
} Rarity;

enum { MOST_CUTS = 3 }; /* the forms before the one that was typed, that one, those behind it */

/* Return how many postings of terms from first to beyond, of stems and forms that are no shared ones
 * unless shared, belong to articles that live; below zero where they are damaged. */
static int64_t count_living(const Segment *s, int64_t first, int64_t beyond, int shared,
                            const uint8_t *live)
{
    int64_t start = s->posting_starts[first], stop = s->posting_starts[beyond], count = 0;
    if (!postings_are_sound(s, start, stop))
        return DAMAGED;
    for (int64_t posting = start; posting < stop; posting++)
        count += (shared || s->codes[posting] < SHARED) && live[s->numbers[posting]];
    return count;
}

static int64_t count_stem(const Segment *s, const StemFound *stem, const uint8_t *live)
{
    return live ? count_living(s, stem->first, stem->beyond, 0, live) : stem->holders;
}

/* Of a form that has one term, or none. */
static int64_t count_form(const Segment *s, const FormFound *form, const uint8_t *live)
{
    int64_t term = form->term, beyond = term + form->beyond - form->first;
    if (live)
        return count_living(s, term, beyond, 1, live);
    return (int64_t)s->posting_starts[beyond] - s->posting_starts[term];
}

/* Write down the cuts of a word: the terms of its stem, its form's by itself, one of them mostly. */
static int64_t write_cuts(const Found *found, Cut how, Cut *cuts)
{
    int64_t at = found->stem.first, stop = found->stem.beyond, count = 0;
    double wide = how.wide, exact = how.exact;
    how.exact = 0;
    if (found->form.first < found->form.beyond) {
        int64_t term = found->form.term;
        int inside = at <= term && term < stop;
        if (inside && at < term) {
            how.first = (double)at;
            how.beyond = (double)term;
            cuts[count++] = how;
        }
        if (inside)
            at = term + 1;
        cuts[count++] = (Cut){(double)term,       (double)(term + 1), inside ? wide : 0, exact,
                              how.writing, how.scope};
    }
    if (at < stop) {
        how.first = (double)at;
        how.beyond = (double)stop;
        cuts[count++] = how;
    }
    return count;
}

/* Write down what each of segments has of each of words, whose letters stand in text, and the forms
 * of its stem; of each word its rarity, and its cuts, one segment's behind the other's, each up to
 * its end, in room for MOST_CUTS of each. Those that live are told, of each segment, where not all
 * do. */
int64_t find_words(const Segment *const *segments, const uint8_t *const *lives, int64_t count,
                   const uint8_t *text, const Wanted *words, int64_t word_count,
                   const Weighing *weighing, Found *found, Stem *stems, Rarity *rarities, Cut *cuts,
                   int64_t *ends)
{
    for (const Wanted *word = words; word < words + word_count; word++) {
        Key stem = {text + word->stem, word->stem_size, (uint32_t)word->stem_hash};
        Key form = {text + word->form, word->form_size, (uint32_t)word->form_hash};
        int64_t holders = 0, holding = 0;
        int damaged = 0, several = 0;
        for (int64_t at = 0; at < count; at++) {
            const Segment *s = segments[at];
            found[at] = (Found){0};
            if (stem.size >= 0)
                look_up_stem(s, stem, &found[at].stem, &damaged);
            look_up_form(s, form, &found[at].form, &damaged);
            several |= found[at].form.beyond - found[at].form.first > 1;
            stems[at] = (Stem){found[at].stem.forms, found[at].stem.beyond};
        }
        for (int64_t at = 0; at < count && !several && !damaged; at++) {
            int64_t of_stem = count_stem(segments[at], &found[at].stem, lives[at]);
            int64_t of_form = count_form(segments[at], &found[at].form, lives[at]);
            damaged |= of_stem < 0 || of_form < 0;
            holders += of_stem;
            holding += of_form;
        }
        if (damaged)
            return DAMAGED;
        double articles = (double)weighing->articles;
        rarities->rarity = stem.size < 0 ? 0 : rarity_of(articles, (double)holders);
        rarities->holding = several ? -1 : (double)holding;
        Cut how = {.wide = word->weight * rarities->rarity,
                   .exact = word->weight * weighing->exact * rarity_of(articles, (double)holding),
                   .writing = (double)word->writing,
                   .scope = (double)weighing->scope};
        for (int64_t at = 0, end = 0; at < count && !several; at++) {
            end += write_cuts(&found[at], how, cuts + end);
            ends[at] = end;
        }
        found += count;
        stems += count;
        rarities++;
        cuts += MOST_CUTS * count;
        ends += count;
    }
    return 0;
}
