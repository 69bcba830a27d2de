/*
 * Reads the evaluation tables in place: a plain or gzipped CSV as a stream of rows, columns found
 * by header name.
 *
 * The tables live in the folder that PROMOTEROS_EVAL_DATA names and never enter the repository. A
 * backtest calls eval_data_root() first, which ends the program as skipped (77, with the reason)
 * where that folder is absent.
 *
 * Test code: a broken table or a missing column ends the program with a sentence, it is not an
 * error to handle. Memory: fields point into the reader and live until the next row. Threads: one
 * reader, one thread.
 */
#ifndef PROMOTEROS_TESTS_BACKTEST_EVAL_CSV_H
#define PROMOTEROS_TESTS_BACKTEST_EVAL_CSV_H

#include <stdbool.h>
#include <stddef.h>

/* The folder of PROMOTEROS_EVAL_DATA; skips the test when the variable is unset or names no folder.
 */
const char *eval_data_root(void);

struct eval_csv;

/* Opens e.g. "dev/fox_oakland_boxscore.csv" (or .csv.gz) below the root and reads the header. */
struct eval_csv *eval_csv_open(const char *relative_path);

/* Closes and frees. */
void eval_csv_close(struct eval_csv *csv);

/* Index of the named column. */
size_t eval_csv_column(const struct eval_csv *csv, const char *name);

/* Reads the next row; false at the end. Quoted fields and doubled quotes are undone. */
bool eval_csv_next(struct eval_csv *csv);

/* The field as text ("" when empty) or number (NaN when empty or not a number). */
const char *eval_csv_text(const struct eval_csv *csv, size_t column);
double eval_csv_number(const struct eval_csv *csv, size_t column);

/* The field as a calendar day "YYYY-MM-DD..."; see eval_day. */
long eval_csv_day(const struct eval_csv *csv, size_t column);

/* Days since 1970-01-01 of "YYYY-MM-DD"; EVAL_NO_DAY when it is no date. 1970-01-01 was a Thursday.
 */
#define EVAL_NO_DAY (-2000000000L)
long eval_day(const char *text);
long eval_day_of(int year, int month, int day);

/* Year, month (1..12) and day (1..31) of days since 1970-01-01. */
void eval_civil(long day, int *year, int *month, int *day_of_month);

/* Numbers strings 0, 1, 2, ... in order of first sight: ids of tracks, artists, films, shows. */
struct eval_index;
struct eval_index *eval_index_new(void);
void eval_index_free(struct eval_index *index);
size_t eval_index_add(struct eval_index *index, const char *text);

/* The number of a string seen before, or EVAL_UNSEEN. */
#define EVAL_UNSEEN ((size_t)-1)
size_t eval_index_find(const struct eval_index *index, const char *text);
size_t eval_index_count(const struct eval_index *index);
const char *eval_index_text(const struct eval_index *index, size_t number);

/* Zeroed or grown memory; ends the program when there is none. */
void *eval_alloc(size_t count, size_t size);
void *eval_grow(void *memory, size_t count, size_t *capacity, size_t size);

#endif
