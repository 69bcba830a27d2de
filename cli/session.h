/*
 * Writes an import: Begin, chunks, Commit.
 *
 * Why: the file importers and the demo generator send the same two kinds of things (points of
 * series, shows) by the same protocol: chunks below the server's message limit, visible all at
 * once at the end, and repeatable: the same request id with the same content in the same order is
 * the same import, so an interrupted one resumes and a finished one answers with its summary.
 *
 * Points are grouped by entity and series within a chunk. Where a series has two values for one
 * moment the later one counts.
 *
 * Memory: a chunk is kept until it is full (below 1 MiB packed), then sent and forgotten.
 * Threads: one. Errors: the server's, as failures; after one the session only aborts.
 */
#ifndef PROMOTEROS_CLI_SESSION_H
#define PROMOTEROS_CLI_SESSION_H

#include "cli/cli.h"

#include <promoteros/v1/catalog_service.pb-c.h>
#include <promoteros/v1/signal_service.pb-c.h>

#define SESSION_KNOWN_NOW      INT64_MIN /* known_at: not said */
#define SESSION_FLAG_DECLARED  1         /* bits of point_flags in signal_service.proto */
#define SESSION_FLAG_ROUNDED   2
#define SESSION_FLAG_SIMULATED 4

struct session_options {
    const char *label;      /* for the record */
    const char *request_id; /* the same for the same content */
    bool has_lag;
    int64_t lag_s; /* declared known_at lag */
    bool simulated;
    bool dry_run; /* packs chunks and sends none */
};

struct session;

struct session *session_open_signals(struct cli *cli, const struct session_options *options,
                                     struct failure *failure);
struct session *session_open_shows(struct cli *cli, const struct session_options *options,
                                   struct failure *failure);

/* What a point belongs to. Empty strings and NULL mean: not said. */
struct session_entity {
    Promoteros__V1__EntityKind kind; /* artist or track */
    const char *id;
    const char *name;
    const Promoteros__V1__ExternalId *external_ids;
    size_t external_id_count;
    const char *const *artist_names;
    size_t artist_name_count;
    const char *const *genres;
    size_t genre_count;
};

struct session_point {
    int64_t observed_at_ms;
    double value;
    int64_t known_at_ms; /* or SESSION_KNOWN_NOW */
    int32_t flags;
};

enum pros_status session_add_points(struct session *session, const struct session_entity *entity,
                                    const char *source, const char *metric,
                                    const struct session_point *points, size_t count,
                                    struct failure *failure);
enum pros_status session_add_show(struct session *session, const Promoteros__V1__ImportedShow *show,
                                  struct failure *failure);

/* Sends what is left and makes everything visible. The summary lives in the cli's arena; NULL in a
 * dry run. */
enum pros_status session_commit(struct session *session, Promoteros__V1__ImportSummary **summary,
                                struct failure *failure);
/* Makes the server forget the import; errors are of no use then. */
void session_abort(struct session *session);
/* Points or shows so far; points that a later one for the same moment replaced within a chunk. */
int64_t session_count(const struct session *session);
int64_t session_repeated(const struct session *session);
/* Whether the server had committed this very import before; the summary is that of then. */
bool session_was_committed(const struct session *session);
void session_close(struct session *session);

#endif
