/* What an agent says about its reasoning, checked and noted as it says it. */
#include "base/clock.h"
#include "base/text.h"
#include "host/arithmetic.h"
#include "host/journal.h"
#include "host/run.h"
#include "host/trace.h"

#include <math.h>
#include <string.h>

static void object(struct run *run, const char *reason, const char *what, const char *name)
{
    if (run->defect.code == PROS_OK)
        failure_set(&run->defect, PROS_INTERNAL, reason, "%s gave no valid reasoning: %s (%.100s).",
                    run->method->path, what, name ? name : "unnamed");
}

char *trace_text(struct run *run, const char *text)
{
    size_t size = text ? strlen(text) : 0;
    if (size && !text_is_utf8(text, size)) {
        object(run, "TRACE_TEXT", "a text is not UTF-8", run->method->entry->name);
        size = 0;
    }
    char *copy = run_note(run, size + 1);
    if (size)
        memcpy(copy, text, size);
    return copy;
}

void *trace_grow(struct run *run, void *items, size_t count, size_t size)
{
    /* Full at 0 and at each power of two. */
    if (count & (count - 1))
        return items;
    void *grown = run_note(run, (count ? 2 * count : 1) * size);
    if (count)
        memcpy(grown, items, count * size);
    return grown;
}

static char *number_id(struct run *run, char letter, size_t number)
{
    char id[24];
    snprintf(id, sizeof id, "%c%zu", letter, number);
    return trace_text(run, id);
}

/* "i3" or "s2" of what has been noted so far. */
static bool is_known(const struct run *run, const char *id)
{
    int64_t number;
    size_t limit = id[0] == 'i' ? run->trace.n_inputs : id[0] == 's' ? run->trace.n_steps : 0;
    return limit && id[1] >= '1' && id[1] <= '9' && text_parse_int(id + 1, &number) &&
           (uint64_t)number <= limit;
}

static bool check_finite(struct run *run, const double *value, const char *name)
{
    if (!value || isfinite(*value))
        return true;
    object(run, "TRACE_ARITHMETIC", "a figure is not finite", name);
    return false;
}

/* Splits "i1 s2" into the step's references. */
static void note_uses(struct run *run, Promoteros__V1__TraceStep *noted, const char *uses)
{
    char *word = trace_text(run, uses);
    while (*word) {
        size_t size = strcspn(word, " ");
        char *next = word + size + (word[size] == ' ');
        word[size] = '\0';
        if (size && !is_known(run, word))
            object(run, "TRACE_REFERENCE", "a step uses something that was not noted before it",
                   word);
        else if (size) {
            TRACE_ADD(run, noted->use_ids, noted->n_use_ids, word);
            if (word[0] == 's')
                TRACE_ADD(run, noted->parent_ids, noted->n_parent_ids, word);
        }
        word = next;
    }
}

const char *reasoning_step(struct pros_run *face, const struct pros_step *step)
{
    struct run *run = run_of(face);
    Promoteros__V1__TraceStep *noted = run_note(run, sizeof *noted);
    promoteros__v1__trace_step__init(noted);
    noted->id = number_id(run, 's', run->trace.n_steps + 1);
    noted->title = trace_text(run, step->title);
    noted->statement = trace_text(run, step->statement);
    noted->formula = trace_text(run, step->formula);
    noted->unit = trace_text(run, step->unit);
    noted->elapsed_us = clock_monotonic_us() - run->start_us;
    noted->kind = (Promoteros__V1__StepKind)step->kind;
    if (step->kind < PROS_STEP_RETRIEVE || step->kind > PROS_STEP_DECIDE) {
        object(run, "TRACE_KIND", "a step has no kind that exists", step->title);
        noted->kind = PROMOTEROS__V1__STEP_KIND__STEP_KIND_UNSPECIFIED;
    }
    note_uses(run, noted, step->uses);
    if (step->value && check_finite(run, step->value, step->title)) {
        noted->_value_case = PROMOTEROS__V1__TRACE_STEP___VALUE_VALUE;
        noted->value = *step->value;
    }
    TRACE_ADD(run, run->trace.steps, run->trace.n_steps, noted);
    journal_step(run, noted);
    return noted->id;
}

