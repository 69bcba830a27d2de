/*
 * What the parts of the web door share: the door, its connections, and the exchange, which is one
 * request and its reply.
 *
 * Why: an exchange outlives its connection when the caller goes away while a run is under way, and
 * a connection outlives many exchanges; each has its file, and they meet here.
 *
 * Memory: libwebsockets owns connections; exchange_free() ends an exchange. Threads: everything on
 * the door's thread, but for what says [pool thread]. Errors: none.
 */
#ifndef PROMOTEROS_HTTP_DOOR_H
#define PROMOTEROS_HTTP_DOOR_H

#include "base/buffer.h"
#include "host/access.h"
#include "host/host.h"
#include "http/body.h"
#include "http/head.h"

#include <libwebsockets.h>
#include <pthread.h>

/* In front of a reply's body, for its head. */
#define REPLY_HEAD_BYTES ((size_t)2048)
#define REPLY_START      (LWS_PRE + REPLY_HEAD_BYTES)
#define REPLY_MAX_BYTES  ((size_t)64 * 1024 * 1024)
#define RPC_ID_SIZE      130
#define RECEIVE_BYTES    16384

struct exchange;
struct connection;
struct reader;

struct http_door {
    struct host *host;
    const char *allowed_hosts, *allowed_origins;
    size_t max_body_bytes;
    int64_t head_wait_ms, body_wait_ms, idle_wait_ms, write_wait_ms;
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct lws *listener;
    int port;
    pthread_t thread;
    bool has_thread;
    struct reader *reader;
    char style_digest[64]; /* of the page's style, for its policy */

    struct connection *connections;
    size_t connection_count, running_count, payload_bytes;
    bool accepting, is_paused;
    lws_sorted_usec_list_t tick;
    long long replies_by_class[6]; /* 2: 2xx ... */

    pthread_mutex_t lock; /* for all below */
    struct exchange *finished;
    bool stopping;
    int64_t stop_us; /* cancel what still runs then */
};

/* What can be asked for. A path that ends in '/' stands for the methods below it. */
struct route {
    const char *path;
    const char *methods; /* "GET, HEAD" */
    bool is_open;        /* needs no key */
    /* The head is there: what it says is taken over, or the exchange is answered. May be NULL. */
    void (*begin)(struct exchange *exchange, const struct head *head);
    /* The body is there. True: it is answered; false: it will be, by convert(), and perhaps is
     * gone already. [door or reader thread] */
    bool (*run)(struct exchange *exchange);
};

/* "promoteros.v1.S/M" to a method of the host. */
extern const struct route routes[];
extern const size_t route_count;

struct exchange {
    struct http_door *door;
    struct connection *connection; /* NULL: the caller has gone */
    const struct route *route;     /* NULL: refused before */
    bool keep_alive, is_head, has_slot;
    char origin[256]; /* that may read the reply; empty: none */
    struct access_identity identity;
    struct buffer body; /* of the request */

    struct host_call call; /* while has_slot, the pool's */
    struct buffer wire;
    /* Turns the end of the call into a reply. [pool thread] */
    void (*convert)(struct exchange *exchange, enum pros_status status,
                    const struct failure *failure, struct pros_bytes reply);
    char credential[ACCESS_SECRET_SIZE + 64]; /* until the call's method is known */
    bool has_credential;
    char rpc_id[RPC_ID_SIZE]; /* of JSON-RPC, as JSON; empty for other routes */

    bool is_answered;
    int status; /* of HTTP */
    const char *content_type;
    char headers[512]; /* more lines of the reply's head */
    struct buffer out; /* REPLY_START bytes of room, then the body */
    size_t out_at;     /* what is still to be sent */
    struct exchange *next;
};

/* ---- exchange.c ---- */
struct exchange *exchange_new(struct connection *connection);
void exchange_free(struct exchange *exchange);
/* Finds the route, checks host, origin, method and key; answers what may not go on. */
void exchange_begin(struct exchange *exchange, const struct head *head);
/* Whether the caller may call this method (NULL: any); else the exchange is answered. */
bool exchange_may_call(struct exchange *exchange, const char *method_path);
/* Sets status and type; the body is what is added to out afterwards. [any thread] */
void exchange_set(struct exchange *exchange, int status, const char *content_type);
void exchange_fail(struct exchange *exchange, int http_status, const struct failure *failure);
/* exchange_fail() for what HTTP itself is at odds with. */
__attribute__((format(printf, 4, 5))) void exchange_refuse(struct exchange *exchange,
                                                           int http_status, const char *reason,
                                                           const char *format, ...);
/* From now on another thread has it, until exchange_return(). */
void exchange_take_slot(struct exchange *exchange);
/* Hands exchange->wire to the host; convert() is called at its end. On failure nothing is set. */
enum pros_status exchange_submit(struct exchange *exchange, const struct host_method *method,
                                 int64_t deadline_us, struct failure *failure);
/* Hands an answered exchange with a slot back to the door's thread. [any thread] */
void exchange_return(struct exchange *exchange);
/* Composes the head, in front of the body. */
void exchange_finish(struct exchange *exchange);

/* ---- connection.c ---- */
/* The reply is ready to leave. */
void connection_send(struct connection *connection);
/* Closes those that do nothing; true when none is left that sends. */
bool connection_close_idle(struct http_door *door);
void connection_cancel_all(struct http_door *door);
/* What libwebsockets calls: "listener" and "connection". */
extern const struct lws_protocols door_protocols[];

/* ---- server.c ---- */
/* A connection has ended, so another may come. */
void door_resume(struct http_door *door);
int listener_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t size);

/* ---- reader.c: large bodies are read on a thread of their own, since a hostile one of 1 MiB takes
 * a tenth of a second, in which the door would serve nobody ---- */
#define READER_BYTES ((size_t)16 * 1024) /* what is smaller is read at once */
/* NULL when there is no thread. */
struct reader *reader_open(void);
/* Nothing may be waiting. */
void reader_close(struct reader *reader);
/* Runs the exchange, which has a slot. */
void reader_add(struct reader *reader, struct exchange *exchange);

/* ---- handlers ---- */
/* Whether the body is plain JSON; else the exchange is answered. */
bool connect_check_type(struct exchange *exchange, const struct head *head);
/* Reads JSON as the method's request and submits it; after true the exchange may be gone. */
bool connect_submit(struct exchange *exchange, const struct host_method *method, const char *json,
                    size_t size, struct failure *failure);
void connect_begin(struct exchange *exchange, const struct head *head);
bool connect_run(struct exchange *exchange);
bool page_run(struct exchange *exchange);
bool health_run(struct exchange *exchange);
bool whoami_run(struct exchange *exchange);
bool metrics_run(struct exchange *exchange);
void mcp_begin(struct exchange *exchange, const struct head *head);
bool mcp_run(struct exchange *exchange);
/* The digest of the page's style as a Content-Security-Policy names it. */
void page_style_digest(char *text, size_t size);

#endif
