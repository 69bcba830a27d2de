#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define BLOCK_BYTES (1u << 20)
#define SPOOL_MAX   (INT64_C(8) << 30)

static enum pros_status fail(const struct input *input, struct failure *failure, const char *how)
{
    return failure_set(failure, errno == ENOENT ? PROS_NOT_FOUND : PROS_FAILED_PRECONDITION,
                       "BAD_FILE", "%s cannot be read: %s. %s", input->name, strerror(errno), how);
}

static long read_block(int fd, char *block)
{
    size_t size = 0;

    while (size < BLOCK_BYTES) {
        ssize_t got = read(fd, block + size, BLOCK_BYTES - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        size += (size_t)got;
    }
    return (long)size;
}

/* Reads all of fd for its digest, and copies it to the spool unless that is -1. */
static enum pros_status digest_file(struct input *input, int fd, int spool, struct failure *failure)
{
    char *block = malloc(sizeof input->digest + BLOCK_BYTES);
    long size;

    if (!block)
        abort();
    while ((size = read_block(fd, block + sizeof input->digest)) > 0) {
        memcpy(block, input->digest, sizeof input->digest);
        digest_bytes((struct pros_bytes){block, sizeof input->digest + (size_t)size},
                     input->digest);
        input->file_bytes += size;
        if (spool >= 0 && (input->file_bytes > SPOOL_MAX ||
                           write(spool, block + sizeof input->digest, (size_t)size) != size)) {
            free(block);
            return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "NO_SPACE",
                               "The temporary file for the piped data is full. Write the data to a "
                               "file and import that.");
        }
    }
    free(block);
    return size < 0 ? fail(input, failure, "Check the disk or the network share.") : PROS_OK;
}

static int open_spool(void)
{
    char path[] = "/tmp/promoterosctl-XXXXXX";
    int fd = mkostemp(path, O_CLOEXEC);

    if (fd >= 0)
        unlink(path);
    return fd;
}

enum pros_status input_open(struct input *input, const char *name, struct failure *failure)
{
    bool standard = strcmp(name, "-") == 0;
    enum pros_status status;
    struct stat status_of;
    int fd, spool = -1;

    *input = (struct input){.name = standard ? "standard input" : name};
    fd = standard ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status_of) != 0)
        return fail(input, failure, "Check the name.");
    if (S_ISDIR(status_of.st_mode)) {
        close(fd);
        errno = EISDIR;
        return fail(input, failure, "Name a file in it.");
    }
    if (!S_ISREG(status_of.st_mode) && (spool = open_spool()) < 0) {
        close(fd);
        return fail(input, failure, "A temporary file in /tmp could not be made.");
    }
    status = digest_file(input, fd, spool, failure);
    if (spool >= 0) {
        close(fd);
        fd = spool;
    }
    if (status != PROS_OK || lseek(fd, 0, SEEK_SET) != 0 || !(input->zlib = gzdopen(fd, "rb"))) {
        close(fd);
        return status != PROS_OK ? status : fail(input, failure, "Write it to a file first.");
    }
    gzbuffer(input->zlib, 256 * 1024);
    return PROS_OK;
}

void input_close(struct input *input)
{
    if (input->zlib)
        gzclose(input->zlib);
    input->zlib = NULL;
}

long input_read(void *context, void *data, size_t size, struct failure *failure)
{
    struct input *input = context;
    int got = gzread(input->zlib, data, size > 1u << 30 ? 1u << 30 : (unsigned)size);
    int code = Z_OK;

    /* A cut gzip file gives its bytes first and says so afterwards. */
    if (got <= 0)
        gzerror(input->zlib, &code);
    if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
        failure_set(failure, PROS_DATA_LOSS, "BAD_GZIP",
                    "%s is damaged or cut off (its gzip data does not end properly). Fetch it "
                    "again.",
                    input->name);
        return -1;
    }
    return got;
}

double input_share(const struct input *input)
{
    return input->file_bytes > 0 ? (double)gzoffset(input->zlib) / (double)input->file_bytes : 1;
}
