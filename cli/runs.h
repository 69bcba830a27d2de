/*
 * The functions behind the table of commands, by the file that has them.
 *
 * Why: one place that says where each command lives. Shapes as in command.h.
 * Memory, threads, errors: as in cli.h.
 */
#ifndef PROMOTEROS_CLI_RUNS_H
#define PROMOTEROS_CLI_RUNS_H

#include "cli/command.h"

#include <promoteros/v1/common.pb-c.h>

/* run_host.c */
int run_status(struct cli *cli, const struct args *args);
int run_agents(struct cli *cli, const struct args *args);
int run_call(struct cli *cli, const struct args *args);
/* run_events.c */
int run_events(struct cli *cli, const struct args *args);
/* run_artists.c */
int run_artists(struct cli *cli, const struct args *args);
int run_artists_show(struct cli *cli, const struct args *args);
int run_artists_add(struct cli *cli, const struct args *args);
/* run_venues.c */
int run_venues(struct cli *cli, const struct args *args);
int run_venues_show(struct cli *cli, const struct args *args);
int run_venues_add(struct cli *cli, const struct args *args);
/* run_shows.c */
int run_shows(struct cli *cli, const struct args *args);
int run_shows_show(struct cli *cli, const struct args *args);
/* run_show_changes.c */
int run_shows_add(struct cli *cli, const struct args *args);
int run_shows_sold(struct cli *cli, const struct args *args);
int run_shows_attendance(struct cli *cli, const struct args *args);
/* run_signals.c */
int run_signals(struct cli *cli, const struct args *args);
int run_sources(struct cli *cli, const struct args *args);
/* run_trend.c */
int run_detect(struct cli *cli, const struct args *args);
int run_forecast(struct cli *cli, const struct args *args);
int run_analyze(struct cli *cli, const struct args *args);
/* run_predict.c */
int run_predict(struct cli *cli, const struct args *args);
/* run_deal.c */
int run_deal_settle(struct cli *cli, const struct args *args);
int run_deal_evaluate(struct cli *cli, const struct args *args);
int run_deal_optimize(struct cli *cli, const struct args *args);
int run_deal_example(struct cli *cli, const struct args *args);
/* run_trace.c */
int run_trace(struct cli *cli, const struct args *args);
int run_trace_list(struct cli *cli, const struct args *args);
int run_trace_verify(struct cli *cli, const struct args *args);
/* run_ledger.c */
int run_predictions(struct cli *cli, const struct args *args);
int run_outcome(struct cli *cli, const struct args *args);
int run_decide(struct cli *cli, const struct args *args);
int run_scorecard(struct cli *cli, const struct args *args);
/* run_keys.c */
int run_keys(struct cli *cli, const struct args *args);
int run_keys_add(struct cli *cli, const struct args *args);
int run_keys_revoke(struct cli *cli, const struct args *args);
/* run_tools.c */
int run_completion(struct cli *cli, const struct args *args);
int run_man(struct cli *cli, const struct args *args);
int run_version(struct cli *cli, const struct args *args);

/* Calls a method of promoteros.v1 with a message of protobuf-c. */
#define CALL(cli, method, request, type, reply)                                                    \
    cli_call(cli, method, &(request).base, &promoteros__v1__##type##__descriptor, (void **)(reply))

/* Whether a call was the end of the command: it failed, or its reply is printed as JSON, here. */
bool runs_ended(struct cli *cli, int *code);
/* The artist or track that a name, an id or "--kind track" means; printed errors. */
int runs_entity(struct cli *cli, const char *text, Promoteros__V1__EntityRef *entity);
/* --limit, in [1, 1000]; false: printed. */
bool runs_limit(struct cli *cli, const struct args *args, int32_t *page_size);
/* "spotify=4abc" options as external ids in the arena; false: printed. */
bool runs_external_ids(struct cli *cli, const struct args *args, Promoteros__V1__ExternalId ***ids,
                       size_t *count);
/* A list option as strings: every --NAME, each split at commas. */
char **runs_list(struct cli *cli, const struct args *args, const char *name, size_t *count);
/* "The reasoning: promoterosctl trace ID", dim. */
void runs_trace_hint(struct cli *cli, const char *trace_id);
/* "What this does not know:" and the limits. */
void runs_limits(struct cli *cli, char *const *limits, size_t count);
/* "and more; narrow the search or raise --limit". */
void runs_more(struct cli *cli, const char *next_page_token);

#endif
