/* Packed blocks: nothing is lost, and hostile bytes do no harm. */
#include "base/id.h"
#include "store/signal_block.h"
#include "unit/check.h"

#include <float.h>

enum { MANY = 1024 };

static void fill(struct signal_points *points, int shape, size_t count)
{
    points->count = 0;
    signal_points_reserve(points, count);
    for (size_t i = 0; i < count; i++) {
        int64_t day = (int64_t)i * 86400000;
        uint64_t noise = random_seed();
        points->observed_at_ms[i] = shape == 3 ? (int64_t)noise : day;
        points->known_at_ms[i] = shape == 3 ? (i % 2 ? INT64_MIN : INT64_MAX) : day + 3600000;
        points->commit_seqs[i] = shape == 3 ? (int64_t)(noise >> 7) : 12;
        points->flags[i] = shape == 3 ? (int32_t)noise : 1;
        switch (shape) {
        case 0:
            points->values[i] = (double)(int64_t)(noise % 1000000) - 500000;
            break;
        case 1:
            points->values[i] = (double)(noise % 100000) / 100.0;
            break;
        case 2:
            points->values[i] = (double)noise / 3e7;
            break;
        default:
            points->values[i] = i % 2 ? DBL_MAX : i % 3 ? -DBL_MAX : DBL_TRUE_MIN;
        }
    }
    points->count = count;
}

static int differences(const struct signal_points *a, const struct signal_points *b, size_t count)
{
    int errors = 0;
    for (size_t i = 0; i < count; i++) {
        errors += a->observed_at_ms[i] != b->observed_at_ms[i];
        errors += a->known_at_ms[i] != b->known_at_ms[i];
        errors += a->commit_seqs[i] != b->commit_seqs[i];
        errors += a->flags[i] != b->flags[i];
        errors += memcmp(&a->values[i], &b->values[i], sizeof(double)) != 0;
    }
    return errors;
}

static void blocks_come_back(void)
{
    static const size_t counts[] = {1, 2, 3, 30, 365, MANY};
    struct buffer buffer;
    buffer_open(&buffer, SIGNAL_BLOCK_MAX_BYTES);
    for (int shape = 0; shape < 4; shape++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            struct signal_points points = {0}, again = {0};
            fill(&points, shape, counts[c]);
            signal_block_encode(&points, 0, counts[c], &buffer);
            struct pros_bytes block = {buffer.data, buffer.size};
            CHECK(signal_block_decode(block, &again));
            CHECK_INT(again.count, counts[c]);
            CHECK_INT(differences(&points, &again, counts[c]), 0);
            CHECK(signal_block_decode(block, &again)); /* appends */
            CHECK_INT(again.count, 2 * counts[c]);
            if (shape == 0 && counts[c] == 365)
                CHECK(buffer.size < 4 * 365);
            signal_points_close(&points);
            signal_points_close(&again);
        }
    buffer_close(&buffer);
}

/* As the encoder does: a block with a good checksum and bad contents must be survived too. */
static void put_checksum(unsigned char *data, size_t size)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ data[i]) * 16777619u;
    for (size_t b = 0; b < 4; b++)
        data[size + b] = (unsigned char)(hash >> (8 * b));
}

static void hostile_blocks_are_refused(void)
{
    struct buffer buffer;
    buffer_open(&buffer, SIGNAL_BLOCK_MAX_BYTES);
    struct signal_points points = {0}, again = {0};
    int accepted_cut = 0, accepted_flip = 0;
    for (int shape = 0; shape < 4; shape++) {
        fill(&points, shape, 40);
        signal_block_encode(&points, 0, 40, &buffer);
        size_t size = buffer.size;
        unsigned char *copy = malloc(size);
        for (size_t cut = 0; cut < size; cut++) {
            memcpy(copy, buffer.data, size);
            if (cut >= 4)
                put_checksum(copy, cut - 4);
            unsigned char *exact = malloc(cut ? cut : 1); /* so that the sanitizer sees the end */
            memcpy(exact, copy, cut);
            accepted_cut += signal_block_decode((struct pros_bytes){exact, cut}, &again);
            free(exact);
        }
        for (size_t at = 0; at < size - 4; at++)
            for (int bit = 0; bit < 8; bit++) {
                memcpy(copy, buffer.data, size);
                copy[at] ^= (unsigned char)(1 << bit);
                accepted_flip += signal_block_decode((struct pros_bytes){copy, size}, &again);
                put_checksum(copy, size - 4);
                signal_block_decode((struct pros_bytes){copy, size}, &again);
                again.count = 0;
            }
        free(copy);
    }
    CHECK_INT(accepted_cut, 0);
    CHECK_INT(accepted_flip, 0);
    for (int i = 0; i < 20000; i++) {
        unsigned char noise[64];
        for (size_t b = 0; b < sizeof noise; b += 8) {
            uint64_t bits = random_seed();
            memcpy(noise + b, &bits, 8);
        }
        noise[0] = 1;
        noise[1] &= 0x1F;
        put_checksum(noise, sizeof noise - 4);
        signal_block_decode((struct pros_bytes){noise, sizeof noise}, &again);
        again.count = 0;
    }
    CHECK(!signal_block_decode((struct pros_bytes){NULL, 0}, &again));
    CHECK(!signal_block_decode((struct pros_bytes){buffer.data, (size_t)1 << 40}, &again));
    signal_points_close(&points);
    signal_points_close(&again);
    buffer_close(&buffer);
}

static void points_settle(void)
{
    struct signal_points points = {0};
    static const struct {
        int64_t observed, known, commit;
        double value;
    } given[] = {{30, 30, 1, 3},   {10, 50, 2, 1.5}, {10, 10, 1, 1},
                 {20, 20, 2, 2.5}, {20, 20, 1, 2},   {20, 20, 2, 2.75}};
    for (int64_t as_of = 5; as_of <= 65; as_of += 10) {
        points.count = 0;
        signal_points_reserve(&points, 6);
        for (size_t i = 0; i < 6; i++) {
            points.observed_at_ms[i] = given[i].observed;
            points.known_at_ms[i] = given[i].known;
            points.commit_seqs[i] = given[i].commit;
            points.values[i] = given[i].value;
            points.flags[i] = 0;
        }
        points.count = 6;
        signal_points_settle(&points, 10, 31, as_of);
        CHECK_INT(points.count, as_of < 10 ? 0 : as_of < 20 ? 1 : as_of < 30 ? 2 : 3);
        if (points.count)
            CHECK_NEAR(points.values[0], as_of < 50 ? 1 : 1.5, 0);
        if (points.count > 1)
            CHECK_NEAR(points.values[1], 2.75, 0);
    }
    signal_points_close(&points);
}

CHECK_MAIN(blocks_come_back, hostile_blocks_are_refused, points_settle)
