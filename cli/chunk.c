#include "cli/chunk.h"

#include <stdlib.h>
#include <string.h>

#define BUCKET_COUNT 4096u

struct series {
    const char *source;
    const char *metric;
    bool has_known;
    struct session_point *points;
    size_t count;
    size_t capacity;
    struct series *next;
};

struct group {
    const char *key; /* all that names the entity */
    size_t key_size;
    Promoteros__V1__ImportedSignals message;
    struct series *series;
    size_t series_count;
    struct group *next_in_bucket;
};

struct chunk {
    struct arena arena;
    struct buffer key;
    struct group *buckets[BUCKET_COUNT];
    struct group **groups; /* in order of appearance, so that a chunk is the same each time */
    size_t group_count;
    size_t group_capacity;
    size_t size;
};

struct chunk *chunk_new(void)
{
    struct chunk *chunk = calloc(1, sizeof *chunk);

    if (!chunk)
        abort();
    arena_open(&chunk->arena, 0);
    buffer_open(&chunk->key, 1u << 20);
    return chunk;
}

void chunk_free(struct chunk *chunk)
{
    arena_close(&chunk->arena);
    buffer_close(&chunk->key);
    free(chunk);
}

void chunk_clear(struct chunk *chunk)
{
    arena_reset(&chunk->arena);
    memset(chunk->buckets, 0, sizeof chunk->buckets);
    chunk->groups = NULL;
    chunk->group_count = chunk->group_capacity = chunk->size = 0;
}

size_t chunk_size(const struct chunk *chunk)
{
    return chunk->size;
}

/* Strings with their end marks, so that no two entities share a key. */
static void key_add(struct buffer *key, const char *text)
{
    if (text)
        buffer_add_string(key, text);
    buffer_add_char(key, '\0');
}

static void make_key(struct buffer *key, const struct session_entity *entity)
{
    buffer_clear(key);
    buffer_add_char(key, (char)('0' + entity->kind));
    key_add(key, entity->id);
    key_add(key, entity->name);
    for (size_t i = 0; i < entity->external_id_count; i++) {
        key_add(key, entity->external_ids[i].scheme);
        key_add(key, entity->external_ids[i].value);
    }
    key_add(key, "");
    for (size_t i = 0; i < entity->artist_name_count; i++)
        key_add(key, entity->artist_names[i]);
    key_add(key, "");
    for (size_t i = 0; i < entity->genre_count; i++)
        key_add(key, entity->genres[i]);
}

static char **copy_strings(struct arena *arena, const char *const *strings, size_t count)
{
    char **copy = arena_alloc_array(arena, count + 1, sizeof *copy);

    for (size_t i = 0; i < count; i++)
        copy[i] = arena_string(arena, strings[i]);
    return copy;
}

static void describe(struct chunk *chunk, struct group *group, const struct session_entity *entity)
{
    Promoteros__V1__ImportedSignals *message = &group->message;
    struct arena *arena = &chunk->arena;

    promoteros__v1__imported_signals__init(message);
    message->kind = entity->kind;
    message->entity_id = arena_string(arena, entity->id ? entity->id : "");
    message->name = arena_string(arena, entity->name ? entity->name : "");
    message->n_external_ids = entity->external_id_count;
    message->external_ids =
        arena_alloc_array(arena, entity->external_id_count + 1, sizeof *message->external_ids);
    for (size_t i = 0; i < entity->external_id_count; i++) {
        Promoteros__V1__ExternalId *id = arena_alloc(arena, sizeof *id);
        promoteros__v1__external_id__init(id);
        id->scheme = arena_string(arena, entity->external_ids[i].scheme);
        id->value = arena_string(arena, entity->external_ids[i].value);
        message->external_ids[i] = id;
    }
    message->n_artist_names = entity->artist_name_count;
    message->artist_names = copy_strings(arena, entity->artist_names, entity->artist_name_count);
    message->n_genres = entity->genre_count;
    message->genres = copy_strings(arena, entity->genres, entity->genre_count);
}

static struct group *find_group(struct chunk *chunk, const struct session_entity *entity)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    struct group **bucket, *group;

    make_key(&chunk->key, entity);
    for (size_t i = 0; i < chunk->key.size; i++)
        hash = (hash ^ (unsigned char)chunk->key.data[i]) * UINT64_C(1099511628211);
    bucket = &chunk->buckets[hash % BUCKET_COUNT];
    for (group = *bucket; group; group = group->next_in_bucket)
        if (group->key_size == chunk->key.size &&
            memcmp(group->key, chunk->key.data, chunk->key.size) == 0)
            return group;
    group = arena_alloc(&chunk->arena, sizeof *group);
    group->key = arena_copy(&chunk->arena, chunk->key.data, chunk->key.size);
    group->key_size = chunk->key.size;
    group->next_in_bucket = *bucket;
    *bucket = group;
    describe(chunk, group, entity);
    if (chunk->group_count == chunk->group_capacity) {
        size_t capacity = chunk->group_capacity ? 2 * chunk->group_capacity : 256;
        struct group **groups = arena_alloc_array(&chunk->arena, capacity, sizeof(struct group *));
        if (chunk->group_count > 0)
            memcpy(groups, chunk->groups, chunk->group_count * sizeof(struct group *));
        chunk->groups = groups;
        chunk->group_capacity = capacity;
    }
    chunk->groups[chunk->group_count++] = group;
    /* Each string costs a tag and a length more than its end mark. */
    chunk->size +=
        chunk->key.size + 32 +
        4 * (2 * entity->external_id_count + entity->artist_name_count + entity->genre_count);
    return group;
}

