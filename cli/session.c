/* The protocol of an import: Begin, Append, Commit, for both kinds. Grouping of points: chunk.c. */
#include "cli/session.h"

#include "cli/chunk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Well below the server's limit of 1 MiB a message, as estimates are rough. */
#define CHUNK_BYTES 600000
#define CHUNK_MAX   1000000

struct session {
    struct cli *cli;
    bool dry_run;
    bool shows;
    bool committed; /* the server had this very import before */
    char *import_id;
    int64_t chunk_index;
    int64_t count;
    int64_t repeated;
    struct chunk *chunk;      /* of signals */
    struct buffer show_bytes; /* of shows: repeated field 3 of AppendShowImportRequest, packed */
};

static struct session *session_new(struct cli *cli, const struct session_options *options)
{
    struct session *session = calloc(1, sizeof *session);

    if (!session)
        abort();
    session->cli = cli;
    session->dry_run = options->dry_run;
    buffer_open(&session->show_bytes, 4 * CHUNK_MAX);
    return session;
}

/* Both Begin messages carry the options in fields of the same names. */
#define SET_OPTIONS(request, options, LAG_SET)                                                     \
    do {                                                                                           \
        (request)->request_id = (char *)(options)->request_id;                                     \
        (request)->label = (char *)(options)->label;                                               \
        (request)->simulated = (options)->simulated;                                               \
        if ((options)->has_lag) {                                                                  \
            (request)->_known_at_lag_s_case = (LAG_SET);                                           \
            (request)->known_at_lag_s = (options)->lag_s;                                          \
        }                                                                                          \
    } while (0)

/* A dry run begins nothing and leaves *reply as it is. */
static struct session *begin(struct cli *cli, const struct session_options *options,
                             const char *method, const ProtobufCMessage *request,
                             const ProtobufCMessageDescriptor *descriptor, void **reply,
                             struct failure *failure)
{
    struct session *session = session_new(cli, options);

    if (!options->dry_run &&
        cli_try_call(cli, method, request, descriptor, reply, failure) != PROS_OK) {
        session_close(session);
        return NULL;
    }
    return session;
}

struct session *session_open_signals(struct cli *cli, const struct session_options *options,
                                     struct failure *failure)
{
    Promoteros__V1__BeginSignalImportRequest request =
        PROMOTEROS__V1__BEGIN_SIGNAL_IMPORT_REQUEST__INIT;
    Promoteros__V1__BeginSignalImportResponse *reply = NULL;
    struct session *session;

    SET_OPTIONS(&request, options,
                PROMOTEROS__V1__BEGIN_SIGNAL_IMPORT_REQUEST___KNOWN_AT_LAG_S_KNOWN_AT_LAG_S);
    session =
        begin(cli, options, "SignalService/BeginSignalImport", &request.base,
              &promoteros__v1__begin_signal_import_response__descriptor, (void **)&reply, failure);
    if (!session)
        return NULL;
    session->import_id = reply ? reply->import_id : NULL;
    session->chunk = chunk_new();
    return session;
}

struct session *session_open_shows(struct cli *cli, const struct session_options *options,
                                   struct failure *failure)
{
    Promoteros__V1__BeginShowImportRequest request =
        PROMOTEROS__V1__BEGIN_SHOW_IMPORT_REQUEST__INIT;
    Promoteros__V1__BeginShowImportResponse *reply = NULL;
    struct session *session;

    SET_OPTIONS(&request, options,
                PROMOTEROS__V1__BEGIN_SHOW_IMPORT_REQUEST___KNOWN_AT_LAG_S_KNOWN_AT_LAG_S);
    session =
        begin(cli, options, "CatalogService/BeginShowImport", &request.base,
              &promoteros__v1__begin_show_import_response__descriptor, (void **)&reply, failure);
    if (!session)
        return NULL;
    session->import_id = reply ? reply->import_id : NULL;
    session->shows = true;
    return session;
}

/* Sends one packed chunk. A server that committed this import before says so; then the chunks are
 * there, and the commit answers with its summary. */
static enum pros_status append(struct session *session, struct pros_bytes request,
                               struct failure *failure)
{
    enum pros_status status;
    struct failure refused = {0};

    if (request.size > CHUNK_MAX)
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "CHUNK_TOO_LARGE",
                           "One record is too large to send (%zu bytes; at most %d). Shorten it.",
                           request.size, CHUNK_MAX);
    session->chunk_index++;
    if (session->dry_run || session->committed)
        return PROS_OK;
    status = cli_try_call_packed(session->cli,
                                 session->shows ? "CatalogService/AppendShowImport"
                                                : "SignalService/AppendSignalImport",
                                 request, &refused);
    if (status == PROS_FAILED_PRECONDITION && strstr(refused.reason, "COMMITTED")) {
        session->committed = true;
        return PROS_OK;
    }
    if (status != PROS_OK && failure)
        *failure = refused;
    return status;
}

static enum pros_status flush_signals(struct session *session, struct failure *failure)
{
    struct buffer packed;
    enum pros_status status = PROS_OK;

    if (chunk_size(session->chunk) == 0)
        return PROS_OK;
    buffer_open(&packed, 4 * CHUNK_MAX);
    session->repeated += chunk_pack(session->chunk, session->import_id ? session->import_id : "",
                                    session->chunk_index, &packed);
    status = append(session, (struct pros_bytes){packed.data, packed.size}, failure);
    buffer_close(&packed);
    chunk_clear(session->chunk);
    return status;
}

