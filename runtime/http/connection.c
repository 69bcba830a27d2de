/* A connection: bytes to requests, one after the other, and replies back. */
#include "http/door.h"

#include <string.h>
#include <sys/socket.h>

#define WRITE_BYTES       ((size_t)64 * 1024)
#define INPUT_MAX_BYTES   ((size_t)128 * 1024)
#define LINGER_MS         3000
#define LINGER_MAX_BYTES  ((size_t)32 * 1024 * 1024)
#define PAYLOAD_MAX_BYTES ((size_t)128 * 1024 * 1024)

enum connection_state {
    AT_HEAD,   /* between requests, or within a head */
    AT_BODY,   /* within a body */
    AT_RUN,    /* waits for the reply */
    AT_ANSWER, /* the reply is on its way */
    AT_FLUSH,  /* all of the last reply was handed over */
    AT_LINGER  /* reads over what still comes, so that the reply is not lost with a reset */
};

struct connection {
    struct http_door *door;
    struct lws *wsi;
    enum connection_state state;
    struct buffer input; /* not yet taken */
    size_t scanned;      /* of a head that is not complete */
    struct body body;
    struct exchange *exchange;
    bool has_started; /* some of a head has come */
    bool owes_continue, must_close, is_paused;
    size_t lingered_bytes;
    lws_sorted_usec_list_t timer;
    struct connection *next, *previous;
};

static void advance(struct connection *it);

