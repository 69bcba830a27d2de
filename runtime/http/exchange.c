/* One request and its reply: who may ask for what, and the reply's head. */
#include "http/door.h"

#include "base/clock.h"
#include "base/memory.h"
#include "http/error.h"
#include "http/guard.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const struct route routes[] = {
    {"/", "GET, HEAD", true, NULL, page_run},
    {"/healthz", "GET, HEAD", true, NULL, health_run},
    {"/metrics", "GET, HEAD", false, NULL, metrics_run},
    {"/v1/whoami", "GET, HEAD", false, NULL, whoami_run},
    {"/mcp", "POST", false, mcp_begin, mcp_run},
};
const size_t route_count = sizeof routes / sizeof *routes;

/* It asks for the key itself, by the method's name. */
static const struct route method_route = {"/", "POST", true, connect_begin, connect_run};

static void open_reply(struct exchange *exchange)
{
    buffer_clear(&exchange->out);
    memset(buffer_extend(&exchange->out, REPLY_START), 0, REPLY_START);
}

struct exchange *exchange_new(struct connection *connection)
{
    struct exchange *exchange = memory_new(1, sizeof *exchange);
    exchange->connection = connection;
    atomic_init(&exchange->call.cancelled, false);
    buffer_open(&exchange->out, REPLY_START + REPLY_MAX_BYTES);
    open_reply(exchange);
    return exchange;
}

void exchange_free(struct exchange *exchange)
{
    exchange->door->payload_bytes -= exchange->body.size;
    buffer_close(&exchange->body);
    buffer_close(&exchange->wire);
    buffer_close(&exchange->out);
    explicit_bzero(exchange->credential, sizeof exchange->credential);
    free(exchange);
}

void exchange_set(struct exchange *exchange, int status, const char *content_type)
{
    open_reply(exchange);
    exchange->status = status;
    exchange->content_type = content_type;
    exchange->is_answered = true;
}

void exchange_fail(struct exchange *exchange, int http_status, const struct failure *failure)
{
    exchange_set(exchange, http_status, "application/json");
    error_write(failure, &exchange->out);
    if (http_status == 401)
        snprintf(exchange->headers, sizeof exchange->headers,
                 "WWW-Authenticate: Bearer realm=\"promoteros\"\r\n");
}

void exchange_refuse(struct exchange *exchange, int http_status, const char *reason,
                     const char *format, ...)
{
    struct failure failure = {0};
    char sentence[sizeof failure.sentence];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    failure_set(&failure, error_code_of(http_status), reason, "%s", sentence);
    exchange_fail(exchange, http_status, &failure);
}

/* ---- who may ---- */

static bool check_caller(struct exchange *exchange, const struct head *head)
{
    const struct http_door *door = exchange->door;
    size_t count;
    struct span origin = head_find(head, "origin", &count);
    if (!guard_host(head->host, door->allowed_hosts)) {
        exchange_refuse(exchange, 403, "HOST_NOT_ALLOWED",
                        "This door is not known by the name \"%.*s\"; add it to "
                        "http.allowed_hosts, or call 127.0.0.1.",
                        (int)(head->host.size < 100 ? head->host.size : 100), head->host.text);
        return false;
    }
    if (count == 0)
        return true;
    if (count > 1 || !guard_origin(origin, head->host, door->allowed_origins) ||
        !span_copy(origin, exchange->origin, sizeof exchange->origin)) {
        exchange->origin[0] = '\0';
        exchange_refuse(exchange, 403, "ORIGIN_NOT_ALLOWED",
                        "Pages of \"%.*s\" may not call this door from a browser; add the origin "
                        "to http.allowed_origins.",
                        (int)(origin.size < 100 ? origin.size : 100), origin.text);
        return false;
    }
    return true;
}

/* What a browser asks before it lets another origin's page send JSON or a key. */
static void answer_options(struct exchange *exchange, const struct route *route)
{
    exchange_set(exchange, 204, NULL);
    snprintf(exchange->headers, sizeof exchange->headers,
             "Allow: %s, OPTIONS\r\nAccess-Control-Allow-Methods: %s\r\n"
             "Access-Control-Allow-Headers: Authorization, Content-Type, Connect-Protocol-Version, "
             "Connect-Timeout-Ms, MCP-Protocol-Version, X-API-Key\r\n"
             "Access-Control-Max-Age: 7200\r\n",
             route->methods, route->methods);
}

