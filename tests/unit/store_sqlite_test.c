/* What only the SQLite backend has: a file, its lock, damage to it, and kill -9. */
#include "unit/store_fixture.h"

#include "base/id.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static void refuse(const char *address, enum pros_status want, const char *part)
{
    struct store *store;
    struct failure failure = {0};
    CHECK_INT(store_open(address, &store, &failure), want);
    CHECK(store == NULL);
    if (!CHECK(strstr(failure.sentence, part) != NULL))
        fprintf(stderr, "    \"%s\" lacks \"%s\"\n", failure.sentence, part);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

static void change(const char *path, const char *sql)
{
    sqlite3 *db;
    char *message = NULL;
    sqlite3_open(path, &db);
    if (!CHECK_INT(sqlite3_exec(db, sql, NULL, NULL, &message), SQLITE_OK))
        fprintf(stderr, "    %s\n", message);
    sqlite3_free(message);
    sqlite3_close(db);
}

static void unusable_files_are_refused(void)
{
    struct fixture f;
    fixture_folder(&f);
    char address[160];
    snprintf(address, sizeof address, "sqlite:%s/none/x.db", f.folder);
    refuse(address, PROS_UNAVAILABLE, "mkdir -p");
    snprintf(address, sizeof address, "sqlite:%s", f.folder);
    refuse(address, PROS_FAILED_PRECONDITION, "is not a file");
    char text[512];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    write_file(f.path, text);
    refuse(f.address, PROS_FAILED_PRECONDITION, "is not a database");
    remove(f.path);
    change(f.path, "CREATE TABLE other(x)");
    refuse(f.address, PROS_FAILED_PRECONDITION, "not one of PromoterOS");
    remove(f.path);
    fixture_reopen(&f);
    store_close(f.store);
    f.store = NULL;
    change(f.path, "PRAGMA user_version = 99");
    refuse(f.address, PROS_FAILED_PRECONDITION, "newer PromoterOS (file version 99");
    fixture_close(&f);
}

static void read_file(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    size_t read = file ? fread(text, 1, size - 1, file) : 0;
    CHECK(read > 0 && read < size - 1);
    text[read] = '\0';
    if (file)
        fclose(file);
}

static enum pros_status see_key_id(void *context, const struct store_api_key *key)
{
    return see(context, "%s ", key->id);
}

/* What version 1 wrote is read, and takes what only this version knows; twice, since the second
 * time there is nothing left to do. */
static void older_files_are_upgraded(void)
{
    struct fixture f;
    static char sql[64 * 1024];
    struct store_signal_query all = {
        .start_ms = INT64_MIN, .end_ms = INT64_MAX, .as_of_ms = INT64_MAX};
    struct store_show_query day_100 = {.start_day = 100, .end_day = 101, .as_of_ms = 5};
    fixture_folder(&f);
    read_file(PROMOTEROS_FIXTURES "/store-version-1.sql", sql, sizeof sql);
    change(f.path, sql);
    change(f.path, "INSERT INTO record VALUES(9, 4, 'sh_1', '', 5);"
                   "INSERT INTO record_version VALUES(9, 9, 5, 3, 0, X'73');"
                   "INSERT INTO show VALUES(9, 'sh_1', 'ar_1', 've_1', 'main', 'rock', 100);");
    for (int round = 1; round <= 2; round++) {
        struct store_counts counts;
        struct seen series = {0}, shows = {0}, keys = {0};
        fixture_reopen(&f);
        CHECK_INT(store_get_counts(f.store, &counts, NULL), PROS_OK);
        CHECK_INT(counts.artists, 1);
        CHECK_INT(counts.venues, 1);
        CHECK_INT(store_scan_signals(f.store, &all, see_series, &series, NULL, NULL), PROS_OK);
        CHECK(strstr(series.text, "/spotify/followers:1767225600000=100,1767312000000=110,") !=
              NULL);
        CHECK_INT(store_list_shows(f.store, &day_100, see_record, &shows, NULL), PROS_OK);
        CHECK_STR(shows.text, "sh_1=s ");
        CHECK_INT(store_list_api_keys(f.store, see_key_id, &keys, NULL), PROS_OK);
        CHECK_STR(keys.text, round == 1 ? "" : "k1 ");
        struct store_batch *batch = store_batch_new();
        store_add_api_key(batch, &(struct store_api_key){.id = "k1", .secret_hash = BYTES("h")});
        fixture_commit(&f, batch, PROS_OK);
    }
    fixture_close(&f);
}

static void a_second_daemon_is_refused(void)
{
    struct fixture f;
    fixture_open(&f);
    char process[48];
    snprintf(process, sizeof process, "another promoterosd (process %ld)", (long)getpid());
    refuse(f.address, PROS_UNAVAILABLE, process);
    fixture_reopen(&f); /* closing gives the lock back */
    fixture_close(&f);
}

static void special_names_are_files(void)
{
    struct fixture f;
    fixture_folder(&f);
    char before[512];
    CHECK(getcwd(before, sizeof before) && chdir(f.folder) == 0);
    static const char *const names[] = {":memory:", "file:x?mode=memory", "plain.db"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char address[64];
        struct stat info;
        snprintf(address, sizeof address, "sqlite:%s", names[i]);
        CHECK_INT(store_open(address, &f.store, NULL), PROS_OK);
        store_close(f.store);
        CHECK(stat(names[i], &info) == 0 && info.st_size > 0);
    }
    f.store = NULL;
    CHECK(chdir(before) == 0);
    fixture_close(&f);
}

static void add_ledger(struct store_batch *batch)
{
    store_add_prediction(batch, &(struct store_prediction){.id = "pr_1",
                                                           .target = "heads",
                                                           .subject = "show/1",
                                                           .agent = "a",
                                                           .issue_ms = 1,
                                                           .due_ms = 2,
                                                           .prediction = BYTES("body")});
    store_add_ledger(batch, "pr_1", LEDGER_OUTCOME, BYTES("outcome"));
    store_add_ledger(batch, "pr_1", LEDGER_SCORE, BYTES("score"));
}

static void ledger_shows_changes(void)
{
    static const struct {
        const char *sql, *sentence;
    } cases[] = {
        {"UPDATE ledger_entry SET body = x'626f6478' WHERE entry = 1", "entry 1 does not fit"},
        {"UPDATE ledger_entry SET hash = zeroblob(32) WHERE entry = 2", "entry 2 does not fit"},
        {"UPDATE ledger_entry SET part = 3 WHERE entry = 3", "entry 3 does not fit"},
        {"UPDATE prediction SET due_ms = 3", "entry 1 does not fit"},
        {"UPDATE prediction SET subject = 'show/2'", "entry 1 does not fit"},
        {"DELETE FROM ledger_entry WHERE entry = 2", "entry 2 is missing"},
        {"DELETE FROM ledger_entry WHERE entry = 3", "entry 3 is missing"},
        {"DELETE FROM ledger_entry", "entry 1 is missing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        fixture_open(&f);
        struct store_batch *batch = store_batch_new();
        add_ledger(batch);
        fixture_commit(&f, batch, PROS_OK);
        CHECK_INT(store_verify_ledger(f.store, NULL, NULL), PROS_OK);
        change(f.path, cases[i].sql);
        struct failure failure = {0};
        CHECK_INT(store_verify_ledger(f.store, NULL, &failure), PROS_DATA_LOSS);
        if (!CHECK(strstr(failure.sentence, cases[i].sentence) != NULL))
            fprintf(stderr, "    %s\n    %s\n", cases[i].sql, failure.sentence);
        fixture_close(&f);
    }
}

static void read_hash(struct fixture *f, int entry, unsigned char hash[32])
{
    sqlite3 *db;
    sqlite3_stmt *row;
    sqlite3_open(f->path, &db);
    sqlite3_prepare_v2(db, "SELECT hash FROM ledger_entry WHERE entry = ?", -1, &row, NULL);
    sqlite3_bind_int(row, 1, entry);
    if (CHECK_INT(sqlite3_step(row), SQLITE_ROW) && CHECK_INT(sqlite3_column_bytes(row, 0), 32))
        memcpy(hash, sqlite3_column_blob(row, 0), 32);
    sqlite3_finalize(row);
    sqlite3_close(db);
}

/* The same entry behind another history has another hash. */
static void ledger_entries_bind_what_came_before(void)
{
    unsigned char hashes[2][32] = {{0}, {1}};
    for (int i = 0; i < 2; i++) {
        struct fixture f;
        fixture_open(&f);
        struct store_prediction prediction = {.id = i ? "pr_a" : "pr_b", .prediction = BYTES("p")};
        struct store_batch *batch = store_batch_new();
        store_add_prediction(batch, &prediction);
        prediction.id = "pr_same";
        store_add_prediction(batch, &prediction);
        fixture_commit(&f, batch, PROS_OK);
        read_hash(&f, 2, hashes[i]);
        fixture_close(&f);
    }
    CHECK(memcmp(hashes[0], hashes[1], 32) != 0);
}

static void damage_is_said(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_point(batch, "ar_1", "m", 1, 1, 1);
    fixture_commit(&f, batch, PROS_OK);
    change(f.path, "UPDATE series_block SET data = x'0101ffff00000000'");
    struct seen seen = {0};
    struct failure failure = {0};
    struct store_signal_query query = {
        .start_ms = INT64_MIN, .end_ms = INT64_MAX, .as_of_ms = INT64_MAX};
    CHECK_INT(store_scan_signals(f.store, &query, see_series, &seen, NULL, &failure),
              PROS_INTERNAL);
    CHECK(strstr(failure.sentence, "is damaged") != NULL);
    change(f.path, "UPDATE state SET ledger_head = x'00'");
    struct store_counts counts;
    CHECK_INT(store_get_counts(f.store, &counts, &failure), PROS_INTERNAL);
    fixture_close(&f);
}

/* RLIMIT_FSIZE stands in for a full disk: writes behind it fail. */
static void a_full_disk_is_said_and_survived(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_artist(batch, "ar_1", "Kept", 1, "kept");
    fixture_commit(&f, batch, PROS_OK);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){(rlim_t)256 * 1024, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    char *big = malloc(1 << 20);
    memset(big, 'b', 1 << 20);
    batch = store_batch_new();
    store_add_record(batch, &(struct store_record){.kind = RECORD_ARTIST,
                                                   .id = "ar_2",
                                                   .name = "Lost",
                                                   .known_at_ms = 1,
                                                   .body = {big, 1 << 20}});
    struct failure failure = {0};
    CHECK_INT(store_commit(f.store, batch, NULL, &failure), PROS_UNAVAILABLE);
    CHECK(failure.sentence[0] != '\0');
    setrlimit(RLIMIT_FSIZE, &before);
    batch = store_batch_new();
    add_artist(batch, "ar_3", "After", 1, "after");
    CHECK_INT(fixture_commit(&f, batch, PROS_OK), 2);
    fixture_reopen(&f);
    struct seen seen = {0};
    struct store_record_query query = {
        .kind = RECORD_ARTIST, .name_part = "", .as_of_ms = INT64_MAX};
    CHECK_INT(store_list_records(f.store, &query, see_record, &seen, NULL), PROS_OK);
    CHECK_STR(seen.text, "ar_3=after ar_1=kept ");
    free(big);
    fixture_close(&f);
}

/* ---- kill -9 ---- */

enum { KILLS = 20, PARTS = 4 };

/* Commits numbered batches from first on, and says so after each. Never returns. */
static void run_child(const char *address, int32_t first, int pipe_fd)
{
    struct store *store;
    if (store_open(address, &store, NULL) != PROS_OK)
        _exit(3);
    for (int32_t number = first;; number++) {
        struct store_batch *batch = store_batch_new();
        for (int part = 0; part < PARTS; part++) {
            char id[32];
            snprintf(id, sizeof id, "ar_%06d_%d", number, part);
            add_artist(batch, id, id, 1, "body");
            add_point(batch, "ar_all", "m", (int64_t)number * PARTS + part, number, 1);
            add_event(batch, "e");
        }
        if (store_commit(store, batch, NULL, NULL) != PROS_OK)
            _exit(4);
        if (write(pipe_fd, &number, sizeof number) != sizeof number)
            _exit(5);
    }
}

/* Starts a child, kills it within 20 ms of its start or of its first batch, and returns the last
 * number that it acknowledged. */
static int32_t run_and_kill(struct fixture *f, int32_t first, bool at_work)
{
    int ends[2];
    if (pipe(ends) != 0)
        exit(1);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        run_child(f->address, first, ends[1]);
    }
    close(ends[1]);
    int32_t number, last = first - 1;
    if (at_work && read(ends[0], &number, sizeof number) == sizeof number)
        last = number;
    nanosleep(&(struct timespec){.tv_nsec = (long)(random_seed() % 20000000)}, NULL);
    kill(child, SIGKILL);
    while (read(ends[0], &number, sizeof number) == sizeof number)
        last = number;
    close(ends[0]);
    int status;
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    return last;
}

struct total {
    size_t points;
};

static enum pros_status add_up(void *context, const struct store_series *series)
{
    ((struct total *)context)->points += series->point_count;
    return PROS_OK;
}

static void kills_lose_nothing(void)
{
    struct fixture f;
    fixture_folder(&f);
    int32_t next = 0;
    for (int round = 0; round < KILLS; round++) {
        int32_t last = run_and_kill(&f, next, round % 2);
        f.store = NULL;
        fixture_reopen(&f);
        struct store_counts counts;
        CHECK_INT(store_get_counts(f.store, &counts, NULL), PROS_OK);
        /* All that was acknowledged, at most one more, and no part of a batch. */
        CHECK(counts.commit_seq == last + 1 || counts.commit_seq == last + 2);
        CHECK_INT(counts.artists, counts.commit_seq * PARTS);
        CHECK_INT(counts.event_sequence, counts.commit_seq * PARTS);
        CHECK_INT(counts.points, counts.commit_seq * PARTS);
        struct total total = {0};
        struct store_signal_query query = {
            .start_ms = INT64_MIN, .end_ms = INT64_MAX, .as_of_ms = INT64_MAX};
        CHECK_INT(store_scan_signals(f.store, &query, add_up, &total, NULL, NULL), PROS_OK);
        CHECK_INT(total.points, counts.commit_seq * PARTS);
        next = (int32_t)counts.commit_seq;
        store_close(f.store);
        f.store = NULL;
    }
    CHECK(next >= KILLS / 2); /* half of the kills wait for a first batch */
    printf("%d batches over %d kills\n", next, KILLS);
    fixture_close(&f);
}

CHECK_MAIN(unusable_files_are_refused, older_files_are_upgraded, a_second_daemon_is_refused,
           special_names_are_files, ledger_shows_changes, ledger_entries_bind_what_came_before,
           damage_is_said, a_full_disk_is_said_and_survived, kills_lose_nothing)
