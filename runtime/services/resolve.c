/* Who is meant: rules in the header. */
#include "services/resolve.h"

#include "base/id.h"
#include "services/catalog_write.h"
#include "services/check.h"

#include <string.h>

/* Letter of a kind, prefix of its ids and its message. */
static const struct kind_entry {
    const char *prefix, *word;
    const ProtobufCMessageDescriptor *descriptor;
} kinds[] = {[RECORD_ARTIST] = {"ar", "artist", &promoteros__v1__artist__descriptor},
             [RECORD_TRACK] = {"tr", "track", &promoteros__v1__track__descriptor},
             [RECORD_VENUE] = {"ve", "venue", &promoteros__v1__venue__descriptor}};

static void external_ids_of(const struct known *known, Promoteros__V1__ExternalId ***ids,
                            size_t *count)
{
    if (known->artist) {
        *ids = known->artist->external_ids;
        *count = known->artist->n_external_ids;
    } else if (known->track) {
        *ids = known->track->external_ids;
        *count = known->track->n_external_ids;
    } else {
        *ids = known->venue->external_ids;
        *count = known->venue->n_external_ids;
    }
}

static const char *cache_key(struct arena *arena, enum record_kind kind, const char *scheme,
                             const char *value)
{
    return arena_format(arena, "%d\x1f%s\x1f%s", (int)kind, scheme, value);
}

/* The stored record with this id, from the cache where it was seen before. */
static enum pros_status load(struct resolver *resolver, enum record_kind kind, const char *id,
                             struct known **result)
{
    struct work *work = resolver->work;
    const char *key = cache_key(work->arena, kind, "", id);
    *result = names_find(&resolver->names, key);
    if (*result)
        return PROS_OK;
    struct pros_bytes body;
    enum pros_status status =
        store_get_record(work->store, kind, id, INT64_MAX, work->arena, &body, &work->failure);
    if (status == PROS_NOT_FOUND) {
        const char *reason = kind == RECORD_ARTIST  ? "UNKNOWN_ARTIST"
                             : kind == RECORD_TRACK ? "UNKNOWN_TRACK"
                                                    : "UNKNOWN_VENUE";
        return failure_set(&work->failure, PROS_NOT_FOUND, reason,
                           "There is no %s with the id \"%s\"; leave the id empty to find or make "
                           "it by its name.",
                           kinds[kind].word, id);
    }
    TRY(status);
    struct known *known = arena_alloc(work->arena, sizeof *known);
    known->kind = kind;
    known->id = arena_string(work->arena, id);
    void *slot = kind == RECORD_ARTIST  ? (void *)&known->artist
                 : kind == RECORD_TRACK ? (void *)&known->track
                                        : (void *)&known->venue;
    TRY(stored_unpack(work->arena, kinds[kind].descriptor, body, slot, &work->failure));
    names_add(&resolver->names, work->arena, key, known);
    *result = known;
    return PROS_OK;
}

/* By one key: from the cache, else from the store; NULL when nobody has it. */
static enum pros_status find(struct resolver *resolver, enum record_kind kind, const char *scheme,
                             const char *value, struct known **result)
{
    struct work *work = resolver->work;
    const char *key = cache_key(work->arena, kind, scheme, value), *id = NULL;
    *result = names_find(&resolver->names, key);
    if (*result)
        return PROS_OK;
    TRY(store_find_key(work->store, kind, scheme, value, work->arena, &id, &work->failure));
    if (!id)
        return PROS_OK;
    TRY(load(resolver, kind, id, result));
    names_add(&resolver->names, work->arena, key, *result);
    return PROS_OK;
}

/* The key of the catalog's own by which a kind is known again. */
static void name_key(struct arena *arena, enum record_kind kind, const struct reference *reference,
                     const char **scheme, const char **value)
{
    *scheme = "name";
    if (kind == RECORD_TRACK && reference->artist_count > 0) {
        *scheme = "name-artist";
        *value = key_of_track(arena, reference->name, reference->artist_ids[0]);
    } else if (kind == RECORD_VENUE && *reference->city) {
        *scheme = "name-city";
        *value = key_of_venue(arena, reference->name, reference->city);
    } else {
        *value = key_of_name(arena, reference->name);
    }
}

/* Whether the record has another id in a scheme that the reference uses. */
static bool is_somebody_else(const struct known *known, const struct reference *reference)
{
    Promoteros__V1__ExternalId **ids = NULL;
    size_t count = 0;
    external_ids_of(known, &ids, &count);
    for (size_t i = 0; i < reference->external_id_count; i++)
        for (size_t j = 0; j < count; j++)
            if (strcmp(ids[j]->scheme, reference->external_ids[i]->scheme) == 0 &&
                strcmp(ids[j]->value, reference->external_ids[i]->value) != 0)
                return true;
    return false;
}

static Promoteros__V1__Artist *artist_new(struct arena *arena, const struct reference *reference,
                                          char *id, bool simulated)
{
    Promoteros__V1__Artist *artist = arena_alloc(arena, sizeof *artist);
    promoteros__v1__artist__init(artist);
    artist->id = id;
    artist->name = (char *)reference->name;
    artist->external_ids = reference->external_ids;
    artist->n_external_ids = reference->external_id_count;
    artist->genres = reference->genres;
    artist->n_genres = reference->genre_count;
    artist->simulated = simulated;
    return artist;
}

static Promoteros__V1__Track *track_new(struct arena *arena, const struct reference *reference,
                                        char *id, bool simulated)
{
    Promoteros__V1__Track *track = arena_alloc(arena, sizeof *track);
    promoteros__v1__track__init(track);
    track->id = id;
    track->title = (char *)reference->name;
    track->artist_ids = reference->artist_ids;
    track->n_artist_ids = reference->artist_count;
    track->external_ids = reference->external_ids;
    track->n_external_ids = reference->external_id_count;
    track->simulated = simulated;
    return track;
}

