/* How catalog records go into the store: keys in the header. */
#include "services/catalog_write.h"

#include "base/text.h"

const char *key_of_name(struct arena *arena, const char *name)
{
    char folded[FOLDED_SIZE];
    text_fold_name(name, folded, sizeof folded);
    return arena_string(arena, folded);
}

const char *key_of_track(struct arena *arena, const char *title, const char *lead_artist_id)
{
    return arena_format(arena, "%s|%s", key_of_name(arena, title), lead_artist_id);
}

const char *key_of_venue(struct arena *arena, const char *name, const char *city)
{
    return arena_format(arena, "%s|%s", key_of_name(arena, name), key_of_name(arena, city));
}

const char *key_of_show(struct arena *arena, const Promoteros__V1__Show *show,
                        const char *first_room)
{
    return arena_format(arena, "%s|%s|%s|%s", show->artist_id, show->venue_id,
                        *show->room_id ? show->room_id : first_room, show->show_date);
}

void lower_case(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

const char *main_genre_of(const Promoteros__V1__Artist *artist)
{
    return artist && artist->n_genres > 0 ? artist->genres[0] : "";
}

/* External ids with up to two keys of the catalog's own. */
static struct store_key *keys_new(struct arena *arena, Promoteros__V1__ExternalId *const *ids,
                                  size_t count, const struct store_key own[2])
{
    struct store_key *keys = arena_alloc_array(arena, count + 2, sizeof *keys);
    for (size_t i = 0; i < count; i++)
        keys[i] = (struct store_key){ids[i]->scheme, ids[i]->value};
    keys[count] = own[0];
    keys[count + 1] = own[1];
    return keys;
}

void write_artist(struct work *work, struct store_batch *batch,
                  const Promoteros__V1__Artist *artist, int64_t known_at_ms)
{
    struct store_key own[2] = {{"name", key_of_name(work->arena, artist->name)}};
    struct store_record record = {
        .kind = RECORD_ARTIST,
        .id = artist->id,
        .name = artist->name,
        .known_at_ms = known_at_ms,
        .body = arena_pack(work->arena, &artist->base),
        .keys = keys_new(work->arena, artist->external_ids, artist->n_external_ids, own),
        .key_count = artist->n_external_ids + 1,
        .simulated = artist->simulated};
    store_add_record(batch, &record);
}

void write_track(struct work *work, struct store_batch *batch, const Promoteros__V1__Track *track,
                 int64_t known_at_ms)
{
    bool credited = track->n_artist_ids > 0;
    struct store_key own[2] = {{"name", key_of_name(work->arena, track->title)}};
    if (credited)
        own[1] = (struct store_key){"name-artist",
                                    key_of_track(work->arena, track->title, track->artist_ids[0])};
    struct store_record record = {
        .kind = RECORD_TRACK,
        .id = track->id,
        .name = track->title,
        .known_at_ms = known_at_ms,
        .body = arena_pack(work->arena, &track->base),
        .keys = keys_new(work->arena, track->external_ids, track->n_external_ids, own),
        .key_count = track->n_external_ids + (credited ? 2 : 1),
        .simulated = track->simulated};
    store_add_record(batch, &record);
}

void write_venue(struct work *work, struct store_batch *batch, const Promoteros__V1__Venue *venue,
                 int64_t known_at_ms)
{
    struct store_key own[2] = {{"name", key_of_name(work->arena, venue->name)},
                               {"name-city", key_of_venue(work->arena, venue->name, venue->city)}};
    struct store_record record = {
        .kind = RECORD_VENUE,
        .id = venue->id,
        .name = venue->name,
        .known_at_ms = known_at_ms,
        .body = arena_pack(work->arena, &venue->base),
        .keys = keys_new(work->arena, venue->external_ids, venue->n_external_ids, own),
        .key_count = venue->n_external_ids + 2,
        .simulated = venue->simulated};
    store_add_record(batch, &record);
}

void write_show(struct work *work, struct store_batch *batch, const Promoteros__V1__Show *show,
                const struct show_places *places, int64_t known_at_ms)
{
    struct store_key own[2] = {{"slot", key_of_show(work->arena, show, places->first_room)}};
    struct store_show_index index = {.artist_id = show->artist_id,
                                     .venue_id = show->venue_id,
                                     .room_id = *show->room_id ? show->room_id : places->first_room,
                                     .genre = *show->genre ? show->genre : places->main_genre,
                                     .show_day = places->show_day};
    struct store_record record = {
        .kind = RECORD_SHOW,
        .id = show->id,
        .name = "",
        .known_at_ms = known_at_ms,
        .body = arena_pack(work->arena, &show->base),
        .keys = keys_new(work->arena, show->external_ids, show->n_external_ids, own),
        .key_count = show->n_external_ids + 1,
        .show = &index,
        .simulated = show->simulated};
    store_add_record(batch, &record);
}
