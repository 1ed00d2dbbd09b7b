/* A question to all segments, and the room that answering takes. */

#ifndef RITAGLIO_QUESTION_H
#define RITAGLIO_QUESTION_H

#include "forms.h"

/* What a word stands for in all segments: the cuts of one behind those of the other, each up to its
 * end. */
typedef struct {
    const Cut *cuts;
    const int64_t *ends;
} Word;

/* The words of a phrase in a segment: of each its terms, up to its end. */
typedef struct {
    const uint32_t *terms;
    const int64_t *ends;
} Phrase;

/* What is asked of all segments. */
typedef struct {
    const Segment *const *segments;
    int64_t segment_count;
    const Word *words;
    int64_t word_count;
    const int64_t *groups; /* where groups end among the words */
    int64_t group_count;
    const Forms *forms; /* of each segment those that are counted as one term; may be NULL */
    int64_t forms_scope;
    const Phrase *phrases; /* that must hold, in each segment; may be NULL */
    int64_t phrase_words, phrase_scope;
    const uint8_t *const *lives; /* of each segment which articles live, NULL for all */
    const uint8_t *const *within; /* of each segment what comes into question, NULL for all */
    const Stem *const *stems; /* each in every segment */
    int64_t stem_count;
    const Pair *pairs;
    int64_t pair_count;
    int64_t window;
    int64_t depth; /* so many articles, at most as many as wanted, may earn by near places */
    int64_t wanted; /* articles */
    int64_t articles; /* that live, in all segments */
    const float *agreements;
    const Scope *scopes;
} Question;

/* Room that is used for one segment after the other, and what was found out about forms. */
typedef struct {
    Cut *cuts;
    int64_t *ends;   /* of the groups of cuts */
    float *scores;   /* of the articles of the largest segment */
    uint8_t *mask;   /* of those that hold the phrase, where there is one */
    int32_t *chosen; /* articles, so many as are wanted */
    Listed *listed;  /* of each segment those that hold a form, where any may */
    double factor;   /* what holding one is worth */
} Room;

/* Return how many cuts words have in all segments. */
int64_t count_cuts(const Question *question);

/* Put the best of the segment at a place, of those that score no less than floor, into the room, best
 * first, and write down how many score, and how many were chosen. Returns what a kernel returns. */
int64_t choose(const Question *question, int64_t at, Room *room, int32_t floor, int64_t *total,
               int64_t *found);

#endif