Promoteros__V1__TraceInput *trace_add_input(struct run *run, const char *name, const char *source)
{
    Promoteros__V1__TraceInput *noted = run_note(run, sizeof *noted);
    promoteros__v1__trace_input__init(noted);
    noted->id = number_id(run, 'i', run->trace.n_inputs + 1);
    noted->name = trace_text(run, name);
    noted->source = trace_text(run, source);
    noted->status = PROMOTEROS__V1__INPUT_STATUS__INPUT_STATUS_OBSERVED;
    TRACE_ADD(run, run->trace.inputs, run->trace.n_inputs, noted);
    return noted;
}

const char *reasoning_input(struct pros_run *face, const struct pros_input *input)
{
    struct run *run = run_of(face);
    Promoteros__V1__TraceInput *noted = trace_add_input(run, input->name, input->source);
    noted->unit = trace_text(run, input->unit);
    noted->observation_count = input->observation_count;
    noted->status = (Promoteros__V1__InputStatus)input->status;
    if (input->status < PROS_INPUT_OBSERVED || input->status > PROS_INPUT_SIMULATED) {
        object(run, "TRACE_KIND", "an input has no status that exists", input->name);
        noted->status = PROMOTEROS__V1__INPUT_STATUS__INPUT_STATUS_UNSPECIFIED;
    }
    if (input->observation_count < 0)
        object(run, "TRACE_ARITHMETIC", "an input has fewer than 0 observations", input->name);
    if (input->observed_at_ms)
        noted->observed_time = trace_time(run, input->observed_at_ms);
    if (input->value && check_finite(run, input->value, input->name)) {
        noted->_value_case = PROMOTEROS__V1__TRACE_INPUT___VALUE_VALUE;
        noted->value = *input->value;
    }
    return noted->id;
}

static void note_contributions(struct run *run, Promoteros__V1__TraceConclusion *noted,
                               const struct pros_conclusion *conclusion, double *amounts)
{
    for (size_t i = 0; i < conclusion->contribution_count; i++) {
        const struct pros_contribution *given = &conclusion->contributions[i];
        Promoteros__V1__TraceContribution *part = run_note(run, sizeof *part);
        promoteros__v1__trace_contribution__init(part);
        part->use_id = trace_text(run, given->use);
        part->text = trace_text(run, given->text);
        part->amount = amounts[i] = given->amount;
        if (*part->use_id && !is_known(run, part->use_id))
            object(run, "TRACE_REFERENCE", "a contribution rests on something that was not noted",
                   part->use_id);
        TRACE_ADD(run, noted->contributions, noted->n_contributions, part);
    }
}

static void note_interval(struct run *run, Promoteros__V1__TraceConclusion *noted,
                          const struct pros_conclusion *conclusion)
{
    if (!conclusion->low && !conclusion->high)
        return;
    if (!conclusion->low || !conclusion->high || !isfinite(*conclusion->low) ||
        !isfinite(*conclusion->high) || *conclusion->low > *conclusion->high ||
        !(conclusion->interval_level > 0 && conclusion->interval_level < 1)) {
        object(run, "TRACE_INTERVAL",
               "an interval needs low <= high, both finite, and a level between 0 and 1",
               conclusion->name);
        return;
    }
    noted->_low_case = PROMOTEROS__V1__TRACE_CONCLUSION___LOW_LOW;
    noted->low = *conclusion->low;
    noted->_high_case = PROMOTEROS__V1__TRACE_CONCLUSION___HIGH_HIGH;
    noted->high = *conclusion->high;
    noted->_interval_level_case = PROMOTEROS__V1__TRACE_CONCLUSION___INTERVAL_LEVEL_INTERVAL_LEVEL;
    noted->interval_level = conclusion->interval_level;
}

