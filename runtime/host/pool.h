/*
 * Threads that take work from a bounded queue.
 *
 * Why: agents compute and stores wait; neither may happen on a door's threads. The queue is
 * bounded, so that a flood is refused at once instead of answered late.
 *
 * Memory: items belong to their submitters. Threads: pool_submit() from any; `work` is called on
 * the pool's. Errors: pool_submit() says why it refuses.
 */
#ifndef PROMOTEROS_HOST_POOL_H
#define PROMOTEROS_HOST_POOL_H

#include <stddef.h>

struct pool;

enum pool_answer { POOL_TAKEN, POOL_FULL, POOL_CLOSED };

/* NULL when threads cannot be started. */
struct pool *pool_open(unsigned thread_count, unsigned queue_limit,
                       void (*work)(void *context, void *item), void *context);
enum pool_answer pool_submit(struct pool *pool, void *item);
/* For work that mostly waits: a thread of its own, which is not taken from others. At most
 * POOL_ALONE_LIMIT at once. */
#define POOL_ALONE_LIMIT 256
enum pool_answer pool_submit_alone(struct pool *pool, void *item);
/* Items that no thread has taken yet. */
size_t pool_waiting_count(struct pool *pool);
/* Refuses new items, works off those that wait, then ends the threads. */
void pool_free(struct pool *pool);

#endif
