/* The door's thread: accepts, hands finished runs back to their connections, and ends. */
#include "http/server.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "http/door.h"
#include "http/listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTION_LIMIT 1024
#define ACCEPT_BATCH     16
#define TICK_MS          20
#define MAX_BODY_BYTES   ((size_t)1024 * 1024)

/* ---- accepting ---- */

static void resume_later(lws_sorted_usec_list_t *tick)
{
    door_resume(lws_container_of(tick, struct http_door, tick));
}

void door_resume(struct http_door *door)
{
    if (!door->is_paused || !door->accepting || door->connection_count >= CONNECTION_LIMIT)
        return;
    door->is_paused = false;
    lws_rx_flow_control(door->listener, 1);
}

/* Whoever comes waits in the system's queue until a connection has ended. */
static void pause_accepting(struct http_door *door)
{
    door->is_paused = true;
    lws_rx_flow_control(door->listener, 0);
    lws_sul_schedule(door->context, 0, &door->tick, resume_later, 200 * 1000);
}

static void accept_some(struct http_door *door)
{
    int yes = 1;
    for (int i = 0; i < ACCEPT_BATCH && door->accepting && !door->is_paused; i++) {
        lws_sock_file_fd_type accepted;
        if (door->connection_count >= CONNECTION_LIMIT) {
            pause_accepting(door);
            return;
        }
        accepted.sockfd =
            accept4(lws_get_socket_fd(door->listener), NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted.sockfd < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                pause_accepting(door);
            return;
        }
        setsockopt(accepted.sockfd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        lws_adopt_descriptor_vhost(door->vhost, LWS_ADOPT_SOCKET, accepted, "connection", NULL);
    }
}

/* ---- the end of runs ---- */

static void take_finished(struct http_door *door)
{
    pthread_mutex_lock(&door->lock);
    struct exchange *exchange = door->finished;
    door->finished = NULL;
    pthread_mutex_unlock(&door->lock);
    while (exchange) {
        struct exchange *next = exchange->next;
        exchange->has_slot = false;
        door->running_count--;
        if (exchange->connection)
            connection_send(exchange->connection);
        else
            exchange_free(exchange);
        exchange = next;
    }
}

int listener_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t size)
{
    struct http_door *door = lws_context_user(lws_get_context(wsi));
    (void)user;
    (void)in;
    (void)size;
    switch ((int)reason) {
    case LWS_CALLBACK_RAW_RX_FILE:
        accept_some(door);
        return 0;
    case LWS_CALLBACK_RAW_CLOSE_FILE:
        door->listener = NULL;
        return 0;
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        take_finished(door);
        return 0;
    default:
        return 0;
    }
}

/* ---- the thread ---- */

static void nothing(lws_sorted_usec_list_t *tick)
{
    (void)tick;
}

static void stop_accepting(struct http_door *door)
{
    door->accepting = false;
    lws_sul_cancel(&door->tick);
    if (door->listener)
        lws_set_timeout(door->listener, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

/* True when nothing is left to wait for. */
static bool wind_down(struct http_door *door, int64_t stop_us)
{
    bool late = clock_monotonic_us() >= stop_us;
    if (door->accepting)
        stop_accepting(door);
    bool is_idle = connection_close_idle(door);
    if (late)
        connection_cancel_all(door);
    if (door->running_count == 0 && (is_idle || late))
        return true;
    lws_sul_schedule(door->context, 0, &door->tick, nothing, TICK_MS * 1000);
    return false;
}

static void *serve(void *argument)
{
    struct http_door *door = argument;
    for (;;) {
        lws_service(door->context, 0);
        pthread_mutex_lock(&door->lock);
        bool stopping = door->stopping;
        int64_t stop_us = door->stop_us;
        pthread_mutex_unlock(&door->lock);
        if (stopping && wind_down(door, stop_us))
            return NULL;
    }
}

/* ---- opening and closing ---- */

static void log_words(int level, const char *line)
{
    log_line(level == LLL_ERR ? LOG_WARNING : LOG_DEBUG, "web door: %.*s", (int)strcspn(line, "\n"),
             line);
}

static enum pros_status open_context(struct http_door *door, struct failure *failure)
{
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = door_protocols,
        .vhost_name = "promoteros",
        .user = door,
        .fd_limit_per_thread = CONNECTION_LIMIT + 64,
        .pt_serv_buf_size = RECEIVE_BYTES,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
    };
    lws_set_log_level(LLL_ERR, log_words);
    door->context = lws_create_context(&info);
    door->vhost = door->context ? lws_create_vhost(door->context, &info) : NULL;
    return door->vhost ? PROS_OK
                       : failure_set(failure, PROS_INTERNAL, "WEB_DOOR",
                                     "The web door cannot start its event loop; see the log, or "
                                     "do without it: --http off.");
}

static enum pros_status refuse_thread(struct failure *failure)
{
    return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "NO_THREADS",
                       "The system does not give the web door its threads; do without it: --http "
                       "off.");
}

