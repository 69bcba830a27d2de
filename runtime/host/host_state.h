/*
 * The host's own state, for the files of this folder.
 *
 * Why: see host.h. Memory: host_close() frees. Threads: options and registry are read-only after
 * host_seal(); the figures are atomic. Errors: none.
 */
#ifndef PROMOTEROS_HOST_HOST_STATE_H
#define PROMOTEROS_HOST_HOST_STATE_H

#include "host/access.h"
#include "host/host.h"
#include "host/pool.h"
#include "host/registry.h"

struct host {
    struct registry registry;
    struct store *store; /* NULL: nothing is kept */
    struct access *access;
    size_t run_budget_bytes;
    int64_t default_deadline_us;
    int64_t (*now_ms)(void);
    int64_t start_ms;
    struct pool *pool;
    atomic_llong run_count, active_run_count;
};

#endif
