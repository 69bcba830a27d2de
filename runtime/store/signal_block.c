#include "store/signal_block.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define BLOCK_VERSION   1
#define CHECKSUM_BYTES  4
#define RAW_VALUES      0 /* else 1 + the power of ten that makes them integers */
#define MAX_POWER       3
#define MAX_SCALED      9007199254740992.0 /* 2^53: integers up to here are exact */
#define MAX_VARINT_SIZE 10

static const double powers[MAX_POWER + 1] = {1, 10, 100, 1000};

/* ---- bytes ---- */

static uint32_t checksum(const unsigned char *data, size_t size)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ data[i]) * 16777619u;
    return hash;
}

static void put_varint(struct buffer *block, uint64_t number)
{
    unsigned char bytes[MAX_VARINT_SIZE];
    size_t size = 0;
    while (number >= 0x80) {
        bytes[size++] = (unsigned char)(number | 0x80);
        number >>= 7;
    }
    bytes[size++] = (unsigned char)number;
    buffer_add(block, bytes, size);
}

struct reader {
    const unsigned char *at, *end;
};

static bool get_varint(struct reader *reader, uint64_t *number)
{
    uint64_t sum = 0;
    for (int shift = 0; shift < 64 && reader->at < reader->end; shift += 7) {
        unsigned char byte = *reader->at++;
        if (shift == 63 && byte > 1)
            return false;
        sum |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            *number = sum;
            return true;
        }
    }
    return false;
}

static uint64_t zigzag(uint64_t number)
{
    return number << 1 ^ (0 - (number >> 63));
}

static uint64_t unzigzag(uint64_t number)
{
    return number >> 1 ^ (0 - (number & 1));
}

/* ---- columns of integers: second differences in runs; unsigned, so that extremes wrap and come
 * back ---- */

struct differences {
    uint64_t previous, step;
};

static void put_runs(struct buffer *block, const uint64_t *column, size_t count)
{
    struct differences last = {0};
    for (size_t i = 0; i < count;) {
        uint64_t step = column[i] - last.previous;
        uint64_t change = step - last.step;
        size_t run = 0;
        do {
            last.previous = column[i + run];
            last.step = i + run == 0 ? 0 : step; /* the first element is no step */
            run++;
            if (i + run == count)
                break;
            step = column[i + run] - last.previous;
        } while (step - last.step == change);
        put_varint(block, zigzag(change));
        put_varint(block, run);
        i += run;
    }
}

static bool get_runs(struct reader *reader, uint64_t *column, size_t count)
{
    struct differences last = {0};
    for (size_t i = 0; i < count;) {
        uint64_t change, run;
        if (!get_varint(reader, &change) || !get_varint(reader, &run) || run == 0 ||
            run > count - i)
            return false;
        change = unzigzag(change);
        for (; run; run--, i++) {
            uint64_t step = last.step + change;
            last.previous += step;
            last.step = i == 0 ? 0 : step;
            column[i] = last.previous;
        }
    }
    return true;
}

/* ---- values ---- */

static bool fits_power(const double *values, size_t count, double power)
{
    for (size_t i = 0; i < count; i++) {
        double scaled = nearbyint(values[i] * power);
        if (!(fabs(scaled) < MAX_SCALED && scaled / power == values[i]))
            return false;
    }
    return true;
}

/* The power of ten that turns every value into an integer and back exactly, or -1. */
static int find_power(const double *values, size_t count)
{
    for (int power = 0; power <= MAX_POWER; power++)
        if (fits_power(values, count, powers[power]))
            return power;
    return -1;
}

static void put_values(struct buffer *block, const double *values, size_t count)
{
    int power = find_power(values, count);
    buffer_add_char(block, (char)(power < 0 ? RAW_VALUES : 1 + power));
    int64_t previous = 0;
    for (size_t i = 0; i < count; i++) {
        if (power < 0) {
            uint64_t bits;
            memcpy(&bits, &values[i], sizeof bits);
            unsigned char bytes[8];
            for (int b = 0; b < 8; b++)
                bytes[b] = (unsigned char)(bits >> (8 * b));
            buffer_add(block, bytes, sizeof bytes);
        } else {
            int64_t scaled = (int64_t)nearbyint(values[i] * powers[power]);
            put_varint(block, zigzag((uint64_t)(scaled - previous)));
            previous = scaled;
        }
    }
}

