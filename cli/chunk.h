/*
 * Points on their way into one AppendSignalImport: grouped by entity and series, sorted by time.
 *
 * Why: files come line by line in any order; the contract wants columns by series.
 *
 * Memory: an arena that is forgotten with each chunk. Threads: one. Errors: none.
 */
#ifndef PROMOTEROS_CLI_CHUNK_H
#define PROMOTEROS_CLI_CHUNK_H

#include "cli/session.h"

struct chunk;

struct chunk *chunk_new(void);
void chunk_free(struct chunk *chunk);
void chunk_clear(struct chunk *chunk);
void chunk_add(struct chunk *chunk, const struct session_entity *entity, const char *source,
               const char *metric, const struct session_point *point);
/* Estimated bytes when packed, rather too many; 0: empty. */
size_t chunk_size(const struct chunk *chunk);
/* Packs an AppendSignalImportRequest. Of several points for one moment the last stays; returns how
 * many went. */
int64_t chunk_pack(struct chunk *chunk, const char *import_id, int64_t chunk_index,
                   struct buffer *out);

#endif
