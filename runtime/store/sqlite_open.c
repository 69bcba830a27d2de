/* Opening and closing the file, and the lock that keeps a second daemon out. */
#include "store/sqlite.h"
#include "store/sqlite_read.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char *join(const char *a, const char *b)
{
    size_t size = strlen(a) + strlen(b) + 1;
    char *text = memory_new(1, size);
    snprintf(text, size, "%s%s", a, b);
    return text;
}

static enum pros_status check_folder(const char *path, struct failure *failure)
{
    char *folder = memory_copy_string(path);
    char *slash = strrchr(folder, '/');
    slash[slash == folder] = '\0'; /* path has a slash: it is absolute or begins with "./" */
    struct stat info;
    enum pros_status status = PROS_OK;
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode))
        status = failure_set(failure, PROS_UNAVAILABLE, "STORE_FOLDER_MISSING",
                             "The folder %s for the store does not exist or cannot be entered; "
                             "create it (mkdir -p %s), or choose another path for the store.",
                             folder, folder);
    else if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        status = failure_set(failure, PROS_FAILED_PRECONDITION, "STORE_NOT_A_FILE",
                             "%s is not a file; choose another path for the store.", path);
    free(folder);
    return status;
}

static enum pros_status refuse_second(int fd, const char *path, struct failure *failure)
{
    char text[24] = "";
    ssize_t size = pread(fd, text, sizeof text - 1, 0);
    int64_t process = 0;
    text[size > 0 ? size : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    if (!text_parse_int(text, &process))
        process = 0;
    char who[48] = "";
    if (process > 0)
        snprintf(who, sizeof who, " (process %lld)", (long long)process);
    return failure_set(failure, PROS_UNAVAILABLE, "STORE_IN_USE",
                       "%s is open in another promoterosd%s; stop that one, or choose another path "
                       "for the store.",
                       path, who);
}

/* The lock is the kernel's and ends with the process, however it ends; the file stays. */
static enum pros_status take_lock(struct sqlite_store *store, struct failure *failure)
{
    char *lock_path = join(store->path, ".lock");
    int fd = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    enum pros_status status = PROS_OK;
    if (fd < 0)
        status = failure_set(failure, PROS_UNAVAILABLE, "STORE_UNREADABLE",
                             "%s cannot be written (%s); check the permissions of its folder.",
                             lock_path, strerror(errno));
    else if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        status = refuse_second(fd, store->path, failure);
    free(lock_path);
    if (status) {
        if (fd >= 0)
            close(fd);
        return status;
    }
    store->lock_fd = fd;
    char process[24];
    int length = snprintf(process, sizeof process, "%ld\n", (long)getpid());
    /* Only for the sentence above: the lock holds without it. */
    if (ftruncate(fd, 0) != 0 || pwrite(fd, process, (size_t)length, 0) != length)
        errno = 0;
    return PROS_OK;
}

static void init_conditions(struct sqlite_store *store)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&store->mutex, NULL);
    pthread_cond_init(&store->work, &monotonic);
    pthread_cond_init(&store->room, &monotonic);
    pthread_cond_init(&store->events, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static void free_store(struct sqlite_store *store)
{
    while (store->idle_count) {
        struct connection *reader = store->idle[--store->idle_count];
        connection_close(reader);
        free(reader);
    }
    connection_close(&store->writer);
    if (store->lock_fd >= 0)
        close(store->lock_fd);
    pthread_cond_destroy(&store->events);
    pthread_cond_destroy(&store->room);
    pthread_cond_destroy(&store->work);
    pthread_mutex_destroy(&store->mutex);
    free(store->description);
    free(store->path);
    free(store);
}

/* Signals are for the threads that wait for them. */
static enum pros_status start_writer(struct sqlite_store *store, struct failure *failure)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int error = pthread_create(&store->thread, NULL, writer_run, store);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error)
        return failure_set(failure, PROS_UNAVAILABLE, "STORE_THREAD",
                           "The store's writer could not be started (%s).", strerror(error));
    pthread_setname_np(store->thread, "store-writer");
    return PROS_OK;
}

static enum pros_status sqlite_open(const char *place, struct store **result,
                                    struct failure *failure)
{
    if (!*place)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "STORE_ADDRESS",
                           "The store's address names no file; write sqlite:PATH.");
    struct sqlite_store *store = memory_new(1, sizeof *store);
    store->base.backend = &sqlite_backend;
    store->lock_fd = -1;
    store->last = &store->first;
    /* With a slash in it, no path has a special meaning for SQLite. */
    store->path = join(*place == '/' ? "" : "./", place);
    store->description = join("sqlite: ", place);
    init_conditions(store);
    enum pros_status status = check_folder(store->path, failure);
    if (!status)
        status = take_lock(store, failure);
    if (!status)
        status = connection_open(&store->writer, store->path, true, failure);
    if (!status)
        status = schema_open(&store->writer, failure);
    if (!status)
        status = state_load(&store->writer, &store->state, failure);
    store->newest_event = store->state.event_sequence;
    if (!status)
        status = start_writer(store, failure);
    if (status) {
        free_store(store);
        return status;
    }
    *result = &store->base;
    return PROS_OK;
}

static void sqlite_close_store(struct store *base)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    pthread_mutex_lock(&store->mutex);
    store->closing = true;
    pthread_cond_broadcast(&store->work);
    pthread_mutex_unlock(&store->mutex);
    pthread_join(store->thread, NULL);
    free_store(store); /* the last connection to close empties the log into the file */
}

static const char *sqlite_description(const struct store *base)
{
    return ((const struct sqlite_store *)base)->description;
}

static enum pros_status sqlite_get_counts(struct store *base, struct store_counts *counts,
                                          struct failure *failure)
{
    struct connection *connection;
    struct store_state state;
    enum pros_status status = read_begin(base, &connection, failure);
    if (status)
        return status;
    status = state_load(connection, &state, failure);
    status = read_end(base, connection, SQLITE_DONE, status, failure);
    if (status)
        return status;
    *counts = (struct store_counts){
        .artists = state.record_counts[RECORD_ARTIST],
        .tracks = state.record_counts[RECORD_TRACK],
        .venues = state.record_counts[RECORD_VENUE],
        .shows = state.record_counts[RECORD_SHOW],
        .points = state.point_count,
        .commit_seq = state.commit_seq,
        .event_sequence = state.event_sequence,
        .has_simulated = state.has_simulated != 0,
    };
    return PROS_OK;
}

const struct store_backend sqlite_backend = {
    .scheme = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close_store,
    .description = sqlite_description,
    .submit = sqlite_submit,
    .get_record = sqlite_get_record,
    .find_key = sqlite_find_key,
    .list_records = sqlite_list_records,
    .list_shows = sqlite_list_shows,
    .scan_signals = sqlite_scan_signals,
    .list_sources = sqlite_list_sources,
    .read_events = sqlite_read_events,
    .wait_events = sqlite_wait_events,
    .get_trace = sqlite_get_trace,
    .list_traces = sqlite_list_traces,
    .list_predictions = sqlite_list_predictions,
    .verify_ledger = sqlite_verify_ledger,
    .find_request = sqlite_find_request,
    .get_import = sqlite_get_import,
    .read_chunks = sqlite_read_chunks,
    .get_model = sqlite_get_model,
    .list_api_keys = sqlite_list_api_keys,
    .get_counts = sqlite_get_counts,
};