static bool get_raw_values(struct reader *reader, double *values, size_t count)
{
    if ((size_t)(reader->end - reader->at) < count * 8)
        return false;
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = 0;
        for (int b = 0; b < 8; b++)
            bits |= (uint64_t)*reader->at++ << (8 * b);
        memcpy(&values[i], &bits, sizeof bits);
        if (!isfinite(values[i]))
            return false;
    }
    return true;
}

static bool get_values(struct reader *reader, double *values, size_t count)
{
    if (reader->at == reader->end)
        return false;
    int mode = *reader->at++;
    if (mode == RAW_VALUES)
        return get_raw_values(reader, values, count);
    if (mode > 1 + MAX_POWER)
        return false;
    double power = powers[mode - 1];
    uint64_t scaled = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t change;
        if (!get_varint(reader, &change))
            return false;
        scaled += unzigzag(change);
        values[i] = (double)(int64_t)scaled / power;
    }
    return true;
}

/* ---- blocks ---- */

void signal_block_encode(const struct signal_points *points, size_t first, size_t count,
                         struct buffer *block)
{
    assert(count >= 1 && count <= SIGNAL_BLOCK_MAX_POINTS);
    uint64_t column[SIGNAL_BLOCK_MAX_POINTS] = {0};
    buffer_clear(block);
    buffer_add_char(block, BLOCK_VERSION);
    put_varint(block, count);
    const int64_t *observed = points->observed_at_ms + first;
    for (size_t i = 0; i < count; i++)
        column[i] = (uint64_t)observed[i];
    put_runs(block, column, count);
    for (size_t i = 0; i < count; i++)
        column[i] = (uint64_t)points->known_at_ms[first + i] - (uint64_t)observed[i];
    put_runs(block, column, count);
    for (size_t i = 0; i < count; i++)
        column[i] = (uint64_t)points->commit_seqs[first + i];
    put_runs(block, column, count);
    for (size_t i = 0; i < count; i++)
        column[i] = (uint64_t)points->flags[first + i];
    put_runs(block, column, count);
    put_values(block, points->values + first, count);
    uint32_t sum = checksum((const unsigned char *)block->data, block->size);
    for (int b = 0; b < CHECKSUM_BYTES; b++)
        buffer_add_char(block, (char)(unsigned char)(sum >> (8 * b)));
    assert(!block->overflowed);
}

static bool get_columns(struct reader *reader, struct signal_points *points, size_t count)
{
    uint64_t column[SIGNAL_BLOCK_MAX_POINTS] = {0};
    size_t first = points->count;
    if (!get_runs(reader, column, count))
        return false;
    for (size_t i = 0; i < count; i++)
        points->observed_at_ms[first + i] = (int64_t)column[i];
    if (!get_runs(reader, column, count))
        return false;
    for (size_t i = 0; i < count; i++)
        points->known_at_ms[first + i] =
            (int64_t)(column[i] + (uint64_t)points->observed_at_ms[first + i]);
    if (!get_runs(reader, column, count))
        return false;
    for (size_t i = 0; i < count; i++)
        points->commit_seqs[first + i] = (int64_t)column[i];
    if (!get_runs(reader, column, count))
        return false;
    for (size_t i = 0; i < count; i++)
        points->flags[first + i] = (int32_t)(uint32_t)column[i];
    return get_values(reader, points->values + first, count) && reader->at == reader->end;
}

bool signal_block_decode(struct pros_bytes block, struct signal_points *points)
{
    const unsigned char *data = block.data;
    if (block.size < 2 + CHECKSUM_BYTES || block.size > SIGNAL_BLOCK_MAX_BYTES)
        return false;
    size_t size = block.size - CHECKSUM_BYTES;
    uint32_t sum = 0;
    for (int b = 0; b < CHECKSUM_BYTES; b++)
        sum |= (uint32_t)data[size + (size_t)b] << (8 * b);
    if (sum != checksum(data, size) || data[0] != BLOCK_VERSION)
        return false;
    struct reader reader = {data + 1, data + size};
    uint64_t count;
    if (!get_varint(&reader, &count) || count == 0 || count > SIGNAL_BLOCK_MAX_POINTS)
        return false;
    signal_points_reserve(points, (size_t)count);
    if (!get_columns(&reader, points, (size_t)count))
        return false;
    points->count += (size_t)count;
    return true;
}
