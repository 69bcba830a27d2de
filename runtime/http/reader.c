/* Large bodies, one after the other, beside the door's thread. */
#include "http/door.h"

#include "base/memory.h"

#include <stdlib.h>

struct reader {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct exchange *first, *last;
    bool closing;
};

static struct exchange *take(struct reader *reader)
{
    pthread_mutex_lock(&reader->lock);
    while (!reader->first && !reader->closing)
        pthread_cond_wait(&reader->wake, &reader->lock);
    struct exchange *exchange = reader->first;
    if (exchange)
        reader->first = exchange->next;
    pthread_mutex_unlock(&reader->lock);
    return exchange;
}

static void *read_loop(void *argument)
{
    struct reader *reader = argument;
    struct exchange *exchange;
    while ((exchange = take(reader)) != NULL) {
        bool is_wanted = !atomic_load(&exchange->call.cancelled);
        if (!is_wanted || exchange->route->run(exchange))
            exchange_return(exchange);
    }
    return NULL;
}

struct reader *reader_open(void)
{
    struct reader *reader = memory_new(1, sizeof *reader);
    pthread_mutex_init(&reader->lock, NULL);
    pthread_cond_init(&reader->wake, NULL);
    if (pthread_create(&reader->thread, NULL, read_loop, reader) == 0)
        return reader;
    pthread_cond_destroy(&reader->wake);
    pthread_mutex_destroy(&reader->lock);
    free(reader);
    return NULL;
}

void reader_close(struct reader *reader)
{
    if (!reader)
        return;
    pthread_mutex_lock(&reader->lock);
    reader->closing = true;
    pthread_cond_signal(&reader->wake);
    pthread_mutex_unlock(&reader->lock);
    pthread_join(reader->thread, NULL);
    pthread_cond_destroy(&reader->wake);
    pthread_mutex_destroy(&reader->lock);
    free(reader);
}

void reader_add(struct reader *reader, struct exchange *exchange)
{
    exchange->next = NULL;
    pthread_mutex_lock(&reader->lock);
    if (reader->first)
        reader->last->next = exchange;
    else
        reader->first = exchange;
    reader->last = exchange;
    pthread_cond_signal(&reader->wake);
    pthread_mutex_unlock(&reader->lock);
}
