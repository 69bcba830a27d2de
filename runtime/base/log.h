/*
 * What the daemon says on standard error.
 *
 * Why: one line an event, time first, so that journald and people read the same. Levels below the
 * set one cost nothing.
 *
 * Memory: none kept. Threads: any; a line is written whole. Errors: none.
 */
#ifndef PROMOTEROS_BASE_LOG_H
#define PROMOTEROS_BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR, LOG_NONE };

void log_set_level(enum log_level level);
__attribute__((format(printf, 2, 3))) void log_line(enum log_level level, const char *format, ...);

#define log_debug(...)   log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...)    log_line(LOG_INFO, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_error(...)   log_line(LOG_ERROR, __VA_ARGS__)

#endif
