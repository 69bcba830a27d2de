/* Batches: copies of what was added, in order. */
#include "store/backend.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct store_batch *store_batch_new(void)
{
    struct store_batch *batch = memory_new(1, sizeof *batch);
    arena_open(&batch->arena, 0);
    batch->last = &batch->first;
    return batch;
}

void store_batch_free(struct store_batch *batch)
{
    if (!batch)
        return;
    arena_close(&batch->arena);
    free(batch);
}

void store_batch_finish(struct store_batch *batch)
{
    if (batch->report && batch->status)
        *batch->report = batch->failure;
    if (batch->done)
        batch->done(batch->context, batch->status, batch->commit_seq);
    store_batch_free(batch);
}

static struct store_op *add_op(struct store_batch *batch, enum store_op_kind kind)
{
    struct store_op *op = arena_alloc(&batch->arena, sizeof *op);
    op->kind = kind;
    *batch->last = op;
    batch->last = &op->next;
    return op;
}

/* Columns that must not be NULL take "" for a text that is not there. */
static const char *copy_text(struct store_batch *batch, const char *text)
{
    return arena_string(&batch->arena, text ? text : "");
}

static struct pros_bytes copy_bytes(struct store_batch *batch, struct pros_bytes bytes)
{
    return (struct pros_bytes){arena_copy(&batch->arena, bytes.data, bytes.size), bytes.size};
}

void store_add_record(struct store_batch *batch, const struct store_record *record)
{
    struct store_record *copy = &add_op(batch, OP_RECORD)->record;
    *copy = *record;
    copy->id = copy_text(batch, record->id);
    copy->name = copy_text(batch, record->name);
    copy->body = copy_bytes(batch, record->body);
    struct store_key *keys = arena_alloc_array(&batch->arena, record->key_count, sizeof *keys);
    for (size_t i = 0; i < record->key_count; i++) {
        keys[i].scheme = copy_text(batch, record->keys[i].scheme);
        keys[i].value = copy_text(batch, record->keys[i].value);
    }
    copy->keys = keys;
    if (record->show) {
        struct store_show_index *show = arena_alloc(&batch->arena, sizeof *show);
        *show = (struct store_show_index){
            .artist_id = copy_text(batch, record->show->artist_id),
            .venue_id = copy_text(batch, record->show->venue_id),
            .room_id = copy_text(batch, record->show->room_id),
            .genre = copy_text(batch, record->show->genre),
            .show_day = record->show->show_day,
        };
        copy->show = show;
    }
}

static const void *copy_column(struct store_batch *batch, const void *column, size_t count,
                               size_t size)
{
    void *copy = arena_alloc_array(&batch->arena, count, size);
    if (column && count)
        memcpy(copy, column, count * size);
    return copy;
}

void store_add_points(struct store_batch *batch, const struct store_series *series)
{
    struct store_series *copy = &add_op(batch, OP_POINTS)->points;
    size_t count = series->point_count;
    *copy = (struct store_series){
        .entity_kind = series->entity_kind,
        .entity_id = copy_text(batch, series->entity_id),
        .source = copy_text(batch, series->source),
        .metric = copy_text(batch, series->metric),
        .point_count = count,
        .observed_at_ms = copy_column(batch, series->observed_at_ms, count, sizeof(int64_t)),
        .values = copy_column(batch, series->values, count, sizeof(double)),
        .known_at_ms = copy_column(batch, series->known_at_ms, count, sizeof(int64_t)),
        .flags = copy_column(batch, series->flags, count, sizeof(int32_t)),
    };
}

void store_add_event(struct store_batch *batch, const struct store_event *event)
{
    struct store_event *copy = &add_op(batch, OP_EVENT)->event;
    *copy = *event;
    copy->type = copy_text(batch, event->type);
    copy->trace_id = copy_text(batch, event->trace_id);
    copy->subject = copy_text(batch, event->subject);
    copy->body = copy_bytes(batch, event->body);
}

