/* Checks of a stored trace. */
#include "services/trace_check.h"

#include "base/id.h"
#include "host/arithmetic.h"
#include "host/trace.h"
#include "services/names.h"

#include <math.h>
#include <string.h>

enum { CHECKS_MAX = 8 };

static void add_check(struct work *work, Promoteros__V1__VerifyTraceResponse *response,
                      const char *name, bool passed, const char *detail)
{
    Promoteros__V1__TraceCheck *check = arena_alloc(work->arena, sizeof *check);
    promoteros__v1__trace_check__init(check);
    check->name = (char *)name;
    check->passed = passed;
    check->detail = (char *)detail;
    response->checks[response->n_checks++] = check;
    response->valid = response->valid && passed;
}

static void check_digest(struct work *work, const struct store_trace *stored,
                         const Promoteros__V1__ReasoningTrace *trace,
                         Promoteros__V1__VerifyTraceResponse *response)
{
    const struct host_method *method = host_find_method(work->services->host, trace->method);
    if (method && (method->entry->flags & PROS_STREAMS)) {
        add_check(work, response, "reply digest", *trace->reply_sha256 != '\0',
                  "A stream's digest is a chain over its messages, which are not kept.");
        return;
    }
    char digest[DIGEST_TEXT_SIZE];
    digest_text(stored->reply, digest);
    if (!*trace->reply_sha256)
        add_check(work, response, "reply digest", trace->status_code != 0,
                  trace->status_code != 0
                      ? "The run failed; there was no reply to bind."
                      : "The run succeeded, but its trace names no digest of the reply.");
    else if (strcmp(digest, trace->reply_sha256) == 0)
        add_check(work, response, "reply digest", true,
                  arena_format(work->arena, "The stored reply of %zu bytes has the digest %s.",
                               stored->reply.size, digest));
    else
        add_check(work, response, "reply digest", false,
                  arena_format(work->arena,
                               "The stored reply has the digest %s, the trace says %s.", digest,
                               trace->reply_sha256));
}

/* ---- references ---- */

struct references {
    struct arena *arena;
    struct names ids;
    size_t count;
    const char *missing; /* the first id that is not there */
};

static void add_id(struct references *references, const char *id)
{
    names_add(&references->ids, references->arena, id, references);
}

static void use_id(struct references *references, const char *id)
{
    references->count++;
    if (*id && !references->missing && !names_find(&references->ids, id))
        references->missing = id;
}

static void check_references(struct work *work, const Promoteros__V1__ReasoningTrace *trace,
                             Promoteros__V1__VerifyTraceResponse *response)
{
    struct references references = {.arena = work->arena};
    for (size_t i = 0; i < trace->n_inputs; i++)
        add_id(&references, trace->inputs[i]->id);
    for (size_t i = 0; i < trace->n_steps; i++) {
        const Promoteros__V1__TraceStep *step = trace->steps[i];
        /* A step may use what came before it only. */
        for (size_t j = 0; j < step->n_use_ids; j++)
            use_id(&references, step->use_ids[j]);
        for (size_t j = 0; j < step->n_parent_ids; j++)
            use_id(&references, step->parent_ids[j]);
        add_id(&references, step->id);
    }
    for (size_t i = 0; i < trace->n_conclusions; i++)
        for (size_t j = 0; j < trace->conclusions[i]->n_contributions; j++)
            use_id(&references, trace->conclusions[i]->contributions[j]->use_id);
    const char *detail =
        references.missing
            ? arena_format(work->arena, "\"%s\" is referred to, but it is no input and no step.",
                           references.missing)
            : arena_format(work->arena, "%zu references lead to %zu inputs and steps.",
                           references.count, references.ids.count);
    add_check(work, response, "references", !references.missing, detail);
}

/* ---- arithmetic ---- */

static enum pros_status check_conclusion(struct work *work,
                                         const Promoteros__V1__TraceConclusion *conclusion,
                                         double max_residual_share, struct failure *failure)
{
    double *amounts =
        arena_alloc_array(work->arena, conclusion->n_contributions + 1, sizeof *amounts);
    for (size_t i = 0; i < conclusion->n_contributions; i++)
        amounts[i] = conclusion->contributions[i]->amount;
    struct arithmetic_sum sum = {.name = conclusion->name,
                                 .link = (int)conclusion->link,
                                 .value = conclusion->value,
                                 .baseline = conclusion->baseline,
                                 .amounts = amounts,
                                 .amount_count = conclusion->n_contributions,
                                 .max_residual_share = max_residual_share};
    double residual = 0;
    TRY(arithmetic_residual(&sum, &residual, failure));
    double tolerance = ARITHMETIC_EXACT_SHARE * (1 + fabs(conclusion->baseline) + fabs(residual));
    if (fabs(residual - conclusion->residual) <= tolerance)
        return PROS_OK;
    return failure_set(failure, PROS_INTERNAL, "TRACE_ARITHMETIC",
                       "The residual of %s is %.12g, the trace says %.12g.", conclusion->name,
                       residual, conclusion->residual);
}

static void check_arithmetic(struct work *work, const Promoteros__V1__ReasoningTrace *trace,
                             Promoteros__V1__VerifyTraceResponse *response)
{
    const struct host_method *method = host_find_method(work->services->host, trace->method);
    if (!method) {
        add_check(work, response, "arithmetic", false,
                  arena_format(work->arena,
                               "%s is not served here, so what it may leave unexplained is not "
                               "known; load the agent.",
                               trace->method));
        return;
    }
    for (size_t i = 0; i < trace->n_conclusions; i++) {
        struct failure failure = {0};
        if (check_conclusion(work, trace->conclusions[i], method->entry->max_residual_share,
                             &failure) != PROS_OK) {
            add_check(work, response, "arithmetic", false,
                      arena_string(work->arena, failure.sentence));
            return;
        }
    }
    add_check(work, response, "arithmetic", true,
              arena_format(work->arena,
                           "%zu conclusions add up: baseline, contributions and residual give the "
                           "figure, and at most %g of it is residual.",
                           trace->n_conclusions, method->entry->max_residual_share));
}

void trace_check(struct work *work, const struct store_trace *stored,
                 const Promoteros__V1__ReasoningTrace *trace,
                 Promoteros__V1__VerifyTraceResponse *response)
{
    response->valid = true;
    response->checks = arena_alloc_array(work->arena, CHECKS_MAX, sizeof *response->checks);
    bool known = strcmp(trace->schema, TRACE_SCHEMA) == 0;
    add_check(work, response, "schema", known,
              known ? TRACE_SCHEMA
                    : arena_format(work->arena, "The trace is of the format \"%s\", not \"%s\".",
                                   trace->schema, TRACE_SCHEMA));
    bool same = strcmp(trace->trace_id, stored->trace_id) == 0 &&
                strcmp(trace->method, stored->method) == 0;
    add_check(work, response, "identity", same,
              same
                  ? "Trace id and method are those that it is stored under."
                  : arena_format(work->arena, "It is stored as %s of %s, but says %s of %s.",
                                 stored->trace_id, stored->method, trace->trace_id, trace->method));
    check_digest(work, stored, trace, response);
    check_references(work, trace, response);
    check_arithmetic(work, trace, response);
}
