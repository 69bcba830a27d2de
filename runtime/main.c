/*
 * promoterosd: opens the rooms in order, serves, and closes them in reverse.
 *
 * Why: what depends on what is read off this page. Exit codes: 0 stopped when told to, 1 something
 * failed, 2 the command line is wrong.
 */
#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "grpc/server.h"
#include "host/host.h"
#include "http/server.h"
#include "services/services.h"
#include "store/store.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_STOPPED = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

extern const unsigned char promoteros_descriptor_set[], promoteros_descriptor_set_end[];

struct daemon {
    int64_t start_us;
    struct arguments arguments;
    struct config config;
    struct store *store;
    struct host *host;
    struct services *services;
    struct grpc_door *door;
    struct http_door *web;
    char address[300], web_address[300]; /* as bound; empty: none */
};

static const char *or_default(const char *given, const char *fallback)
{
    return given ? given : fallback;
}

static enum log_level log_level_of(const char *name)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return (enum log_level)i;
    return LOG_NONE;
}

static enum pros_status read_config(struct daemon *daemon, struct failure *failure)
{
    struct config *config = &daemon->config;
    enum pros_status status = PROS_OK;
    config_open(config);
    if (daemon->arguments.config_path)
        status = config_load(config, daemon->arguments.config_path, failure);
    config->store = or_default(daemon->arguments.store, config->store);
    config->grpc_listen = or_default(daemon->arguments.listen, config->grpc_listen);
    config->http_listen = or_default(daemon->arguments.http, config->http_listen);
    if (status == PROS_OK && !config->agents_given) {
        const char *folder = config_agents_folder(config);
        status = folder ? config_list_agents(config, folder, failure) : PROS_OK;
    }
    return status;
}

static enum pros_status open_store(struct daemon *daemon, struct failure *failure)
{
    enum pros_status status = config_make_store_folder(&daemon->config, failure);
    return status == PROS_OK ? store_open(daemon->config.store, &daemon->store, failure) : status;
}

static enum pros_status open_host(struct daemon *daemon, struct failure *failure)
{
    const struct config *config = &daemon->config;
    const struct host_options options = {
        .store = daemon->store,
        .descriptor_set = {promoteros_descriptor_set,
                           (size_t)(promoteros_descriptor_set_end - promoteros_descriptor_set)},
        .thread_count = (unsigned)config->host_threads,
        .queue_limit = (unsigned)config->host_queue_limit,
        .run_budget_bytes = (size_t)config->host_run_budget_mb << 20,
        .require_key = strcmp(config->access_require_key, "true") == 0};
    return host_open(&options, &daemon->host, failure);
}

static enum pros_status open_services(struct daemon *daemon, struct failure *failure)
{
    return services_open(daemon->host, &daemon->services, failure);
}

static enum pros_status load_agents(struct daemon *daemon, struct failure *failure)
{
    enum pros_status status = PROS_OK;
    for (size_t i = 0; status == PROS_OK && i < daemon->config.agent_count; i++)
        status = host_load_agent(daemon->host, daemon->config.agents[i].path,
                                 daemon->config.agents[i].configuration, failure);
    return status == PROS_OK ? host_seal(daemon->host, failure) : status;
}

/* The address with the port that it was given. */
static void format_address(const char *listen, int port, char *text, size_t size)
{
    const char *colon = strrchr(listen, ':');
    if (port > 0 && colon)
        snprintf(text, size, "%.*s:%d", (int)(colon - listen), listen, port);
    else
        snprintf(text, size, "%s", listen);
}

static enum pros_status open_door(struct daemon *daemon, struct failure *failure)
{
    const char *listen = daemon->config.grpc_listen;
    const struct grpc_door_options options = {.address = listen};
    enum pros_status status = grpc_door_open(daemon->host, &options, &daemon->door, failure);
    if (status == PROS_OK)
        format_address(listen, grpc_door_port(daemon->door), daemon->address,
                       sizeof daemon->address);
    return status;
}

static enum pros_status open_web_door(struct daemon *daemon, struct failure *failure)
{
    const struct config *config = &daemon->config;
    const struct http_door_options options = {.address = config->http_listen,
                                              .allowed_hosts = config->http_allowed_hosts,
                                              .allowed_origins = config->http_allowed_origins};
    if (strcmp(config->http_listen, "off") == 0)
        return PROS_OK;
    enum pros_status status = http_door_open(daemon->host, &options, &daemon->web, failure);
    if (status == PROS_OK)
        format_address(config->http_listen, http_door_port(daemon->web), daemon->web_address,
                       sizeof daemon->web_address);
    return status;
}

