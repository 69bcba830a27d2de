/* What every backend of the store must do: records with their versions, names, keys and shows. */
#include "unit/store_fixture.h"

static void records_have_versions(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_artist(batch, "ar_1", "First", 100, "v100");
    add_artist(batch, "ar_1", "Second", 200, "v200");
    add_artist(batch, "ar_1", "Older", 150, "v150");
    fixture_commit(&f, batch, PROS_OK);
    struct seen seen = {0};
    struct store_record_query query = {
        .kind = RECORD_ARTIST, .name_part = "second", .as_of_ms = INT64_MAX};
    CHECK_INT(store_list_records(f.store, &query, see_record, &seen, NULL), PROS_OK);
    CHECK_STR(seen.text, "ar_1=v200 "); /* an older version does not rename */
    batch = store_batch_new();
    add_artist(batch, "ar_1", "Corrected", 200, "v200b");
    fixture_commit(&f, batch, PROS_OK);
    check_artist(&f, 99, NULL);
    check_artist(&f, 100, "v100");
    check_artist(&f, 199, "v150");
    check_artist(&f, 200, "v200b");
    check_artist(&f, INT64_MAX, "v200b");
    seen = (struct seen){0};
    query.name_part = "corr";
    CHECK_INT(store_list_records(f.store, &query, see_record, &seen, NULL), PROS_OK);
    CHECK_STR(seen.text, "ar_1=v200b ");
    struct store_record bad = {.kind = RECORD_ARTIST, .id = ""};
    batch = store_batch_new();
    store_add_record(batch, &bad);
    fixture_commit(&f, batch, PROS_INVALID_ARGUMENT);
    fixture_close(&f);
}

static void list(struct fixture *f, struct store_record_query query, size_t stop_at,
                 const char *want)
{
    struct seen seen = {.stop_at = stop_at};
    query.kind = RECORD_ARTIST;
    if (query.as_of_ms == 0)
        query.as_of_ms = INT64_MAX;
    enum pros_status status = store_list_records(f->store, &query, see_record, &seen, NULL);
    CHECK_INT(status, stop_at ? PROS_CANCELLED : PROS_OK);
    CHECK_STR(seen.text, want);
}

static void records_list_by_name(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_artist(batch, "ar_c", "Zed", 1, "z");
    add_artist(batch, "ar_b", "\xC3\x84lpha", 1, "b");
    add_artist(batch, "ar_a", "alpha", 1, "a");
    add_artist(batch, "ar_d", "100% _Wild", 1, "d");
    add_artist(batch, "ar_e", "!!!", 50, "e");
    fixture_commit(&f, batch, PROS_OK);
    list(&f, (struct store_record_query){.name_part = ""}, 0,
         "ar_e=e ar_d=d ar_a=a ar_b=b ar_c=z ");
    list(&f, (struct store_record_query){.name_part = "", .as_of_ms = 49}, 0,
         "ar_d=d ar_a=a ar_b=b ar_c=z ");
    list(&f, (struct store_record_query){.name_part = "lph"}, 0, "ar_a=a ar_b=b ");
    list(&f, (struct store_record_query){.name_part = "%"}, 0, "");
    list(&f, (struct store_record_query){.name_part = "100 w"}, 0, "ar_d=d ");
    list(&f, (struct store_record_query){.name_part = ""}, 2, "ar_e=e ar_d=d ");
    list(&f,
         (struct store_record_query){.name_part = "", .after_name = "alpha", .after_id = "ar_a"}, 0,
         "ar_b=b ar_c=z ");
    list(&f,
         (struct store_record_query){
             .name_part = "", .after_name = "\xC3\x84lpha", .after_id = "ar_b"},
         0, "ar_c=z ");
    fixture_close(&f);
}

static void find(struct fixture *f, const char *scheme, const char *value, const char *want)
{
    const char *id;
    CHECK_INT(store_find_key(f->store, RECORD_ARTIST, scheme, value, &f->arena, &id, NULL),
              PROS_OK);
    if (want)
        CHECK_STR(id, want);
    else
        CHECK(id == NULL);
}