static enum pros_status start(struct http_door *door, int descriptor, struct failure *failure)
{
    lws_sock_file_fd_type listening = {.filefd = descriptor};
    enum pros_status status = open_context(door, failure);
    if (status == PROS_OK)
        door->listener = lws_adopt_descriptor_vhost(door->vhost, LWS_ADOPT_RAW_FILE_DESC, listening,
                                                    "listener", NULL);
    if (!door->listener) {
        close(descriptor);
        return status != PROS_OK ? status
                                 : failure_set(failure, PROS_INTERNAL, "WEB_DOOR",
                                               "The web door cannot watch its socket; do without "
                                               "it: --http off.");
    }
    door->accepting = true;
    door->has_thread = pthread_create(&door->thread, NULL, serve, door) == 0;
    return door->has_thread ? PROS_OK : refuse_thread(failure);
}

enum pros_status http_door_open(struct host *host, const struct http_door_options *options,
                                struct http_door **door, struct failure *failure)
{
    int descriptor, port;
    enum pros_status status = listen_open(options->address, &descriptor, &port, failure);
    if (status != PROS_OK)
        return status;
    struct http_door *made = memory_new(1, sizeof *made);
    int64_t wait_ms = options->max_wait_ms;
    made->host = host;
    made->port = port;
    made->allowed_hosts = memory_copy_string(options->allowed_hosts);
    made->allowed_origins = memory_copy_string(options->allowed_origins);
    made->max_body_bytes = options->max_body_bytes ? options->max_body_bytes : MAX_BODY_BYTES;
    made->head_wait_ms = wait_ms ? wait_ms : 10000;
    made->body_wait_ms = wait_ms ? wait_ms : 30000;
    made->write_wait_ms = wait_ms ? wait_ms : 30000;
    made->idle_wait_ms = wait_ms ? wait_ms : 75000;
    pthread_mutex_init(&made->lock, NULL);
    page_style_digest(made->style_digest, sizeof made->style_digest);
    made->reader = reader_open();
    if (made->reader) {
        status = start(made, descriptor, failure);
    } else {
        close(descriptor);
        status = refuse_thread(failure);
    }
    if (status != PROS_OK) {
        http_door_close(made, 0);
        return status;
    }
    *door = made;
    return PROS_OK;
}

int http_door_port(const struct http_door *door)
{
    return door->port;
}

void http_door_close(struct http_door *door, int64_t grace_ms)
{
    if (!door)
        return;
    if (door->has_thread) {
        pthread_mutex_lock(&door->lock);
        door->stopping = true;
        door->stop_us = clock_monotonic_us() + grace_ms * 1000;
        lws_cancel_service(door->context);
        pthread_mutex_unlock(&door->lock);
        pthread_join(door->thread, NULL);
    }
    reader_close(door->reader);
    if (door->context)
        lws_context_destroy(door->context);
    pthread_mutex_destroy(&door->lock);
    free((char *)door->allowed_hosts);
    free((char *)door->allowed_origins);
    free(door);
}
