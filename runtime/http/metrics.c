/* Figures for Prometheus, in its text format 0.0.4. */
#include "http/door.h"

#include "base/clock.h"
#include "base/text.h"
#include "host/figures.h"

#include <promoteros/v1/agent_service.pb-c.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define STATUS_PATH "promoteros.v1.AgentService/GetHostStatus"

static const char *const code_names[FIGURES_CODE_COUNT] = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

static void describe(struct buffer *out, const char *name, const char *type, const char *help)
{
    buffer_add_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_figure(struct buffer *out, const char *name, const char *type, const char *help,
                       double value)
{
    char text[32];
    describe(out, name, type, help);
    text_format_double(value, text);
    buffer_add_format(out, "%s %s\n", name, text);
}

static void add_calls(struct buffer *out, const struct host *host)
{
    const struct host_method *method;
    describe(out, "promoteros_calls_total", "counter", "Calls from outside by method and code.");
    for (size_t i = 0; (method = host_method_at(host, i)) != NULL; i++)
        for (size_t code = 0; code < FIGURES_CODE_COUNT; code++) {
            long long count = atomic_load(&method->figures->by_code[code]);
            if (count)
                buffer_add_format(out, "promoteros_calls_total{method=\"%s\",code=\"%s\"} %lld\n",
                                  method->path, code_names[code], count);
        }
}

static void add_method_times(struct buffer *out, const struct host_method *method)
{
    static const char name[] = "promoteros_call_duration_seconds";
    char text[32];
    long long total = 0, below = 0;
    for (size_t code = 0; code < FIGURES_CODE_COUNT; code++)
        total += atomic_load(&method->figures->by_code[code]);
    if (total == 0)
        return;
    for (size_t i = 0; i < FIGURES_BUCKET_COUNT; i++) {
        below += atomic_load(&method->figures->by_bucket[i]);
        text_format_double((double)figures_bucket_us[i] / 1e6, text);
        buffer_add_format(out, "%s_bucket{method=\"%s\",le=\"%s\"} %lld\n", name, method->path,
                          text, below);
    }
    /* A call that ended between the two readings must not make a bucket larger than the whole. */
    if (total < below)
        total = below;
    text_format_double((double)atomic_load(&method->figures->sum_us) / 1e6, text);
    buffer_add_format(out,
                      "%s_bucket{method=\"%s\",le=\"+Inf\"} %lld\n%s_sum{method=\"%s\"} %s\n"
                      "%s_count{method=\"%s\"} %lld\n",
                      name, method->path, total, name, method->path, text, name, method->path,
                      total);
}

static void add_times(struct buffer *out, const struct host *host)
{
    const struct host_method *method;
    describe(out, "promoteros_call_duration_seconds", "histogram",
             "Time of calls from outside, waiting for a thread included.");
    for (size_t i = 0; (method = host_method_at(host, i)) != NULL; i++)
        add_method_times(out, method);
}

static void add_host(struct buffer *out, const struct host *host)
{
    struct host_figures figures = host_get_figures(host);
    add_figure(out, "promoteros_runs_total", "counter", "Runs started for calls from outside.",
               (double)figures.run_count);
    add_figure(out, "promoteros_active_runs", "gauge", "Runs under way.",
               (double)figures.active_run_count);
    add_figure(out, "promoteros_waiting_calls", "gauge", "Calls that wait for a thread.",
               (double)figures.waiting_count);
}

static void add_store(struct buffer *out, const Promoteros__V1__GetHostStatusResponse *status)
{
    const struct {
        const char *kind;
        int64_t count;
    } records[] = {{"artist", status->artist_count},
                   {"track", status->track_count},
                   {"venue", status->venue_count},
                   {"show", status->show_count},
                   {"signal_point", status->point_count}};
    describe(out, "promoteros_store_records", "gauge", "What the store holds, by kind.");
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        buffer_add_format(out, "promoteros_store_records{kind=\"%s\"} %lld\n", records[i].kind,
                          (long long)records[i].count);
    add_figure(out, "promoteros_store_commit_seq", "counter", "Newest commit sequence.",
               (double)status->commit_seq);
    add_figure(out, "promoteros_events_total", "counter", "Newest event sequence.",
               (double)status->event_sequence);
}

static void add_process(struct buffer *out, const struct host *host)
{
    long pages_virtual = 0, pages_resident = 0, page = sysconf(_SC_PAGESIZE);
    struct rusage usage = {0};
    FILE *file = fopen("/proc/self/statm", "re");
    if (file && fscanf(file, "%ld %ld", &pages_virtual, &pages_resident) == 2) {
        add_figure(out, "process_virtual_memory_bytes", "gauge", "Virtual memory.",
                   (double)pages_virtual * (double)page);
        add_figure(out, "process_resident_memory_bytes", "gauge", "Memory in use.",
                   (double)pages_resident * (double)page);
    }
    if (file)
        fclose(file);
    getrusage(RUSAGE_SELF, &usage);
    add_figure(out, "process_cpu_seconds_total", "counter", "Processor time, user and system.",
               (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                   (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
    add_figure(out, "process_start_time_seconds", "gauge", "When the host started, in Unix time.",
               (double)host_get_figures(host).start_ms / 1e3);
}

/* [pool thread] */
static void convert(struct exchange *exchange, enum pros_status status,
                    const struct failure *failure, struct pros_bytes reply)
{
    struct buffer *out = &exchange->out;
    const struct host *host = exchange->door->host;
    Promoteros__V1__GetHostStatusResponse *host_status = NULL;
    (void)failure;
    if (status == PROS_OK)
        host_status =
            promoteros__v1__get_host_status_response__unpack(NULL, reply.size, reply.data);
    /* What the door counts itself stands there already. */
    add_calls(out, host);
    add_times(out, host);
    add_host(out, host);
    if (host_status)
        add_store(out, host_status);
    add_process(out, host);
    add_figure(out, "promoteros_store_up", "gauge", "1 when the store answers.",
               host_status != NULL);
    promoteros__v1__get_host_status_response__free_unpacked(host_status, NULL);
}

static void add_door(struct buffer *out, const struct http_door *door)
{
    describe(out, "promoteros_http_responses_total", "counter",
             "Replies of the web door by class.");
    for (int i = 2; i <= 5; i++)
        if (i != 3)
            buffer_add_format(out, "promoteros_http_responses_total{class=\"%dxx\"} %lld\n", i,
                              door->replies_by_class[i]);
    add_figure(out, "promoteros_http_connections", "gauge", "Open connections of the web door.",
               (double)door->connection_count);
    describe(out, "promoteros_info", "gauge", "The version of the host.");
    buffer_add_string(out, "promoteros_info{version=\"" PROMOTEROS_VERSION "\"} 1\n");
}

bool metrics_run(struct exchange *exchange)
{
    struct failure failure = {0};
    const struct host_method *method = host_find_method(exchange->door->host, STATUS_PATH);
    exchange_set(exchange, 200, "text/plain; version=0.0.4; charset=utf-8");
    add_door(&exchange->out, exchange->door);
    exchange->convert = convert;
    if (method &&
        exchange_submit(exchange, method, clock_monotonic_us() + 5000000, &failure) == PROS_OK)
        return false;
    convert(exchange, PROS_UNAVAILABLE, &failure, (struct pros_bytes){0});
    return true;
}