static struct series *find_series(struct chunk *chunk, struct group *group, const char *source,
                                  const char *metric, bool has_known)
{
    struct series **link = &group->series;

    for (; *link; link = &(*link)->next)
        if ((*link)->has_known == has_known && strcmp((*link)->metric, metric) == 0 &&
            strcmp((*link)->source, source) == 0)
            return *link;
    *link = arena_alloc(&chunk->arena, sizeof **link);
    (*link)->source = arena_string(&chunk->arena, source);
    (*link)->metric = arena_string(&chunk->arena, metric);
    (*link)->has_known = has_known;
    group->series_count++;
    chunk->size += strlen(source) + strlen(metric) + 40;
    return *link;
}

void chunk_add(struct chunk *chunk, const struct session_entity *entity, const char *source,
               const char *metric, const struct session_point *point)
{
    bool has_known = point->known_at_ms != SESSION_KNOWN_NOW;
    struct group *group = find_group(chunk, entity);
    struct series *series = find_series(chunk, group, source, metric, has_known);

    if (series->count == series->capacity) {
        size_t capacity = series->capacity ? 2 * series->capacity : 8;
        struct session_point *points =
            arena_alloc_array(&chunk->arena, capacity, sizeof *series->points);
        if (series->count > 0)
            memcpy(points, series->points, series->count * sizeof *points);
        series->points = points;
        series->capacity = capacity;
    }
    series->points[series->count++] = *point;
    chunk->size += 8 + 7 + 1 + (has_known ? 7 : 0);
}

/* By time; at one time in the order of arrival, which the address tells in a copy's column. */
struct ordered_point {
    struct session_point point;
    size_t position;
};

static int compare_points(const void *a, const void *b)
{
    const struct ordered_point *one = a, *two = b;

    if (one->point.observed_at_ms != two->point.observed_at_ms)
        return one->point.observed_at_ms < two->point.observed_at_ms ? -1 : 1;
    return one->position < two->position ? -1 : 1;
}

static Promoteros__V1__SignalSeries *pack_series(struct arena *arena, const struct series *series,
                                                 int64_t *repeated)
{
    Promoteros__V1__SignalSeries *message = arena_alloc(arena, sizeof *message);
    struct ordered_point *points = arena_alloc_array(arena, series->count, sizeof *points);
    size_t count = 0;
    bool flagged = false;

    for (size_t i = 0; i < series->count; i++)
        points[i] = (struct ordered_point){series->points[i], i};
    qsort(points, series->count, sizeof *points, compare_points);
    promoteros__v1__signal_series__init(message);
    message->source = (char *)series->source;
    message->metric = (char *)series->metric;
    message->observed_at_ms = arena_alloc_array(arena, series->count, sizeof(int64_t));
    message->values = arena_alloc_array(arena, series->count, sizeof(double));
    message->known_at_ms = arena_alloc_array(arena, series->count, sizeof(int64_t));
    message->point_flags = arena_alloc_array(arena, series->count, sizeof(int32_t));
    for (size_t i = 0; i < series->count; i++) {
        const struct session_point *point = &points[i].point;
        if (count > 0 && message->observed_at_ms[count - 1] == point->observed_at_ms) {
            count--;
            ++*repeated;
        }
        message->observed_at_ms[count] = point->observed_at_ms;
        message->values[count] = point->value;
        message->known_at_ms[count] = point->known_at_ms;
        message->point_flags[count] = point->flags;
        flagged = flagged || point->flags != 0;
        count++;
    }
    message->n_observed_at_ms = message->n_values = count;
    message->n_known_at_ms = series->has_known ? count : 0;
    message->n_point_flags = flagged ? count : 0;
    return message;
}

int64_t chunk_pack(struct chunk *chunk, const char *import_id, int64_t chunk_index,
                   struct buffer *out)
{
    Promoteros__V1__AppendSignalImportRequest request =
        PROMOTEROS__V1__APPEND_SIGNAL_IMPORT_REQUEST__INIT;
    struct arena *arena = &chunk->arena;
    int64_t repeated = 0;
    void *room;

    request.import_id = (char *)import_id;
    request.chunk_index = chunk_index;
    request.n_signals = chunk->group_count;
    request.signals = arena_alloc_array(arena, chunk->group_count, sizeof *request.signals);
    for (size_t i = 0; i < chunk->group_count; i++) {
        struct group *group = chunk->groups[i];
        size_t position = 0;
        group->message.n_series = group->series_count;
        group->message.series =
            arena_alloc_array(arena, group->series_count, sizeof *group->message.series);
        for (const struct series *series = group->series; series; series = series->next)
            group->message.series[position++] = pack_series(arena, series, &repeated);
        request.signals[i] = &group->message;
    }
    room = buffer_extend(out, protobuf_c_message_get_packed_size(&request.base));
    if (room)
        protobuf_c_message_pack(&request.base, room);
    return repeated;
}
