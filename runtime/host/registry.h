/*
 * Who answers which method.
 *
 * Why: the host's own services and agents stand in one list, checked when they come in; a call
 * finds its method by path. How a method is run (in this process now, in a worker process later)
 * is behind struct isolation, so that dispatch cannot tell.
 *
 * Memory: owned by the registry; pointers to methods and agents stay valid until it closes.
 * Threads: filled by one thread; read-only after registry_seal(). Errors: FAILED_PRECONDITION
 * names the module and the reason.
 */
#ifndef PROMOTEROS_HOST_REGISTRY_H
#define PROMOTEROS_HOST_REGISTRY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "host/host.h"

struct registered;

/* How a method is run, and what closing its agent means. */
struct isolation {
    const char *name;
    enum pros_status (*run)(const struct host_method *method, struct pros_run *run,
                            struct pros_bytes request, struct pros_bytes *reply);
    void (*close)(struct registered *agent);
};

struct registered {
    struct host_agent agent; /* first: a host_agent of this registry is a registered */
    const struct isolation *isolation;
    void *module; /* of the isolation */
};

struct registry {
    struct arena memory;
    struct buffer set; /* the FileDescriptorSet of everything served */
    struct schema *schema;
    struct registered **agents;
    size_t agent_count;
    struct host_method **methods; /* as they were added */
    size_t method_count;
    struct host_method **by_path;
    bool sealed;
};

enum pros_status registry_open(struct registry *registry, struct pros_bytes descriptor_set,
                               struct failure *failure);
void registry_close(struct registry *registry);

/* Everything that can be said against a table before it is opened. */
enum pros_status registry_check(struct registry *registry, const struct pros_agent *table,
                                const char *who, struct failure *failure);
/* Takes the agent, whose table has passed registry_check(). */
void registry_add(struct registry *registry, const struct registered *agent);
enum pros_status registry_seal(struct registry *registry, struct failure *failure);
const struct host_method *registry_find(const struct registry *registry, const char *path);

/* For agents in this process. */
extern const struct isolation thread_isolation;
/* Loads a module (dlopen) for thread isolation. */
enum pros_status registry_load_module(struct registry *registry, const char *path,
                                      const char *configuration, struct failure *failure);

#endif
