/* What one segment has to answer a question with. */

#include <stdlib.h>
#include <string.h>

#include "question.h"

int64_t count_cuts(const Question *question)
{
    int64_t count = 0;
    for (const Word *word = question->words; word < question->words + question->word_count; word++)
        count += question->segment_count ? word->ends[question->segment_count - 1] : 0;
    return count;
}

/* Put the cuts of words in the segment at a place, and the ends of groups among them, into the room.
 * Returns how many cuts there are. */
static int64_t set_cuts(const Question *question, int64_t at, Room *room)
{
    int64_t group = 0, cuts = 0;
    for (int64_t i = 0; i < question->word_count; i++) {
        const Word *word = question->words + i;
        int64_t first = at ? word->ends[at - 1] : 0, count = word->ends[at] - first;
        if (count) /* a word that no segment has has no address either */
            memcpy(room->cuts + cuts, word->cuts + first, (size_t)count * sizeof(Cut));
        cuts += count;
        if (group < question->group_count && i + 1 == question->groups[group])
            room->ends[group++] = cuts;
    }
    return cuts;
}

/* Set mask where articles of the segment at a place, of those within, hold the phrase. */
static int64_t hold_phrase(const Question *question, int64_t at, const uint8_t *within,
                           uint8_t *mask)
{
    const Segment *s = question->segments[at];
    const Phrase *asked = question->phrases + at;
    memset(mask, 0, (size_t)s->articles);
    for (int64_t i = 0; i < question->phrase_words; i++)
        if (asked->ends[i] == (i ? asked->ends[i - 1] : 0))
            return 0; /* a word that stands nowhere */
    return phrase(s, asked->terms, asked->ends, question->phrase_words, within,
                  question->scopes[question->phrase_scope], mask);
}

int64_t choose(const Question *question, int64_t at, Room *room, int32_t floor, int64_t *total,
               int64_t *found)
{
    const Segment *s = question->segments[at];
    const uint8_t *within = question->within[at];
    const int32_t *goodness = (const int32_t *)room->scores;
    int64_t cuts = set_cuts(question, at, room), answer = 0;
    uint16_t *numbers = NULL;
    *found = 0;
    if (question->phrases) {
        answer = hold_phrase(question, at, within, room->mask);
        within = room->mask;
    }
    if (answer)
        return answer;
    if (question->forms) {
        Listed *listed = room->listed + at;
        score_forms(s, listed, within, room->factor, room->scores);
        /* Whoever has the form as it was typed is listed; what others score nobody reads. */
        answer = weigh(s, room->cuts, cuts, question->agreements, question->scopes, NULL,
                       room->scores);
        numbers = listed->numbers;
        *total = listed->count;
    } else {
        answer = score(s, room->cuts, cuts, room->ends, question->group_count, NULL, 0,
                       question->agreements, question->scopes, within, room->scores, &numbers,
                       total);
    }
    if (answer)
        return answer;
    int64_t wanted = *total < question->wanted ? *total : question->wanted;
    if (wanted && numbers)
        *found = best_listed(goodness, numbers, *total, wanted, floor, s->ages, s->id_ranks,
                             room->chosen);
    else if (wanted)
        *found = best(goodness, NULL, s->articles, wanted, floor, s->ages, s->id_ranks,
                      room->chosen);
    if (!question->forms)
        free(numbers);
    return 0;
}
