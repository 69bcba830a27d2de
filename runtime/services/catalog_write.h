/*
 * How catalog records go into the store: which keys they are found by.
 *
 * Why: upserts and imports must write the same keys, or one would not find what the other made.
 * Beside their external ids, records carry keys of the catalog's own:
 *   "name"         the folded name (artist, track, venue)
 *   "name-artist"  a track: folded title, "|", id of the lead artist
 *   "name-city"    a venue: folded name, "|", folded city
 *   "slot"         a show: artist id | venue id | room id | local date
 *
 * Memory: work->arena; the batch copies. Threads: the work's. Errors: none.
 */
#ifndef PROMOTEROS_SERVICES_CATALOG_WRITE_H
#define PROMOTEROS_SERVICES_CATALOG_WRITE_H

#include "services/work.h"

enum { FOLDED_SIZE = 256 };

void write_artist(struct work *work, struct store_batch *batch,
                  const Promoteros__V1__Artist *artist, int64_t known_at_ms);
void write_track(struct work *work, struct store_batch *batch, const Promoteros__V1__Track *track,
                 int64_t known_at_ms);
void write_venue(struct work *work, struct store_batch *batch, const Promoteros__V1__Venue *venue,
                 int64_t known_at_ms);
/* main_genre: of the artist, for a show without one; first_room: of the venue, the same. */
struct show_places {
    int32_t show_day;
    const char *main_genre;
    const char *first_room;
};
void write_show(struct work *work, struct store_batch *batch, const Promoteros__V1__Show *show,
                const struct show_places *places, int64_t known_at_ms);

/* Values of the keys above, in the arena. */
const char *key_of_name(struct arena *arena, const char *name);
const char *key_of_track(struct arena *arena, const char *title, const char *lead_artist_id);
const char *key_of_venue(struct arena *arena, const char *name, const char *city);
const char *key_of_show(struct arena *arena, const Promoteros__V1__Show *show,
                        const char *first_room);

/* ASCII letters to lower case, in place. */
void lower_case(char *text);
const char *main_genre_of(const Promoteros__V1__Artist *artist); /* "" for none or NULL */

#endif