static void keys_name_records(void)
{
    struct fixture f;
    fixture_open(&f);
    const struct store_key old_keys[] = {{"isni", "1"}, {"name", "one"}, {"name", "one"}};
    const struct store_key new_keys[] = {{"isni", "2"}, {"name", "one"}};
    struct store_record record = {.kind = RECORD_ARTIST,
                                  .id = "ar_z",
                                  .name = "One",
                                  .known_at_ms = 1,
                                  .keys = old_keys,
                                  .key_count = 3};
    struct store_batch *batch = store_batch_new();
    store_add_record(batch, &record);
    record.id = "ar_a";
    store_add_record(batch, &record);
    fixture_commit(&f, batch, PROS_OK);
    find(&f, "name", "one", "ar_z"); /* the oldest */
    find(&f, "isni", "1", "ar_z");
    find(&f, "isni", "2", NULL);
    record.id = "ar_z";
    record.known_at_ms = 2;
    record.keys = new_keys;
    record.key_count = 2;
    batch = store_batch_new();
    store_add_record(batch, &record);
    fixture_commit(&f, batch, PROS_OK);
    find(&f, "isni", "1", "ar_a");
    find(&f, "isni", "2", "ar_z");
    const char *id;
    CHECK_INT(store_find_key(f.store, RECORD_TRACK, "isni", "2", &f.arena, &id, NULL), PROS_OK);
    CHECK(id == NULL);
    fixture_close(&f);
}

static void add_show(struct store_batch *batch, const char *id, const char *artist,
                     const char *venue, const char *genre, int32_t day, int64_t known_at_ms)
{
    struct store_show_index show = {artist, venue, "ro_1", genre, day};
    store_add_record(batch, &(struct store_record){.kind = RECORD_SHOW,
                                                   .id = id,
                                                   .known_at_ms = known_at_ms,
                                                   .body = BYTES("s"),
                                                   .show = &show});
}

static void shows_are_found(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_show(batch, "sh_1", "ar_1", "ve_1", "rock", 100, 1);
    add_show(batch, "sh_2", "ar_1", "ve_2", "rock", 200, 1);
    add_show(batch, "sh_3", "ar_2", "ve_1", "folk", 200, 1);
    add_show(batch, "sh_4", "ar_3", "ve_1", "rock", -5, 1);
    add_show(batch, "sh_5", "ar_3", "ve_3", "rock", 300, 99);
    fixture_commit(&f, batch, PROS_OK);
    batch = store_batch_new();
    add_show(batch, "sh_4", "ar_3", "ve_1", "rock", 50, 2); /* moved */
    fixture_commit(&f, batch, PROS_OK);
    const char *one[] = {"ar_1"}, *two[] = {"ar_2", "ar_1"}, *venue[] = {"ve_1"};
    struct store_show_query all = {
        .start_day = INT32_MIN, .end_day = INT32_MAX, .as_of_ms = INT64_MAX};
    struct {
        struct store_show_query query;
        const char *want;
    } cases[16];
    size_t n = 0;
#define CASE(wanted, ...)                                                                          \
    do {                                                                                           \
        struct store_show_query q = all;                                                           \
        __VA_ARGS__;                                                                               \
        cases[n].query = q;                                                                        \
        cases[n++].want = wanted;                                                                  \
    } while (0)
    CASE("sh_5=s sh_2=s sh_3=s sh_1=s sh_4=s ", (void)0);
    CASE("sh_2=s sh_3=s sh_1=s sh_4=s ", q.as_of_ms = 98);
    CASE("sh_2=s sh_1=s ", q.artist_ids = one, q.artist_count = 1);
    CASE("sh_2=s sh_3=s sh_1=s ", q.artist_ids = two, q.artist_count = 2);
    CASE("sh_3=s sh_1=s ", q.artist_ids = two, q.artist_count = 2, q.venue_ids = venue,
         q.venue_count = 1);
    CASE("sh_5=s sh_2=s sh_1=s sh_4=s ", q.genre = "rock");
    CASE("sh_1=s sh_4=s ", q.start_day = 50, q.end_day = 200);
    CASE("sh_3=s sh_1=s sh_4=s ", q.before_day = 200, q.before_id = "sh_2");
    CASE("sh_1=s sh_4=s ", q.before_day = 200, q.before_id = "sh_3");
    CASE("", q.genre = "rock' OR 1 --");
    CASE("sh_2=s sh_3=s sh_1=s sh_4=s ", q.as_of_ms = 1);
    CASE("sh_4=s ", q.as_of_ms = 1, q.end_day = 0);
    CASE("", q.as_of_ms = 2, q.end_day = 0);
    CASE("sh_4=s ", q.as_of_ms = 2, q.start_day = 50, q.end_day = 51);
    CASE("", q.as_of_ms = 1, q.start_day = 50, q.end_day = 51);
#undef CASE
    for (size_t i = 0; i < n; i++) {
        struct seen seen = {0};
        CHECK_INT(store_list_shows(f.store, &cases[i].query, see_record, &seen, NULL), PROS_OK);
        CHECK_STR(seen.text, cases[i].want);
    }
    struct store_counts counts;
    store_get_counts(f.store, &counts, NULL);
    CHECK_INT(counts.shows, 5);
    fixture_close(&f);
}

CHECK_MAIN(records_have_versions, records_list_by_name, keys_name_records, shows_are_found)