static enum pros_status flush_shows(struct session *session, struct failure *failure)
{
    Promoteros__V1__AppendShowImportRequest request =
        PROMOTEROS__V1__APPEND_SHOW_IMPORT_REQUEST__INIT;
    struct buffer packed;
    enum pros_status status;
    size_t size;

    if (session->show_bytes.size == 0)
        return PROS_OK;
    request.import_id = session->import_id ? session->import_id : (char *)"";
    request.chunk_index = session->chunk_index;
    size = protobuf_c_message_get_packed_size(&request.base);
    buffer_open(&packed, 8 * CHUNK_MAX);
    protobuf_c_message_pack(&request.base, buffer_extend(&packed, size));
    buffer_add(&packed, session->show_bytes.data, session->show_bytes.size);
    status = append(session, (struct pros_bytes){packed.data, packed.size}, failure);
    buffer_close(&packed);
    buffer_clear(&session->show_bytes);
    return status;
}

enum pros_status session_add_points(struct session *session, const struct session_entity *entity,
                                    const char *source, const char *metric,
                                    const struct session_point *points, size_t count,
                                    struct failure *failure)
{
    assert(!session->shows);
    for (size_t i = 0; i < count; i++) {
        chunk_add(session->chunk, entity, source, metric, &points[i]);
        session->count++;
        if (chunk_size(session->chunk) >= CHUNK_BYTES) {
            enum pros_status status = flush_signals(session, failure);
            if (status != PROS_OK)
                return status;
        }
    }
    return PROS_OK;
}

enum pros_status session_add_show(struct session *session, const Promoteros__V1__ImportedShow *show,
                                  struct failure *failure)
{
    size_t size = protobuf_c_message_get_packed_size(&show->base), rest = size;
    char head[11] = {0x1a}; /* field 3, length-delimited */
    size_t head_size = 1;
    void *room;

    assert(session->shows);
    if (session->show_bytes.size > 0 && session->show_bytes.size + size > CHUNK_BYTES) {
        enum pros_status status = flush_shows(session, failure);
        if (status != PROS_OK)
            return status;
    }
    for (; rest >= 0x80; rest >>= 7)
        head[head_size++] = (char)((rest & 0x7f) | 0x80);
    head[head_size++] = (char)rest;
    if (!buffer_add(&session->show_bytes, head, head_size) ||
        !(room = buffer_extend(&session->show_bytes, size)))
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "SHOW_TOO_LARGE",
                           "One show is too large to send (%zu bytes; at most %d).", size,
                           CHUNK_MAX);
    protobuf_c_message_pack(&show->base, room);
    session->count++;
    return PROS_OK;
}

enum pros_status session_commit(struct session *session, Promoteros__V1__ImportSummary **summary,
                                struct failure *failure)
{
    Promoteros__V1__CommitSignalImportRequest signals =
        PROMOTEROS__V1__COMMIT_SIGNAL_IMPORT_REQUEST__INIT;
    Promoteros__V1__CommitShowImportRequest shows =
        PROMOTEROS__V1__COMMIT_SHOW_IMPORT_REQUEST__INIT;
    Promoteros__V1__CommitSignalImportResponse *signals_reply;
    Promoteros__V1__CommitShowImportResponse *shows_reply;
    enum pros_status status =
        session->shows ? flush_shows(session, failure) : flush_signals(session, failure);

    *summary = NULL;
    if (status != PROS_OK || session->dry_run)
        return status;
    if (session->shows) {
        shows.import_id = session->import_id;
        status = cli_try_call(session->cli, "CatalogService/CommitShowImport", &shows.base,
                              &promoteros__v1__commit_show_import_response__descriptor,
                              (void **)&shows_reply, failure);
        if (status == PROS_OK)
            *summary = shows_reply->summary;
    } else {
        signals.import_id = session->import_id;
        status = cli_try_call(session->cli, "SignalService/CommitSignalImport", &signals.base,
                              &promoteros__v1__commit_signal_import_response__descriptor,
                              (void **)&signals_reply, failure);
        if (status == PROS_OK)
            *summary = signals_reply->summary;
    }
    return status;
}

void session_abort(struct session *session)
{
    Promoteros__V1__AbortSignalImportRequest signals =
        PROMOTEROS__V1__ABORT_SIGNAL_IMPORT_REQUEST__INIT;
    Promoteros__V1__AbortShowImportRequest shows = PROMOTEROS__V1__ABORT_SHOW_IMPORT_REQUEST__INIT;
    struct failure ignored;

    if (!session->import_id || session->committed)
        return;
    signals.import_id = shows.import_id = session->import_id;
    if (session->shows)
        cli_try_call(session->cli, "CatalogService/AbortShowImport", &shows.base, NULL, NULL,
                     &ignored);
    else
        cli_try_call(session->cli, "SignalService/AbortSignalImport", &signals.base, NULL, NULL,
                     &ignored);
}

int64_t session_count(const struct session *session)
{
    return session->count;
}

int64_t session_repeated(const struct session *session)
{
    return session->repeated;
}

bool session_was_committed(const struct session *session)
{
    return session->committed;
}

void session_close(struct session *session)
{
    if (!session)
        return;
    if (session->chunk)
        chunk_free(session->chunk);
    buffer_close(&session->show_bytes);
    free(session);
}
