/*
 * The layout of the plugin interface on 64-bit Linux, pinned.
 *
 * A module that was built against this header keeps working: fields may be added at the end of a
 * struct that carries its size, and numbers may be added; nothing here moves. While PROS_ABI is 0
 * it may still change, by a change of this file that a review sees, with an entry in the list of
 * changes of docs/agents.md.
 */
#include <promoteros/agent.h>
#include <promoteros/v1/trace.pb-c.h>
#include <stdio.h>

#if defined(__LP64__)
#define SIZE(type, bytes)                                                                          \
    _Static_assert(sizeof(struct type) == (bytes), "size of struct " #type " changed")
#define AT(type, member, offset)                                                                   \
    _Static_assert(offsetof(struct type, member) == (offset), #type "." #member " moved")
#define NUMBER(name, number) _Static_assert((int)(name) == (number), #name " changed")

_Static_assert(PROS_ABI == 0, "a new ABI needs new figures below");

SIZE(pros_bytes, 16);
AT(pros_bytes, data, 0);
AT(pros_bytes, size, 8);

SIZE(pros_step, 56);
AT(pros_step, kind, 0);
AT(pros_step, title, 8);
AT(pros_step, statement, 16);
AT(pros_step, formula, 24);
AT(pros_step, uses, 32);
AT(pros_step, value, 40);
AT(pros_step, unit, 48);

SIZE(pros_input, 56);
AT(pros_input, name, 0);
AT(pros_input, source, 8);
AT(pros_input, value, 16);
AT(pros_input, unit, 24);
AT(pros_input, status, 32);
AT(pros_input, observed_at_ms, 40);
AT(pros_input, observation_count, 48);

SIZE(pros_contribution, 24);
AT(pros_contribution, amount, 0);
AT(pros_contribution, text, 8);
AT(pros_contribution, use, 16);

SIZE(pros_conclusion, 104);
AT(pros_conclusion, name, 0);
AT(pros_conclusion, unit, 8);
AT(pros_conclusion, value, 16);
AT(pros_conclusion, link, 24);
AT(pros_conclusion, baseline, 32);
AT(pros_conclusion, baseline_text, 40);
AT(pros_conclusion, contributions, 48);
AT(pros_conclusion, contribution_count, 56);
AT(pros_conclusion, low, 64);
AT(pros_conclusion, high, 72);
AT(pros_conclusion, interval_level, 80);
AT(pros_conclusion, confidence, 88);
AT(pros_conclusion, sample_size, 96);

SIZE(pros_alternative, 40);
AT(pros_alternative, label, 0);
AT(pros_alternative, value, 8);
AT(pros_alternative, unit, 16);
AT(pros_alternative, rejected_because, 24);
AT(pros_alternative, delta, 32);

SIZE(pros_flip, 40);
AT(pros_flip, input, 0);
AT(pros_flip, from_value, 8);
AT(pros_flip, to_value, 16);
AT(pros_flip, unit, 24);
AT(pros_flip, new_outcome, 32);

SIZE(pros_prediction, 64);
AT(pros_prediction, target, 0);
AT(pros_prediction, subject, 8);
AT(pros_prediction, due_at_ms, 16);
AT(pros_prediction, distribution, 24);
AT(pros_prediction, probability, 40);
AT(pros_prediction, baseline, 48);
AT(pros_prediction, baseline_name, 56);

SIZE(pros_host, 136);
AT(pros_host, size, 0);
AT(pros_host, alloc, 8);
AT(pros_host, step, 16);
AT(pros_host, input, 24);
AT(pros_host, conclude, 32);
AT(pros_host, alternative, 40);
AT(pros_host, flip, 48);
AT(pros_host, limit, 56);
AT(pros_host, summary, 64);
AT(pros_host, predict, 72);
AT(pros_host, call, 80);
AT(pros_host, call_stream, 88);
AT(pros_host, emit, 96);
AT(pros_host, fail, 104);
AT(pros_host, remaining_ms, 112);
AT(pros_host, as_of_ms, 120);
AT(pros_host, random, 128);

SIZE(pros_run, 16);
AT(pros_run, host, 0);
AT(pros_run, agent_state, 8);

SIZE(pros_method, 40);
AT(pros_method, name, 0);
AT(pros_method, summary, 8);
AT(pros_method, flags, 16);
AT(pros_method, journal, 20);
AT(pros_method, max_residual_share, 24);
AT(pros_method, handle, 32);

SIZE(pros_agent, 120);
AT(pros_agent, size, 0);
AT(pros_agent, abi, 8);
AT(pros_agent, method_size, 12);
AT(pros_agent, name, 16);
AT(pros_agent, title, 24);
AT(pros_agent, summary, 32);
AT(pros_agent, version, 40);
AT(pros_agent, service, 48);
AT(pros_agent, descriptor_set, 56);
AT(pros_agent, methods, 72);
AT(pros_agent, method_count, 80);
AT(pros_agent, calls, 88);
AT(pros_agent, call_count, 96);
AT(pros_agent, open, 104);
AT(pros_agent, close, 112);

NUMBER(PROS_OK, 0);
NUMBER(PROS_CANCELLED, 1);
NUMBER(PROS_UNKNOWN, 2);
NUMBER(PROS_INVALID_ARGUMENT, 3);
NUMBER(PROS_DEADLINE_EXCEEDED, 4);
NUMBER(PROS_NOT_FOUND, 5);
NUMBER(PROS_ALREADY_EXISTS, 6);
NUMBER(PROS_PERMISSION_DENIED, 7);
NUMBER(PROS_RESOURCE_EXHAUSTED, 8);
NUMBER(PROS_FAILED_PRECONDITION, 9);
NUMBER(PROS_ABORTED, 10);
NUMBER(PROS_OUT_OF_RANGE, 11);
NUMBER(PROS_UNIMPLEMENTED, 12);
NUMBER(PROS_INTERNAL, 13);
NUMBER(PROS_UNAVAILABLE, 14);
NUMBER(PROS_DATA_LOSS, 15);
NUMBER(PROS_UNAUTHENTICATED, 16);
NUMBER(PROS_STEP_RETRIEVE, 1);
NUMBER(PROS_STEP_VALIDATE, 2);
NUMBER(PROS_STEP_COMPUTE, 3);
NUMBER(PROS_STEP_RULE, 4);
NUMBER(PROS_STEP_MODEL, 5);
NUMBER(PROS_STEP_COMPARE, 6);
NUMBER(PROS_STEP_DECIDE, 7);
NUMBER(PROS_INPUT_OBSERVED, 1);
NUMBER(PROS_INPUT_IMPUTED, 2);
NUMBER(PROS_INPUT_DEFAULTED, 3);
NUMBER(PROS_INPUT_ASSUMED, 4);
NUMBER(PROS_INPUT_STALE, 5);
NUMBER(PROS_INPUT_SIMULATED, 6);
NUMBER(PROS_LINK_IDENTITY, 1);
NUMBER(PROS_LINK_LOG, 2);
NUMBER(PROS_LINK_LOGIT, 3);
NUMBER(PROS_CONFIDENCE_CALIBRATED, 1);
NUMBER(PROS_CONFIDENCE_MODEL, 2);
NUMBER(PROS_CONFIDENCE_HEURISTIC, 3);
NUMBER(PROS_CONFIDENCE_EXACT, 4);
NUMBER(PROS_STREAMS, 1);
NUMBER(PROS_SIDE_EFFECT_FREE, 2);
NUMBER(PROS_INLINE, 4);
NUMBER(PROS_WAITS, 8);
NUMBER(PROS_JOURNAL_FULL, 0);
NUMBER(PROS_JOURNAL_SUMMARY, 1);
NUMBER(PROS_JOURNAL_NONE, 2);

#endif

/* Numbers that the trace carries are those of the proto. */
#define SAME(ours, theirs)                                                                         \
    _Static_assert((int)(ours) == (int)PROMOTEROS__V1__##theirs, #ours " is not " #theirs)
SAME(PROS_STEP_RETRIEVE, STEP_KIND__STEP_KIND_RETRIEVE);
SAME(PROS_STEP_VALIDATE, STEP_KIND__STEP_KIND_VALIDATE);
SAME(PROS_STEP_COMPUTE, STEP_KIND__STEP_KIND_COMPUTE);
SAME(PROS_STEP_RULE, STEP_KIND__STEP_KIND_RULE);
SAME(PROS_STEP_MODEL, STEP_KIND__STEP_KIND_MODEL);
SAME(PROS_STEP_COMPARE, STEP_KIND__STEP_KIND_COMPARE);
SAME(PROS_STEP_DECIDE, STEP_KIND__STEP_KIND_DECIDE);
SAME(PROS_INPUT_OBSERVED, INPUT_STATUS__INPUT_STATUS_OBSERVED);
SAME(PROS_INPUT_IMPUTED, INPUT_STATUS__INPUT_STATUS_IMPUTED);
SAME(PROS_INPUT_DEFAULTED, INPUT_STATUS__INPUT_STATUS_DEFAULTED);
SAME(PROS_INPUT_ASSUMED, INPUT_STATUS__INPUT_STATUS_ASSUMED);
SAME(PROS_INPUT_STALE, INPUT_STATUS__INPUT_STATUS_STALE);
SAME(PROS_INPUT_SIMULATED, INPUT_STATUS__INPUT_STATUS_SIMULATED);
SAME(PROS_LINK_IDENTITY, LINK__LINK_IDENTITY);
SAME(PROS_LINK_LOG, LINK__LINK_LOG);
SAME(PROS_LINK_LOGIT, LINK__LINK_LOGIT);
SAME(PROS_CONFIDENCE_CALIBRATED, CONFIDENCE_KIND__CONFIDENCE_KIND_CALIBRATED);
SAME(PROS_CONFIDENCE_MODEL, CONFIDENCE_KIND__CONFIDENCE_KIND_MODEL);
SAME(PROS_CONFIDENCE_HEURISTIC, CONFIDENCE_KIND__CONFIDENCE_KIND_HEURISTIC);
SAME(PROS_CONFIDENCE_EXACT, CONFIDENCE_KIND__CONFIDENCE_KIND_EXACT);

int main(void)
{
    puts("the layout was checked while this was compiled");
    return 0;
}
