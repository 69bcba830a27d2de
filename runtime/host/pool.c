#include "host/pool.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

/* Handlers, SQLite and protobuf-c share it; only touched pages cost memory. */
#define STACK_BYTES ((size_t)4 * 1024 * 1024)

struct pool {
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    void **items; /* a ring */
    size_t first, count, limit;
    bool closing;
    pthread_t *threads;
    unsigned thread_count;
    unsigned alone_count;
    pthread_cond_t alone_ended;
    void (*work)(void *context, void *item);
    void *context;
};

/* What a thread of its own is given. */
struct alone {
    struct pool *pool;
    void *item;
};

static void *work_loop(void *argument)
{
    struct pool *pool = argument;
    pthread_mutex_lock(&pool->mutex);
    for (;;) {
        while (pool->count == 0 && !pool->closing)
            pthread_cond_wait(&pool->wake, &pool->mutex);
        if (pool->count == 0)
            break;
        void *item = pool->items[pool->first];
        pool->first = (pool->first + 1) % pool->limit;
        pool->count--;
        pthread_mutex_unlock(&pool->mutex);
        pool->work(pool->context, item);
        pthread_mutex_lock(&pool->mutex);
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

struct pool *pool_open(unsigned thread_count, unsigned queue_limit,
                       void (*work)(void *context, void *item), void *context)
{
    struct pool *pool = memory_new(1, sizeof *pool);
    pool->items = memory_new(queue_limit, sizeof *pool->items);
    pool->limit = queue_limit;
    pool->threads = memory_new(thread_count, sizeof *pool->threads);
    pool->work = work;
    pool->context = context;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->alone_ended, NULL);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    while (pool->thread_count < thread_count &&
           pthread_create(&pool->threads[pool->thread_count], &attributes, work_loop, pool) == 0)
        pool->thread_count++;
    pthread_attr_destroy(&attributes);
    if (pool->thread_count == thread_count)
        return pool;
    pool_free(pool);
    return NULL;
}

enum pool_answer pool_submit(struct pool *pool, void *item)
{
    enum pool_answer answer = POOL_TAKEN;
    pthread_mutex_lock(&pool->mutex);
    if (pool->closing)
        answer = POOL_CLOSED;
    else if (pool->count == pool->limit)
        answer = POOL_FULL;
    else {
        pool->items[(pool->first + pool->count++) % pool->limit] = item;
        pthread_cond_signal(&pool->wake);
    }
    pthread_mutex_unlock(&pool->mutex);
    return answer;
}

static void end_alone(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    if (--pool->alone_count == 0)
        pthread_cond_broadcast(&pool->alone_ended);
    pthread_mutex_unlock(&pool->mutex);
}

static void *work_alone(void *argument)
{
    struct alone alone = *(struct alone *)argument;
    free(argument);
    alone.pool->work(alone.pool->context, alone.item);
    end_alone(alone.pool);
    return NULL;
}

enum pool_answer pool_submit_alone(struct pool *pool, void *item)
{
    pthread_mutex_lock(&pool->mutex);
    enum pool_answer answer = pool->closing                           ? POOL_CLOSED
                              : pool->alone_count == POOL_ALONE_LIMIT ? POOL_FULL
                                                                      : POOL_TAKEN;
    if (answer == POOL_TAKEN)
        pool->alone_count++;
    pthread_mutex_unlock(&pool->mutex);
    if (answer != POOL_TAKEN)
        return answer;
    struct alone *alone = memory_new(1, sizeof *alone);
    *alone = (struct alone){pool, item};
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, work_alone, alone) != 0) {
        free(alone);
        end_alone(pool);
        answer = POOL_FULL;
    }
    pthread_attr_destroy(&attributes);
    return answer;
}

size_t pool_waiting_count(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    size_t count = pool->count;
    pthread_mutex_unlock(&pool->mutex);
    return count;
}

static void pool_close(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    pool->closing = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
    while (pool->thread_count > 0)
        pthread_join(pool->threads[--pool->thread_count], NULL);
    pthread_mutex_lock(&pool->mutex);
    while (pool->alone_count > 0)
        pthread_cond_wait(&pool->alone_ended, &pool->mutex);
    pthread_mutex_unlock(&pool->mutex);
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    pool_close(pool);
    pthread_cond_destroy(&pool->alone_ended);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->threads);
    free(pool->items);
    free(pool);
}