static Promoteros__V1__Venue *venue_new(struct arena *arena, const struct reference *reference,
                                        char *id, bool simulated)
{
    Promoteros__V1__Venue *venue = arena_alloc(arena, sizeof *venue);
    promoteros__v1__venue__init(venue);
    venue->id = id;
    venue->name = (char *)reference->name;
    venue->city = (char *)reference->city;
    venue->country_code = (char *)reference->country_code;
    venue->time_zone = *reference->time_zone ? (char *)reference->time_zone : (char *)"UTC";
    venue->external_ids = reference->external_ids;
    venue->n_external_ids = reference->external_id_count;
    venue->simulated = simulated;
    return venue;
}

static struct known *create(struct resolver *resolver, enum record_kind kind,
                            const struct reference *reference)
{
    struct arena *arena = resolver->work->arena;
    struct known *known = arena_alloc(arena, sizeof *known);
    char *id = arena_alloc(arena, ID_TEXT_SIZE);
    id_new(kinds[kind].prefix, id);
    known->kind = kind;
    known->id = id;
    known->created = true;
    if (kind == RECORD_ARTIST)
        known->artist = artist_new(arena, reference, id, resolver->simulated);
    else if (kind == RECORD_TRACK)
        known->track = track_new(arena, reference, id, resolver->simulated);
    else
        known->venue = venue_new(arena, reference, id, resolver->simulated);
    for (size_t i = 0; i < reference->genre_count; i++)
        lower_case(reference->genres[i]);
    known->next_created = resolver->created;
    resolver->created = known;
    resolver->created_count++;
    names_add(&resolver->names, arena, cache_key(arena, kind, "", id), known);
    return known;
}

/* Everything that the reference says leads to the record from now on. */
static void remember(struct resolver *resolver, const struct reference *reference,
                     const char *scheme, const char *value, struct known *known)
{
    struct arena *arena = resolver->work->arena;
    for (size_t i = 0; i < reference->external_id_count; i++)
        names_add(&resolver->names, arena,
                  cache_key(arena, known->kind, reference->external_ids[i]->scheme,
                            reference->external_ids[i]->value),
                  known);
    const char *key = cache_key(arena, known->kind, scheme, value);
    if (!names_find(&resolver->names, key))
        names_add(&resolver->names, arena, key, known);
}

enum pros_status resolve(struct resolver *resolver, enum record_kind kind,
                         const struct reference *reference, struct known **known)
{
    struct work *work = resolver->work;
    *known = NULL;
    if (*reference->id)
        return load(resolver, kind, reference->id, known);
    for (size_t i = 0; i < reference->external_id_count && !*known; i++)
        TRY(find(resolver, kind, reference->external_ids[i]->scheme,
                 reference->external_ids[i]->value, known));
    const char *scheme = NULL, *value = NULL;
    name_key(work->arena, kind, reference, &scheme, &value);
    if (!*known && *reference->name) {
        TRY(find(resolver, kind, scheme, value, known));
        if (*known && is_somebody_else(*known, reference))
            *known = NULL;
    }
    if (!*known) {
        if (!*reference->name)
            return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "NAME_EMPTY",
                               "No %s is known by the given external ids, and there is no name to "
                               "make one; add the name.",
                               kinds[kind].word);
        *known = create(resolver, kind, reference);
    }
    remember(resolver, reference, scheme, value, *known);
    return PROS_OK;
}

static Promoteros__V1__Room *room_new(struct arena *arena, const char *room_id)
{
    Promoteros__V1__RoomConfiguration *usual = arena_alloc(arena, sizeof *usual);
    promoteros__v1__room_configuration__init(usual);
    usual->id = (char *)"usual";
    Promoteros__V1__Room *room = arena_alloc(arena, sizeof *room);
    promoteros__v1__room__init(room);
    room->id = room->name = (char *)(*room_id ? room_id : "main");
    room->configurations = arena_alloc(arena, sizeof *room->configurations);
    room->configurations[0] = usual;
    room->n_configurations = 1;
    return room;
}

bool resolve_room(struct resolver *resolver, struct known *known, const char *room_id,
                  int64_t capacity_tickets)
{
    Promoteros__V1__Venue *venue = known->venue;
    Promoteros__V1__Room *room = NULL;
    for (size_t i = 0; i < venue->n_rooms && !room; i++)
        if (!*room_id || strcmp(venue->rooms[i]->id, room_id) == 0)
            room = venue->rooms[i];
    if (!known->created || (!room && venue->n_rooms == ROOMS_MAX))
        return room != NULL;
    if (!room) {
        struct arena *arena = resolver->work->arena;
        Promoteros__V1__Room **rooms = arena_alloc_array(arena, venue->n_rooms + 1, sizeof *rooms);
        if (venue->n_rooms > 0)
            memcpy(rooms, venue->rooms, venue->n_rooms * sizeof *rooms);
        rooms[venue->n_rooms++] = room = room_new(arena, room_id);
        venue->rooms = rooms;
    }
    if (room->configurations[0]->capacity_tickets < capacity_tickets)
        room->configurations[0]->capacity_tickets = capacity_tickets;
    return true;
}

int64_t resolve_write(struct resolver *resolver, struct store_batch *batch)
{
    struct work *work = resolver->work;
    for (struct known *known = resolver->created; known; known = known->next_created) {
        if (known->artist)
            write_artist(work, batch, known->artist, INSTANT_MIN_MS);
        else if (known->track)
            write_track(work, batch, known->track, INSTANT_MIN_MS);
        else
            write_venue(work, batch, known->venue, INSTANT_MIN_MS);
    }
    return resolver->created_count;
}
