/* See agent_host.h. */
#include "unit/agent_host.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS_MAX 200000

struct agent_record record;
int64_t remaining_ms = 1000;

static void *blocks[BLOCKS_MAX];
static size_t block_count;

static void rule(bool kept, const char *words)
{
    if (!kept && !record.fault[0])
        snprintf(record.fault, sizeof record.fault, "%s", words);
}

static bool is_said(const char *words)
{
    return words && words[0];
}

static void *host_alloc(struct pros_run *run, size_t size)
{
    (void)run;
    void *block = calloc(1, size ? size : 1);
    if (!block || block_count == BLOCKS_MAX)
        abort();
    return blocks[block_count++] = block;
}

static const char *host_step(struct pros_run *run, const struct pros_step *step)
{
    rule(is_said(step->title) && is_said(step->statement), "a step has a title and a statement");
    return pros_format(run, "s%d", ++record.steps);
}

static const char *host_input(struct pros_run *run, const struct pros_input *input)
{
    rule(is_said(input->name) && is_said(input->source), "an input has a name and a source");
    return pros_format(run, "i%d", ++record.steps);
}

/* The additive rule, as the host has it: link(value) = baseline + contributions. */
static void host_conclude(struct pros_run *run, const struct pros_conclusion *conclusion)
{
    (void)run;
    double value = conclusion->value, sum = conclusion->baseline, largest = fabs(sum);
    if (conclusion->link == PROS_LINK_LOG)
        value = log(value);
    else if (conclusion->link == PROS_LINK_LOGIT)
        value = log(value / (1.0 - value));
    for (size_t i = 0; i < conclusion->contribution_count; i++) {
        rule(is_said(conclusion->contributions[i].text), "a contribution has a text");
        sum += conclusion->contributions[i].amount;
        largest = fmax(largest, fabs(conclusion->contributions[i].amount));
    }
    rule(isfinite(value) && isfinite(sum), "a conclusion is a finite sum");
    rule(!conclusion->low || *conclusion->low <= *conclusion->high, "an interval is in order");
    record.worst_residual =
        fmax(record.worst_residual, fabs(value - sum) / (largest > 0 ? largest : 1));
    record.conclusions++;
}

static void host_alternative(struct pros_run *run, const struct pros_alternative *alternative)
{
    (void)run;
    rule(isfinite(alternative->value) && is_said(alternative->rejected_because),
         "an alternative has a value and the reason against it");
    record.alternatives++;
}

static void host_flip(struct pros_run *run, const struct pros_flip *flip)
{
    (void)run;
    (void)flip;
    record.flips++;
}

static void host_limit(struct pros_run *run, const char *limit)
{
    (void)run;
    rule(is_said(limit), "a limit is said in words");
    record.limits++;
}

static void host_summary(struct pros_run *run, const char *summary)
{
    (void)run;
    snprintf(record.summary, sizeof record.summary, "%s", summary);
}

static void host_predict(struct pros_run *run, const struct pros_prediction *prediction)
{
    (void)run;
    rule(prediction->due_at_ms > agent_world.as_of_ms, "a prediction is due later");
    rule(agent_world.is_sound && agent_world.is_sound(prediction), "a prediction is sound");
    record.predictions++;
}

static enum pros_status host_call(struct pros_run *run, const char *method,
                                  struct pros_bytes request, struct pros_bytes *reply,
                                  const char **input_id)
{
    record.calls++;
    return agent_world.call(run, method, request, reply, input_id);
}

static enum pros_status
host_call_stream(struct pros_run *run, const char *method, struct pros_bytes request,
                 enum pros_status (*on_reply)(void *context, struct pros_bytes reply),
                 void *context, const char **input_id)
{
    record.calls++;
    return agent_world.call_stream(run, method, request, on_reply, context, input_id);
}

static enum pros_status host_fail(struct pros_run *run, enum pros_status status, const char *reason,
                                  const char *sentence)
{
    (void)run;
    snprintf(record.reason, sizeof record.reason, "%s", reason);
    snprintf(record.sentence, sizeof record.sentence, "%s", sentence);
    return status;
}

static int64_t host_remaining_ms(struct pros_run *run)
{
    (void)run;
    return remaining_ms;
}

static int64_t host_as_of_ms(struct pros_run *run)
{
    (void)run;
    return agent_world.as_of_ms;
}

static const struct pros_host host = {.size = sizeof host,
                                      .alloc = host_alloc,
                                      .step = host_step,
                                      .input = host_input,
                                      .conclude = host_conclude,
                                      .alternative = host_alternative,
                                      .flip = host_flip,
                                      .limit = host_limit,
                                      .summary = host_summary,
                                      .predict = host_predict,
                                      .call = host_call,
                                      .call_stream = host_call_stream,
                                      .fail = host_fail,
                                      .remaining_ms = host_remaining_ms,
                                      .as_of_ms = host_as_of_ms};
struct pros_run the_run = {.host = &host};

const struct pros_agent *agent(void)
{
    static const struct pros_agent *loaded;
    if (loaded)
        return loaded;
    void *module = dlopen(agent_world.module, RTLD_NOW | RTLD_LOCAL);
    const struct pros_agent *(*entry)(void) = NULL;
    if (module)
        *(void **)&entry = dlsym(module, "promoteros_agent");
    if (!entry) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return loaded = entry();
}

void forget(void)
{
    while (block_count > 0)
        free(blocks[--block_count]);
    record = (struct agent_record){0};
}

enum pros_status agent_call(const char *method, const ProtobufCMessage *request,
                            struct pros_bytes *reply)
{
    forget();
    for (size_t i = 0; i < agent()->method_count; i++)
        if (strcmp(agent()->methods[i].name, method) == 0)
            return agent()->methods[i].handle(&the_run, pros_pack(&the_run, request), reply);
    return PROS_UNIMPLEMENTED;
}
