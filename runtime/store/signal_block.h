/*
 * A packed block of points: the form in which signals lie on the disk.
 *
 * Why: a scan reads blocks, not rows. Times, commit numbers and flags are second differences in
 * runs (a daily series of a year costs a few bytes a column); values are differences of integers,
 * after scaling by a power of ten where that is exact, else raw doubles. Packing loses nothing.
 *
 * Layout: version (1 byte), varint count, the columns observed_at, known_at - observed_at,
 * commit_seq, flags, then the values, then FNV-1a of all before (4 bytes, little-endian).
 *
 * Memory: decoding appends to the caller's columns. Threads: any. Errors: a block's bytes are
 * treated as hostile; decode returns false and leaves the columns' count alone.
 */
#ifndef PROMOTEROS_STORE_SIGNAL_BLOCK_H
#define PROMOTEROS_STORE_SIGNAL_BLOCK_H

#include "base/buffer.h"
#include "store/signal_points.h"

#include <promoteros/agent.h>
#include <stdbool.h>

#define SIGNAL_BLOCK_MAX_POINTS 1024
/* No block is larger: 8 bytes a value and at most 20 an element of the four other columns. */
#define SIGNAL_BLOCK_MAX_BYTES (SIGNAL_BLOCK_MAX_POINTS * 96)

/* Packs count points from first on; 1 <= count <= SIGNAL_BLOCK_MAX_POINTS. The buffer is cleared
 * first; its maximum must be SIGNAL_BLOCK_MAX_BYTES. */
void signal_block_encode(const struct signal_points *points, size_t first, size_t count,
                         struct buffer *block);
bool signal_block_decode(struct pros_bytes block, struct signal_points *points);

#endif
