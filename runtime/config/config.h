/*
 * What the daemon is told: promoterosd.yaml and its command line.
 *
 * Why: every key stands in one table (name, type, default, range, help), so that the reader, the
 * help and --print-config cannot disagree, and a misspelt key is refused instead of ignored.
 *
 * Memory: texts live in the configuration until config_close(). Threads: one; read-only
 * afterwards. Errors: INVALID_ARGUMENT with the file, the line and how to go on; NOT_FOUND for a
 * file that cannot be read. A file is taken whole or not at all: after an error the daemon stops.
 */
#ifndef PROMOTEROS_CONFIG_CONFIG_H
#define PROMOTEROS_CONFIG_CONFIG_H

#include "base/arena.h"
#include "base/failure.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CONFIG_MAX_BYTES ((size_t)64 * 1024)

/* An agent's module. */
struct config_agent {
    const char *path;
    const char *isolation;     /* "thread" */
    const char *configuration; /* a JSON object for the agent's open() */
};

struct config {
    const char *store;
    const char *grpc_listen;
    const char *http_listen; /* "off": no web door */
    const char *http_allowed_hosts;
    const char *http_allowed_origins;
    bool agents_given; /* the file lists them, perhaps none */
    const struct config_agent *agents;
    size_t agent_count;
    int64_t host_threads; /* 0: the host decides */
    int64_t host_queue_limit;
    int64_t host_run_budget_mb;
    const char *access_require_key; /* "true" or "false" */
    const char *log_level;
    int64_t shutdown_grace_ms;
    struct arena memory;
};

/* Every key at its default. */
void config_open(struct config *config);
void config_close(struct config *config);

/* Reads YAML; name is the file's, for messages. */
enum pros_status config_read(struct config *config, const char *text, size_t size, const char *name,
                             struct failure *failure);
enum pros_status config_load(struct config *config, const char *path, struct failure *failure);
/* When the file does not list agents: every module of the folder, by name. */
enum pros_status config_list_agents(struct config *config, const char *folder,
                                    struct failure *failure);
/* The agents' folder beside the running binary (installed or build tree); NULL: there is none. */
const char *config_agents_folder(struct config *config);
/* Makes the folder of the store's file, for the user alone, when it is not there yet. */
enum pros_status config_make_store_folder(const struct config *config, struct failure *failure);

/* The effective configuration as a file that can be read again, every key with its comment. */
void config_print(const struct config *config, FILE *out);
/* The table, for --help. */
void config_print_keys(FILE *out);

/* The command line. Texts are argv's own. */
struct arguments {
    const char *config_path;
    const char *store;
    const char *listen;
    const char *http;
    const char *ready_path;
    bool print_config, version, help;
};
enum pros_status arguments_read(struct arguments *arguments, int argc, const char *const *argv,
                                struct failure *failure);
void arguments_print(FILE *out);

#endif