/* "/package.Service/Method" */
static bool is_method(struct span path)
{
    size_t dots = 0, slashes = 0;
    for (size_t i = 0; i < path.size; i++) {
        char c = path.text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        dots += c == '.' && slashes == 1;
        slashes += c == '/';
        if (!letter && c != '.' && c != '/' && c != '_')
            return false;
    }
    return slashes == 2 && dots > 0;
}

static const struct route *find_route(struct span path)
{
    for (size_t i = 0; i < route_count; i++)
        if (span_is(path, routes[i].path))
            return &routes[i];
    return is_method(path) ? &method_route : NULL;
}

static bool take_credential(struct exchange *exchange, const struct head *head)
{
    char text[sizeof exchange->credential];
    size_t bearers, keys;
    struct span value = head_find(head, "authorization", &bearers);
    struct span key = head_find(head, "x-api-key", &keys);
    if (bearers + keys == 0)
        return true;
    exchange->has_credential = true;
    if (bearers + keys > 1 && !(bearers == 1 && keys == 1)) {
        exchange_refuse(exchange, 400, "TWO_KEYS",
                        "The request carries its key twice; send one Authorization header.");
        return false;
    }
    /* What does not fit is no key of ours. */
    if (span_copy(bearers ? value : key, text, sizeof text))
        snprintf(exchange->credential, sizeof exchange->credential, "%s",
                 bearers ? access_bearer(text) : text);
    explicit_bzero(text, sizeof text);
    return true;
}

bool exchange_may_call(struct exchange *exchange, const char *method_path)
{
    struct failure failure = {0};
    enum pros_status status =
        access_check(exchange->door->host, exchange->has_credential ? exchange->credential : NULL,
                     method_path, &exchange->identity, &failure);
    if (status != PROS_OK)
        exchange_fail(exchange, error_http_status(status), &failure);
    return status == PROS_OK;
}

static bool allows(const struct route *route, struct span method)
{
    char text[20];
    return span_copy(method, text, sizeof text) &&
           span_lists((struct span){route->methods, strlen(route->methods)}, text) &&
           !memchr("abcdefghijklmnopqrstuvwxyz", text[0], 26);
}

void exchange_begin(struct exchange *exchange, const struct head *head)
{
    exchange->keep_alive = head->keep_alive;
    exchange->is_head = span_is(head->method, "HEAD");
    buffer_open(&exchange->body, exchange->door->max_body_bytes);
    if (!check_caller(exchange, head))
        return;
    const struct route *route = find_route(head->path);
    if (!route) {
        exchange_refuse(exchange, 404, "NO_SUCH_PAGE",
                        "There is nothing at this address; the page at / says what is here.");
        return;
    }
    exchange->route = route;
    if (span_is(head->method, "OPTIONS")) {
        answer_options(exchange, route);
        return;
    }
    if (!allows(route, head->method)) {
        exchange_refuse(exchange, 405, "METHOD_NOT_ALLOWED",
                        "This address does not take that method of HTTP; use %s.", route->methods);
        snprintf(exchange->headers, sizeof exchange->headers, "Allow: %s, OPTIONS\r\n",
                 route->methods);
        return;
    }
    if (!take_credential(exchange, head) || (!route->is_open && !exchange_may_call(exchange, NULL)))
        return;
    if (route->begin)
        route->begin(exchange, head);
    if (!exchange->is_answered && head->content_length > exchange->door->max_body_bytes)
        exchange_refuse(exchange, 413, "BODY_TOO_LARGE",
                        "The body is larger than %zu KiB; send less at once, for example through "
                        "the methods that import in chunks.",
                        exchange->door->max_body_bytes / 1024);
}

/* ---- runs ---- */

static struct exchange *of_call(struct host_call *call)
{
    return (struct exchange *)((char *)call - offsetof(struct exchange, call));
}

