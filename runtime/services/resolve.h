/*
 * Who is meant: from ids, external ids and names of an import to records of the catalog.
 *
 * Why: files name things in their own way. A given id decides; else the first external id that is
 * known; else the folded name within the kind (a track also by its lead artist, a venue also by its
 * city), unless the record of that name carries another id of the same scheme and so is somebody
 * else. What none of these finds becomes a new record, once an import.
 *
 * The first version of a record counts as known since ever, as with upserts: a name is no news.
 *
 * Memory: work->arena. Threads: the work's, under services->writing. Errors: NOT_FOUND for an
 * unknown id; store errors.
 */
#ifndef PROMOTEROS_SERVICES_RESOLVE_H
#define PROMOTEROS_SERVICES_RESOLVE_H

#include "services/names.h"
#include "services/work.h"

/* A record, stored or to be created. */
struct known {
    enum record_kind kind;
    const char *id;
    Promoteros__V1__Artist *artist; /* one of the three, by kind */
    Promoteros__V1__Track *track;
    Promoteros__V1__Venue *venue;
    bool created;
    struct known *next_created;
};

struct resolver {
    struct work *work;
    struct names names;
    struct known *created;
    int64_t created_count;
    bool simulated;
};

/* What an import says of a thing; id and name may be "". */
struct reference {
    const char *id, *name;
    Promoteros__V1__ExternalId **external_ids;
    size_t external_id_count;
    char **genres; /* of an artist */
    size_t genre_count;
    char **artist_ids; /* of a track, resolved */
    size_t artist_count;
    const char *city, *country_code, *time_zone; /* of a venue */
};

enum pros_status resolve(struct resolver *resolver, enum record_kind kind,
                         const struct reference *reference, struct known **known);
/* Gives a venue that is being created the room and at least this capacity; false when the venue is
 * stored and has no such room. */
bool resolve_room(struct resolver *resolver, struct known *venue, const char *room_id,
                  int64_t capacity_tickets);
/* Adds the created records to the batch; returns how many. */
int64_t resolve_write(struct resolver *resolver, struct store_batch *batch);

#endif
