#include "base/log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_LINE_BYTES 4096

static atomic_int least_level = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store_explicit(&least_level, (int)level, memory_order_relaxed);
}

void log_line(enum log_level level, const char *format, ...)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    if (level >= LOG_NONE || (int)level < atomic_load_explicit(&least_level, memory_order_relaxed))
        return;
    char line[MAX_LINE_BYTES];
    char now[CLOCK_TEXT_SIZE];
    clock_format_instant(clock_now_ms(), now);
    int head = snprintf(line, sizeof line, "%s %s ", now, names[level]);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + head, sizeof line - (size_t)head - 1, format, arguments);
    va_end(arguments);
    /* What strangers sent may be in it: a line stays one line, and terminals are left in peace. */
    size_t size = strlen(line);
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
            line[i] = ' ';
    line[size++] = '\n';
    /* Nobody is left to tell when standard error is gone. */
    ssize_t written = write(STDERR_FILENO, line, size);
    (void)written;
}