static enum pros_status emit_nothing(struct host_call *call, struct pros_bytes reply)
{
    (void)call;
    (void)reply;
    return PROS_CANCELLED;
}

/* The door is woken under the lock: once the exchange is taken from the list, nobody here touches
 * the door any more, and it may close. */
void exchange_return(struct exchange *exchange)
{
    struct http_door *door = exchange->door;
    pthread_mutex_lock(&door->lock);
    exchange->next = door->finished;
    door->finished = exchange;
    lws_cancel_service(door->context);
    pthread_mutex_unlock(&door->lock);
}

static void done(struct host_call *call, enum pros_status status, const struct failure *failure,
                 struct pros_bytes reply)
{
    struct exchange *exchange = of_call(call);
    exchange->convert(exchange, status, failure, reply);
    exchange_return(exchange);
}

void exchange_take_slot(struct exchange *exchange)
{
    exchange->has_slot = true;
    exchange->door->running_count++;
}

enum pros_status exchange_submit(struct exchange *exchange, const struct host_method *method,
                                 int64_t deadline_us, struct failure *failure)
{
    struct host_call *call = &exchange->call;
    call->method = method;
    call->request = (struct pros_bytes){exchange->wire.data, exchange->wire.size};
    call->deadline_us = deadline_us;
    call->emit = emit_nothing;
    call->done = done;
    bool had_slot = exchange->has_slot; /* the reader's exchanges have theirs */
    if (!had_slot)
        exchange_take_slot(exchange);
    enum pros_status status = host_submit(exchange->door->host, call, failure);
    if (status != PROS_OK && !had_slot) {
        exchange->has_slot = false;
        exchange->door->running_count--;
    }
    return status;
}

/* ---- the reply's head ---- */

static const char *phrase_of(int status)
{
    static const struct {
        int status;
        const char *phrase;
    } phrases[] = {
        {200, "OK"},
        {202, "Accepted"},
        {204, "No Content"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {499, "Client Closed Request"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (phrases[i].status == status)
            return phrases[i].phrase;
    return "Unknown";
}

/* "Tue, 24 Nov 2026 15:00:00 GMT" */
static void format_date(char text[40])
{
    static const char days[] = "MonTueWedThuFriSatSun";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t seconds = clock_now_ms() / 1000, rest = seconds % 86400;
    int32_t day = (int32_t)(seconds / 86400);
    int year, month, date;
    clock_date_from_days(day, &year, &month, &date);
    snprintf(text, 40, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * clock_weekday(day),
             date, months + 3 * (month - 1), year, (int)(rest / 3600), (int)(rest / 60 % 60),
             (int)(rest % 60));
}

static void add_origin(const struct exchange *exchange, char *text, size_t size)
{
    text[0] = '\0';
    if (exchange->origin[0])
        snprintf(text, size, "Access-Control-Allow-Origin: %s\r\nVary: Origin\r\n",
                 exchange->origin);
}

void exchange_finish(struct exchange *exchange)
{
    char head[REPLY_HEAD_BYTES], date[40], origin[320], type[128] = "", length[64] = "";
    size_t body_size = exchange->out.size - REPLY_START;
    format_date(date);
    add_origin(exchange, origin, sizeof origin);
    if (exchange->content_type)
        snprintf(type, sizeof type, "Content-Type: %s\r\n", exchange->content_type);
    if (exchange->status != 204)
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", body_size);
    /* Each part is bounded; together they are smaller than the room. */
    int size = snprintf(head, sizeof head,
                        "HTTP/1.1 %d %s\r\nDate: %s\r\n%s%s%s%s"
                        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                        "Referrer-Policy: no-referrer\r\nConnection: %s\r\n\r\n",
                        exchange->status, phrase_of(exchange->status), date, type, length, origin,
                        exchange->headers, exchange->keep_alive ? "keep-alive" : "close");
    exchange->out_at = REPLY_START - (size_t)size;
    memcpy(exchange->out.data + exchange->out_at, head, (size_t)size);
    if (exchange->is_head)
        exchange->out.size = REPLY_START;
    exchange->door->replies_by_class[exchange->status / 100]++;
}