void reasoning_conclude(struct pros_run *face, const struct pros_conclusion *conclusion)
{
    struct run *run = run_of(face);
    Promoteros__V1__TraceConclusion *noted = run_note(run, sizeof *noted);
    size_t count = conclusion->contribution_count;
    if (count > RUN_NOTES_BYTES / sizeof(double))
        run_exhaust(run);
    double *amounts = run_note(run, (count + 1) * sizeof *amounts);
    promoteros__v1__trace_conclusion__init(noted);
    noted->name = trace_text(run, conclusion->name);
    noted->unit = trace_text(run, conclusion->unit);
    noted->value = conclusion->value;
    noted->link = (Promoteros__V1__Link)conclusion->link;
    noted->baseline = conclusion->baseline;
    noted->baseline_text = trace_text(run, conclusion->baseline_text);
    noted->confidence_kind = (Promoteros__V1__ConfidenceKind)conclusion->confidence;
    noted->sample_size = conclusion->sample_size;
    note_contributions(run, noted, conclusion, amounts);
    note_interval(run, noted, conclusion);
    if (conclusion->confidence < PROS_CONFIDENCE_CALIBRATED ||
        conclusion->confidence > PROS_CONFIDENCE_EXACT || conclusion->sample_size < 0) {
        object(run, "TRACE_KIND", "a conclusion does not say what its confidence rests on",
               conclusion->name);
        return;
    }
    const struct arithmetic_sum sum = {*noted->name ? noted->name : "(unnamed)",
                                       (int)conclusion->link,
                                       conclusion->value,
                                       conclusion->baseline,
                                       amounts,
                                       count,
                                       run->method->entry->max_residual_share};
    struct failure failure;
    enum pros_status status = arithmetic_residual(&sum, &noted->residual, &failure);
    if (status != PROS_OK) {
        if (run->defect.code == PROS_OK)
            run->defect = failure;
        return; /* a trace holds only what is sound, that of a refused run too */
    }
    TRACE_ADD(run, run->trace.conclusions, run->trace.n_conclusions, noted);
}

void reasoning_alternative(struct pros_run *face, const struct pros_alternative *alternative)
{
    struct run *run = run_of(face);
    if (!check_finite(run, &alternative->value, alternative->label) ||
        !check_finite(run, &alternative->delta, alternative->label))
        return;
    Promoteros__V1__TraceAlternative *noted = run_note(run, sizeof *noted);
    promoteros__v1__trace_alternative__init(noted);
    noted->label = trace_text(run, alternative->label);
    noted->value = alternative->value;
    noted->unit = trace_text(run, alternative->unit);
    noted->rejected_because = trace_text(run, alternative->rejected_because);
    noted->delta = alternative->delta;
    TRACE_ADD(run, run->trace.alternatives, run->trace.n_alternatives, noted);
}

void reasoning_flip(struct pros_run *face, const struct pros_flip *flip)
{
    struct run *run = run_of(face);
    if (!check_finite(run, &flip->from_value, flip->input) ||
        !check_finite(run, &flip->to_value, flip->input))
        return;
    Promoteros__V1__TraceFlip *noted = run_note(run, sizeof *noted);
    promoteros__v1__trace_flip__init(noted);
    noted->input = trace_text(run, flip->input);
    noted->from_value = flip->from_value;
    noted->to_value = flip->to_value;
    noted->unit = trace_text(run, flip->unit);
    noted->new_outcome = trace_text(run, flip->new_outcome);
    TRACE_ADD(run, run->trace.flips, run->trace.n_flips, noted);
}

void reasoning_limit(struct pros_run *face, const char *text)
{
    struct run *run = run_of(face);
    TRACE_ADD(run, run->trace.limits, run->trace.n_limits, trace_text(run, text));
}

void reasoning_summary(struct pros_run *face, const char *text)
{
    struct run *run = run_of(face);
    run->trace.summary = trace_text(run, text);
}
