/*
 * What all imports share: begin, append, commit, abort.
 *
 * Why: a file of a million lines must become visible whole or not at all, and a client that lost
 * its connection must be able to go on. Chunks are checked, then staged as they came; the commit
 * turns them into one batch. Repeating any step is harmless: begin finds the import by its request
 * id and says which chunk is next, a chunk that is there already is compared, a commit is
 * remembered.
 *
 * Memory: work->arena. Threads: all of it under services->writing, one commit at a time. Errors: as
 * the rpc comments say; a refused commit leaves the import open.
 */
#ifndef PROMOTEROS_SERVICES_IMPORT_H
#define PROMOTEROS_SERVICES_IMPORT_H

#include "services/work.h"

#include <promoteros/v1/import.pb-c.h>

enum { IMPORT_POINTS_MAX = 20000000, IMPORT_SHOWS_MAX = 1000000, CHUNK_ELEMENTS_MAX = 10000 };

/* Creates the import, or finds the one with this request id. */
enum pros_status import_begin(struct work *work, int kind, const char *request_id,
                              struct store_import *import);
/* The request in work->packed becomes the chunk; *staged_count is the sum so far. */
enum pros_status import_append(struct work *work, int kind, const char *import_id,
                               int64_t chunk_index, int64_t item_count, int64_t *staged_count);
enum pros_status import_abort(struct work *work, int kind, const char *import_id);

/* A chunk of an open import, unpacked by the caller. */
struct import_chunk {
    int64_t index;
    struct pros_bytes body;
};
/* Adds everything to the batch and counts it; nothing is committed when it fails. */
typedef enum pros_status import_build(struct work *work, const struct store_import *import,
                                      const struct import_chunk *chunks, size_t chunk_count,
                                      struct store_batch *batch,
                                      Promoteros__V1__ImportSummary *summary);
/* *summary in the arena, the same for each repetition. */
enum pros_status import_commit(struct work *work, int kind, const char *import_id,
                               import_build *build, Promoteros__V1__ImportSummary **summary);

#endif