static void kill_later(struct connection *it)
{
    lws_set_timeout(it->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

/* ---- time ---- */

static void refuse_slow(struct connection *it)
{
    if (!it->exchange) {
        it->exchange = exchange_new(it);
        it->exchange->door = it->door;
    }
    it->must_close = true;
    exchange_refuse(it->exchange, 408, "TOO_SLOW",
                    "The request did not arrive in time; send it again, faster.");
    connection_send(it);
}

static void time_is_up(lws_sorted_usec_list_t *timer)
{
    struct connection *it = lws_container_of(timer, struct connection, timer);
    if ((it->state == AT_HEAD && it->has_started) || it->state == AT_BODY)
        refuse_slow(it);
    else
        kill_later(it);
}

static void wait_at_most(struct connection *it, int64_t ms)
{
    lws_sul_schedule(it->door->context, 0, &it->timer, time_is_up, ms * 1000);
}

/* ---- requests ---- */

static void pause_input(struct connection *it, bool paused)
{
    if (it->is_paused == paused)
        return;
    it->is_paused = paused;
    lws_rx_flow_control(it->wsi, paused ? 0 : 1);
}

static void consume(struct connection *it, size_t size)
{
    memmove(it->input.data, it->input.data + size, it->input.size - size);
    it->input.size -= size;
}

void connection_send(struct connection *it)
{
    struct exchange *exchange = it->exchange;
    if (it->must_close)
        exchange->keep_alive = false;
    exchange_finish(exchange);
    it->state = AT_ANSWER;
    wait_at_most(it, it->door->write_wait_ms);
    lws_callback_on_writable(it->wsi);
}

static void refuse_and_close(struct connection *it, int status, const char *reason,
                             const char *sentence)
{
    it->must_close = true;
    exchange_refuse(it->exchange, status, reason, "%s", sentence);
    connection_send(it);
}

/* True when there is more to do with what has come. */
static bool take_head(struct connection *it)
{
    struct head head;
    struct refusal refusal;
    size_t size = 0;
    if (it->scanned == 0 && it->input.size >= 2 && memcmp(it->input.data, "\r\n", 2) == 0)
        consume(it, 2); /* RFC 9112, section 2.2: a stray line before a request */
    if (it->input.size == 0)
        return false;
    if (!it->has_started)
        wait_at_most(it, it->door->head_wait_ms);
    it->has_started = true;
    enum head_result result =
        head_read(it->input.data, it->input.size, &it->scanned, &head, &size, &refusal);
    if (result == HEAD_INCOMPLETE)
        return false;
    it->exchange = exchange_new(it);
    it->exchange->door = it->door;
    if (result == HEAD_REFUSED) {
        refuse_and_close(it, refusal.status, refusal.reason, refusal.sentence);
        return false;
    }
    exchange_begin(it->exchange, &head);
    body_open(&it->body, &head);
    bool has_body = it->body.part != BODY_COMPLETE;
    consume(it, size);
    it->scanned = 0;
    it->has_started = false;
    if (it->exchange->is_answered) {
        /* A body that nobody wants is not read: the connection ends instead. */
        it->must_close = has_body;
        connection_send(it);
        return false;
    }
    it->state = AT_BODY;
    wait_at_most(it, it->door->body_wait_ms);
    it->owes_continue = has_body && head.expects_continue && it->input.size == 0;
    if (it->owes_continue)
        lws_callback_on_writable(it->wsi);
    return true;
}

static void run(struct connection *it)
{
    struct exchange *exchange = it->exchange;
    it->state = AT_RUN;
    it->owes_continue = false;
    lws_sul_cancel(&it->timer);
    if (exchange->body.size > READER_BYTES) {
        exchange_take_slot(exchange);
        reader_add(it->door->reader, exchange);
    } else if (exchange->route->run(exchange)) {
        connection_send(it);
    }
}

static void take_body(struct connection *it)
{
    struct exchange *exchange = it->exchange;
    size_t taken = 0, before = exchange->body.size;
    enum body_result result =
        body_feed(&it->body, it->input.data, it->input.size, &taken, &exchange->body);
    it->door->payload_bytes += exchange->body.size - before;
    if (it->input.size)
        consume(it, taken);
    if (result == BODY_BAD)
        refuse_and_close(it, 400, "BAD_CHUNKS",
                         "The chunks of the body are malformed; check the client that sent it.");
    else if (result == BODY_TOO_LARGE)
        refuse_and_close(it, 413, "BODY_TOO_LARGE",
                         "The body is too large; send less at once, for example through the "
                         "methods that import in chunks.");
    else if (it->door->payload_bytes > PAYLOAD_MAX_BYTES)
        refuse_and_close(it, 503, "BUSY",
                         "Too many large requests at once; try again in a moment.");
    else if (result == BODY_END)
        run(it);
}

static void advance(struct connection *it)
{
    bool more = true;
    while (more && (it->state == AT_HEAD || it->state == AT_BODY)) {
        if (it->state == AT_HEAD)
            more = take_head(it);
        else {
            take_body(it);
            more = false;
        }
    }
    if (it->state == AT_RUN || it->state == AT_ANSWER)
        pause_input(it, it->input.size > HEAD_MAX_BYTES);
}

static int receive(struct connection *it, const char *data, size_t size)
{
    if (it->state == AT_LINGER || it->state == AT_FLUSH || it->must_close) {
        it->lingered_bytes += size;
        return it->lingered_bytes > LINGER_MAX_BYTES ? -1 : 0;
    }
    if (!buffer_add(&it->input, data, size))
        return -1;
    advance(it);
    return 0;
}

/* ---- replies ---- */

static int linger(struct connection *it)
{
    if (it->state == AT_FLUSH && !it->must_close)
        return -1; /* all was read, so closing loses nothing */
    it->state = AT_LINGER;
    shutdown(lws_get_socket_fd(it->wsi), SHUT_WR);
    pause_input(it, false);
    wait_at_most(it, LINGER_MS);
    return 0;
}

static void end_exchange(struct connection *it)
{
    bool goes_on = it->exchange->keep_alive;
    exchange_free(it->exchange);
    it->exchange = NULL;
    it->state = goes_on ? AT_HEAD : AT_FLUSH;
    wait_at_most(it, goes_on ? it->door->idle_wait_ms : it->door->write_wait_ms);
    if (!goes_on) {
        lws_callback_on_writable(it->wsi);
        return;
    }
    pause_input(it, false);
    advance(it);
}

static int write_piece(struct connection *it)
{
    struct exchange *exchange = it->exchange;
    size_t left = exchange->out.size - exchange->out_at;
    size_t piece = left < WRITE_BYTES ? left : WRITE_BYTES;
    if (lws_write(it->wsi, (unsigned char *)exchange->out.data + exchange->out_at, piece,
                  LWS_WRITE_RAW) < 0)
        return -1;
    exchange->out_at += piece;
    if (piece == left) {
        end_exchange(it);
        return 0;
    }
    wait_at_most(it, it->door->write_wait_ms);
    lws_callback_on_writable(it->wsi);
    return 0;
}

static int write_continue(struct connection *it)
{
    static const char words[] = "HTTP/1.1 100 Continue\r\n\r\n";
    unsigned char bytes[LWS_PRE + sizeof words] = {0};
    it->owes_continue = false;
    memcpy(bytes + LWS_PRE, words, sizeof words - 1);
    return lws_write(it->wsi, bytes + LWS_PRE, sizeof words - 1, LWS_WRITE_RAW) < 0 ? -1 : 0;
}

static int send_next(struct connection *it)
{
    if (it->owes_continue)
        return write_continue(it);
    if (it->state == AT_ANSWER)
        return write_piece(it);
    return it->state == AT_FLUSH ? linger(it) : 0;
}

/* ---- life ---- */

static void open_connection(struct connection *it, struct lws *wsi)
{
    struct http_door *door = lws_context_user(lws_get_context(wsi));
    it->door = door;
    it->wsi = wsi;
    buffer_open(&it->input, INPUT_MAX_BYTES);
    it->next = door->connections;
    if (it->next)
        it->next->previous = it;
    door->connections = it;
    door->connection_count++;
    wait_at_most(it, door->head_wait_ms);
}

static void close_connection(struct connection *it)
{
    struct exchange *exchange = it->exchange;
    if (!it->door)
        return;
    lws_sul_cancel(&it->timer);
    buffer_close(&it->input);
    if (exchange && exchange->has_slot) {
        exchange->connection = NULL;
        atomic_store(&exchange->call.cancelled, true);
    } else if (exchange) {
        exchange_free(exchange);
    }
    if (it->previous)
        it->previous->next = it->next;
    else
        it->door->connections = it->next;
    if (it->next)
        it->next->previous = it->previous;
    it->door->connection_count--;
    door_resume(it->door);
    it->door = NULL;
}

static int connection_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
                               void *in, size_t size)
{
    struct connection *it = user;
    switch ((int)reason) {
    case LWS_CALLBACK_RAW_ADOPT:
        open_connection(it, wsi);
        return 0;
    case LWS_CALLBACK_RAW_RX:
        return it->door ? receive(it, in, size) : -1;
    case LWS_CALLBACK_RAW_WRITEABLE:
        return it->door ? send_next(it) : -1;
    case LWS_CALLBACK_RAW_CLOSE:
        close_connection(it);
        return 0;
    default:
        return 0;
    }
}

bool connection_close_idle(struct http_door *door)
{
    bool all_idle = true;
    for (struct connection *it = door->connections; it; it = it->next) {
        if (it->state == AT_HEAD || it->state == AT_LINGER)
            kill_later(it);
        else
            all_idle = false;
        it->must_close = it->must_close || it->state == AT_RUN || it->state == AT_BODY;
    }
    return all_idle;
}

void connection_cancel_all(struct http_door *door)
{
    for (struct connection *it = door->connections; it; it = it->next)
        kill_later(it);
}

const struct lws_protocols door_protocols[] = {
    {.name = "listener", .callback = listener_callback},
    {.name = "connection",
     .callback = connection_callback,
     .per_session_data_size = sizeof(struct connection),
     .rx_buffer_size = RECEIVE_BYTES},
    {0},
};
