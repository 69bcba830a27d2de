/*
 * A host with one service and two agents whose behaviour each test sets.
 *
 * Why: the tables are linked in, so that a test can look into both sides. The names are those of
 * the real contract: SignalService is the host's own, AudiencePredictorService and
 * DealOptimizerService are agents; the deal agent calls the other two. Threads: behaviours are set
 * before calls start.
 */
#ifndef PROMOTEROS_TESTS_UNIT_HOST_FIXTURE_H
#define PROMOTEROS_TESTS_UNIT_HOST_FIXTURE_H

#include "host/host.h"

#include <promoteros/v1/deal_optimizer_service.pb-c.h>

#define QUERY    "promoteros.v1.SignalService/QuerySignals"
#define SCAN     "promoteros.v1.SignalService/ScanSignals"
#define PREDICT  "promoteros.v1.AudiencePredictorService/PredictAttendance"
#define OPTIMIZE "promoteros.v1.DealOptimizerService/OptimizeDeal"
#define SETTLE   "promoteros.v1.DealOptimizerService/SettleDeal"

#define EVALUATE "promoteros.v1.DealOptimizerService/EvaluateDeal"
#define WATCH    "promoteros.v1.EventService/WatchEvents"

/* The fixture's clock stands still here. */
#define FIXTURE_NOW_MS INT64_C(1700000000123)

typedef enum pros_status behaviour(struct pros_run *run, struct pros_bytes request,
                                   struct pros_bytes *reply);

struct fixture {
    struct host *host;
    struct host_options options;
    behaviour *query, *scan, *predict, *optimize, *watch;
    void *context; /* a test's own */
};

extern const struct pros_agent fixture_signals, fixture_events, fixture_audience, fixture_deal;

/* Opens and seals; false, with a printed reason, when that fails. */
bool fixture_open(struct fixture *fixture);
void fixture_close(struct fixture *fixture);
/* Adds a linked table as an agent (traced), not as one of the host's own services. */
enum pros_status fixture_add_agent(struct host *host, const struct pros_agent *table, void *state,
                                   struct failure *failure);
struct pros_bytes fixture_descriptor_set(void);

/* The fixture of a run. */
static inline struct fixture *fixture_of(const struct pros_run *run)
{
    return run->agent_state;
}

#endif
