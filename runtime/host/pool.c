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
    void (*work)(void *context, void *item);
    void *context;
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

void pool_close(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    pool->closing = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
    while (pool->thread_count > 0)
        pthread_join(pool->threads[--pool->thread_count], NULL);
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    pool_close(pool);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->threads);
    free(pool->items);
    free(pool);
}