void store_add_trace(struct store_batch *batch, const struct store_trace *trace)
{
    struct store_trace *copy = &add_op(batch, OP_TRACE)->trace;
    *copy = *trace;
    copy->trace_id = copy_text(batch, trace->trace_id);
    copy->agent = copy_text(batch, trace->agent);
    copy->method = copy_text(batch, trace->method);
    copy->summary = copy_text(batch, trace->summary);
    copy->trace = copy_bytes(batch, trace->trace);
    copy->reply = copy_bytes(batch, trace->reply);
}

void store_add_prediction(struct store_batch *batch, const struct store_prediction *prediction)
{
    struct store_prediction *copy = &add_op(batch, OP_PREDICTION)->prediction;
    *copy = *prediction;
    copy->id = copy_text(batch, prediction->id);
    copy->target = copy_text(batch, prediction->target);
    copy->subject = copy_text(batch, prediction->subject);
    copy->agent = copy_text(batch, prediction->agent);
    copy->prediction = copy_bytes(batch, prediction->prediction);
    copy->outcome = copy_bytes(batch, prediction->outcome);
    copy->score = copy_bytes(batch, prediction->score);
    copy->decision = copy_bytes(batch, prediction->decision);
}

void store_add_ledger(struct store_batch *batch, const char *prediction_id,
                      enum store_ledger_part part, struct pros_bytes body)
{
    struct store_op *op = add_op(batch, OP_LEDGER);
    op->item.id = copy_text(batch, prediction_id);
    op->item.part = part;
    op->item.body = copy_bytes(batch, body);
}

void store_add_request(struct store_batch *batch, const char *request_id, const char *method,
                       struct pros_bytes reply)
{
    struct store_op *op = add_op(batch, OP_REQUEST);
    op->item.id = copy_text(batch, request_id);
    op->item.method = copy_text(batch, method);
    op->item.body = copy_bytes(batch, reply);
}

void store_add_import(struct store_batch *batch, const struct store_import *import)
{
    struct store_import *copy = &add_op(batch, OP_IMPORT)->import;
    *copy = *import;
    copy->id = copy_text(batch, import->id);
    copy->request_id = copy_text(batch, import->request_id);
    copy->begin = copy_bytes(batch, import->begin);
    copy->summary = copy_bytes(batch, import->summary);
}

void store_add_import_chunk(struct store_batch *batch, const char *import_id, int64_t chunk_index,
                            int64_t item_count, struct pros_bytes body)
{
    struct store_op *op = add_op(batch, OP_CHUNK);
    op->item.id = copy_text(batch, import_id);
    op->item.index = chunk_index;
    op->item.item_count = item_count;
    op->item.body = copy_bytes(batch, body);
}

void store_finish_import(struct store_batch *batch, const char *import_id,
                         struct pros_bytes summary)
{
    struct store_op *op = add_op(batch, OP_FINISH_IMPORT);
    op->item.id = copy_text(batch, import_id);
    op->item.body = copy_bytes(batch, summary);
}

void store_drop_import(struct store_batch *batch, const char *import_id)
{
    add_op(batch, OP_DROP_IMPORT)->item.id = copy_text(batch, import_id);
}

void store_add_model(struct store_batch *batch, const struct store_model *model)
{
    struct store_model *copy = &add_op(batch, OP_MODEL)->model;
    *copy = *model;
    copy->agent = copy_text(batch, model->agent);
    copy->description = copy_text(batch, model->description);
    copy->state = copy_bytes(batch, model->state);
}

void store_add_api_key(struct store_batch *batch, const struct store_api_key *key)
{
    struct store_api_key *copy = &add_op(batch, OP_API_KEY)->api_key;
    *copy = *key;
    copy->id = copy_text(batch, key->id);
    copy->name = copy_text(batch, key->name);
    copy->scopes = copy_text(batch, key->scopes);
    copy->secret_hash = copy_bytes(batch, key->secret_hash);
}
