/* Predictions on their way to the ledger. */
#include "host/distribution.h"
#include "host/host_state.h"
#include "host/run.h"
#include "host/trace.h"
#include "json/wire.h"

#include <math.h>
#include <string.h>

#define REASON "TRACE_PREDICTION"

static void object(struct run *run, const char *what, const char *target)
{
    if (run->defect.code == PROS_OK)
        failure_set(&run->defect, PROS_INTERNAL, REASON,
                    "%s issued a prediction (%.100s) that cannot be scored: %s.", run->method->path,
                    target ? target : "unnamed", what);
}

static void *note(void *run, size_t size)
{
    return run_note(run, size);
}

static void keep(void *run, void *memory)
{
    (void)run;
    (void)memory;
}

const char *distribution_defect(const Promoteros__V1__Distribution *distribution)
{
    if (distribution->n_levels == 0 || distribution->n_levels != distribution->n_values)
        return "its distribution needs as many levels as values, at least one";
    for (size_t i = 0; i < distribution->n_levels; i++) {
        double level = distribution->levels[i];
        if (!(level > 0 && level < 1) || (i && level <= distribution->levels[i - 1]))
            return "its levels must rise strictly between 0 and 1";
        if (!isfinite(distribution->values[i]))
            return "its quantiles must be finite";
        if (i && distribution->values[i] < distribution->values[i - 1])
            return "its quantiles must not fall";
    }
    if (distribution->_capacity_case &&
        !(isfinite(distribution->capacity) &&
          distribution->values[distribution->n_values - 1] <= distribution->capacity))
        return "its quantiles must not lie above its capacity";
    if (!distribution->_mass_at_capacity_case)
        return NULL;
    if (!distribution->_capacity_case || !(distribution->mass_at_capacity >= 0) ||
        distribution->mass_at_capacity > 1)
        return "its mass at capacity needs a capacity and lies in [0, 1]";
    return NULL;
}

/* NULL, and a defect, for bytes that are no distribution. */
static Promoteros__V1__Distribution *read_distribution(struct run *run, struct pros_bytes bytes,
                                                       const char *target)
{
    struct failure failure;
    const struct schema_message *type =
        schema_find_message(run->host->registry.schema, "promoteros.v1.Distribution");
    ProtobufCAllocator allocator = {note, keep, run};
    Promoteros__V1__Distribution *distribution = NULL;
    if (type && wire_scan(type, bytes, NULL, &failure) == PROS_OK)
        distribution = promoteros__v1__distribution__unpack(&allocator, bytes.size, bytes.data);
    const char *what =
        distribution ? distribution_defect(distribution) : "its distribution cannot be read";
    if (!what)
        return distribution;
    object(run, what, target);
    return NULL;
}

static const char *check_terms(const struct pros_prediction *given)
{
    if (!given->target || !*given->target || !given->subject || !*given->subject)
        return "it names no target or no subject";
    if (given->due_at_ms <= 0)
        return "it has no due date";
    if (given->baseline && !isfinite(*given->baseline))
        return "its baseline is not finite";
    if (given->distribution.size == 0 && !(given->probability >= 0 && given->probability <= 1))
        return "its probability lies outside [0, 1]";
    return NULL;
}

void prediction_add(struct pros_run *face, const struct pros_prediction *given)
{
    struct run *run = run_of(face);
    const char *what = check_terms(given);
    if (what) {
        object(run, what, given->target);
        return;
    }
    Promoteros__V1__Prediction *noted = run_note(run, sizeof *noted);
    promoteros__v1__prediction__init(noted);
    if (given->distribution.size) {
        noted->distribution = read_distribution(run, given->distribution, given->target);
        if (!noted->distribution)
            return;
    } else {
        noted->_probability_case = PROMOTEROS__V1__PREDICTION___PROBABILITY_PROBABILITY;
        noted->probability = given->probability;
    }
    char id[ID_TEXT_SIZE];
    id_new("pr", id);
    noted->id = trace_text(run, id);
    noted->target = trace_text(run, given->target);
    noted->subject = trace_text(run, given->subject);
    noted->baseline_name = trace_text(run, given->baseline_name);
    if (given->baseline) {
        noted->_baseline_case = PROMOTEROS__V1__PREDICTION___BASELINE_BASELINE;
        noted->baseline = *given->baseline;
    }
    noted->issue_time = trace_time(run, run->start_ms);
    noted->as_of_time = trace_time(run, run->as_of_ms);
    noted->due_time = trace_time(run, given->due_at_ms);
    noted->agent = (char *)run->method->agent->table->name;
    noted->agent_version = (char *)run->method->agent->table->version;
    noted->trace_id = run->trace_id;
    TRACE_ADD(run, run->predictions, run->prediction_count, noted);
}
