/*
 * The bytes of a file to import: plain, gzip or standard input.
 *
 * Why: history comes as .gz or through a pipe as often as not. The digest must be known before the
 * first line is sent (it names the import), so a pipe is spooled to a temporary file first.
 *
 * Memory: input_close() frees. Threads: one. Errors: a sentence with the file's name.
 */
#ifndef PROMOTEROS_CLI_INPUT_H
#define PROMOTEROS_CLI_INPUT_H

#include "base/failure.h"
#include "base/id.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input {
    const char *name; /* as given; "-" is standard input */
    void *zlib;
    int64_t file_bytes; /* as stored, before decompression */
    uint8_t digest[32]; /* of the bytes as stored: SHA-256 over a chain of 1 MiB blocks */
};

enum pros_status input_open(struct input *input, const char *name, struct failure *failure);
void input_close(struct input *input);
/* Bytes read, 0 at the end, -1 with the failure filled. Shape of lines_read_function. */
long input_read(void *input, void *data, size_t size, struct failure *failure);
/* Share of the stored bytes that was read, in [0, 1]. */
double input_share(const struct input *input);

#endif
