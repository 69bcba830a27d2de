/*
 * The test harness: one page, no framework.
 *
 * A test program is a list of functions run by CHECK_MAIN. A failed CHECK prints where and what and
 * the program goes on, so that one run shows every failure; its exit code says whether any failed.
 * A test that cannot run here calls check_skip(reason), which exits with 77 (ctest: skipped).
 * Single-threaded: check from the main thread only.
 */
#ifndef PROMOTEROS_TESTS_UNIT_CHECK_H
#define PROMOTEROS_TESTS_UNIT_CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_failures;
static int check_count;

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
#define CHECK_INT(got, want)                                                                       \
    check_int((long long)(got), (long long)(want), #got, __FILE__, __LINE__)
#define CHECK_STR(got, want) check_str((got), (want), #got, __FILE__, __LINE__)
/* Absolute or relative difference within tolerance. */
#define CHECK_NEAR(got, want, tolerance)                                                           \
    check_near((got), (want), (tolerance), #got, __FILE__, __LINE__)

static inline int check_that(int ok, const char *what, const char *file, int line)
{
    check_count++;
    if (!ok) {
        check_failures++;
        fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
    }
    return ok;
}

static inline int check_int(long long got, long long want, const char *what, const char *file,
                            int line)
{
    int ok = check_that(got == want, what, file, line);
    if (!ok)
        fprintf(stderr, "    got %lld, want %lld\n", got, want);
    return ok;
}

static inline int check_str(const char *got, const char *want, const char *what, const char *file,
                            int line)
{
    int ok = check_that(got && strcmp(got, want) == 0, what, file, line);
    if (!ok)
        fprintf(stderr, "    got  \"%s\"\n    want \"%s\"\n", got ? got : "(null)", want);
    return ok;
}

static inline int check_near(double got, double want, double tolerance, const char *what,
                             const char *file, int line)
{
    double difference = fabs(got - want);
    int ok = check_that(difference <= tolerance || difference <= tolerance * fabs(want), what, file,
                        line);
    if (!ok)
        fprintf(stderr, "    got %.12g, want %.12g\n", got, want);
    return ok;
}

/* How often a property test tries: valgrind runs code thirty times slower, and looks for other
 * faults. */
static inline int check_rounds(int usual)
{
    return getenv("PROMOTEROS_VALGRIND") ? usual / 40 : usual;
}

static inline void check_skip(const char *reason)
{
    printf("skipped: %s\n", reason);
    exit(77);
}

/* Runs the named functions in order and reports. */
#define CHECK_MAIN(...)                                                                            \
    int main(void)                                                                                 \
    {                                                                                              \
        void (*const tests[])(void) = {__VA_ARGS__};                                               \
        for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)                                  \
            tests[i]();                                                                            \
        printf("%d checks, %d failed\n", check_count, check_failures);                             \
        return check_failures != 0;                                                                \
    }

#endif