/* Written aside and renamed, so that whoever waits for it never reads half an address. */
static enum pros_status write_ready_file(struct daemon *daemon, struct failure *failure)
{
    const char *path = daemon->arguments.ready_path;
    char aside[4096];
    if (!path)
        return PROS_OK;
    int size = snprintf(aside, sizeof aside, "%s.new", path);
    FILE *file = size > 0 && (size_t)size < sizeof aside ? fopen(aside, "we") : NULL;
    bool written = file && fprintf(file, "%s\n", daemon->address) > 0;
    if (written && daemon->web)
        written = fprintf(file, "%s\n", daemon->web_address) > 0;
    if (file && fclose(file) != 0)
        written = false;
    if (written && rename(aside, path) == 0)
        return PROS_OK;
    return failure_set(failure, PROS_UNAVAILABLE, "READY_FILE",
                       "The ready file %s cannot be written (%s); choose another path.", path,
                       strerror(errno));
}

static enum pros_status open_rooms(struct daemon *daemon, struct failure *failure)
{
    static enum pros_status (*const steps[])(struct daemon *, struct failure *) = {
        open_store, open_host,     open_services,   load_agents,
        open_door,  open_web_door, write_ready_file};
    enum pros_status status = PROS_OK;
    for (size_t i = 0; status == PROS_OK && i < sizeof steps / sizeof *steps; i++)
        status = steps[i](daemon, failure);
    return status;
}

static void close_rooms(struct daemon *daemon)
{
    if (daemon->services)
        services_stop(daemon->services);
    if (daemon->door && daemon->arguments.ready_path)
        unlink(daemon->arguments.ready_path);
    /* Both doors share the time that running calls get. */
    int64_t end_ms = clock_monotonic_us() / 1000 + daemon->config.shutdown_grace_ms;
    http_door_close(daemon->web, daemon->config.shutdown_grace_ms);
    int64_t left_ms = end_ms - clock_monotonic_us() / 1000;
    if (daemon->door)
        grpc_door_close(daemon->door, left_ms > 0 ? left_ms : 0);
    host_close(daemon->host);
    if (daemon->services)
        services_close(daemon->services);
    if (daemon->store)
        store_close(daemon->store);
    config_close(&daemon->config);
}

static void say_ready(const struct daemon *daemon)
{
    int agent_count = 0;
    const struct host_agent *agent;
    for (size_t i = 0; (agent = host_agent_at(daemon->host, i)) != NULL; i++)
        agent_count += !agent->builtin;
    log_info("promoterosd %s serves gRPC on %s%s%s (%d agents), store %s, ready in %lld ms",
             PROMOTEROS_VERSION, daemon->address, daemon->web ? " and HTTP on http://" : "",
             daemon->web_address, agent_count, store_description(daemon->store),
             (long long)((clock_monotonic_us() - daemon->start_us) / 1000));
}

static void exit_at_once(int number)
{
    (void)number;
    static const char words[] = "promoterosd: told twice, stopping at once\n";
    ssize_t written = write(STDERR_FILENO, words, sizeof words - 1);
    (void)written; /* there is nobody left to tell */
    _exit(EXIT_FAILED);
}

/* Blocked before any thread starts, so that only this one sees them. */
static void block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void wait_for_signal(const sigset_t *signals)
{
    int number = 0;
    while (sigwait(signals, &number) != 0)
        ;
    log_info("promoterosd is told to stop (%s): finishing calls; once more stops it at once",
             number == SIGINT ? "SIGINT" : "SIGTERM");
    struct sigaction action = {.sa_handler = exit_at_once};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    pthread_sigmask(SIG_UNBLOCK, signals, NULL);
}

static int serve(struct daemon *daemon)
{
    struct failure failure = {0};
    sigset_t signals;
    block_signals(&signals);
    enum pros_status status = open_rooms(daemon, &failure);
    if (status == PROS_OK) {
        say_ready(daemon);
        wait_for_signal(&signals);
    } else {
        fprintf(stderr, "promoterosd: %s\n", failure.sentence);
    }
    close_rooms(daemon);
    if (status == PROS_OK)
        log_info("promoterosd has stopped");
    return status == PROS_OK ? EXIT_STOPPED : EXIT_FAILED;
}

int main(int argc, char **argv)
{
    struct daemon daemon = {.start_us = clock_monotonic_us()};
    struct failure failure = {0};
    if (arguments_read(&daemon.arguments, argc, (const char *const *)argv, &failure) != PROS_OK) {
        fprintf(stderr, "promoterosd: %s\n", failure.sentence);
        return EXIT_USAGE;
    }
    if (daemon.arguments.help) {
        arguments_print(stdout);
        config_print_keys(stdout);
        return EXIT_STOPPED;
    }
    if (daemon.arguments.version) {
        printf("promoterosd %s\n", PROMOTEROS_VERSION);
        return EXIT_STOPPED;
    }
    if (read_config(&daemon, &failure) != PROS_OK) {
        fprintf(stderr, "promoterosd: %s\n", failure.sentence);
        config_close(&daemon.config);
        return EXIT_FAILED;
    }
    log_set_level(log_level_of(daemon.config.log_level));
    if (daemon.arguments.print_config) {
        config_print(&daemon.config, stdout);
        config_close(&daemon.config);
        return EXIT_STOPPED;
    }
    return serve(&daemon);
}
