/* Arena, buffer and failure: bounds are kept, contents survive. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "unit/check.h"

#include <stdalign.h>
#include <stdint.h>

static void arena_gives_zeroed_aligned_memory(void)
{
    struct arena arena;
    arena_open(&arena, 0);
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 5000; size += 37) {
            unsigned char *memory = arena_alloc(&arena, size);
            CHECK((uintptr_t)memory % alignof(max_align_t) == 0);
            size_t dirty = 0;
            for (size_t i = 0; i < size; i++)
                dirty += memory[i] != 0;
            CHECK_INT(dirty, 0);
            memset(memory, 0xAB, size);
        }
        arena_reset(&arena);
        CHECK_INT(arena.used_bytes, 0);
    }
    CHECK_STR(arena_format(&arena, "%s-%d", "room", 7), "room-7");
    CHECK_STR(arena_string(&arena, "venue"), "venue");
    CHECK(arena_string(&arena, NULL) == NULL);
    CHECK(memcmp(arena_copy(&arena, "a\0b", 3), "a\0b", 3) == 0);
    arena_close(&arena);
    arena_close(&arena);
}

static void arena_keeps_its_budget(void)
{
    struct arena arena;
    arena_open(&arena, 1024);
    CHECK(arena_try_alloc(&arena, 1000) != NULL);
    CHECK(arena_try_alloc(&arena, 64) == NULL);
    CHECK(arena_try_alloc(&arena, 16) != NULL);
    CHECK(arena_try_alloc(&arena, 1) == NULL);
    CHECK(arena_try_alloc(&arena, SIZE_MAX) == NULL);
    CHECK(arena_try_alloc(&arena, SIZE_MAX - 8) == NULL);
    arena_reset(&arena);
    CHECK(arena_try_alloc(&arena, 1024) != NULL);
    CHECK(arena_try_alloc(&arena, 0) == NULL);
    arena_close(&arena);
}

static void buffer_keeps_its_maximum(void)
{
    struct buffer buffer;
    buffer_open(&buffer, 10);
    CHECK(buffer_add_string(&buffer, "hello"));
    CHECK(buffer_add_format(&buffer, "%d", 12345));
    CHECK_STR(buffer.data, "hello12345");
    CHECK(buffer_add(&buffer, NULL, 0));
    CHECK(!buffer_add_char(&buffer, '!'));
    CHECK(buffer.overflowed);
    CHECK_STR(buffer.data, "hello12345");
    CHECK(!buffer_add(&buffer, NULL, 0));
    buffer_clear(&buffer);
    CHECK(!buffer.overflowed);
    CHECK(!buffer_add_format(&buffer, "%s", "eleven char"));
    CHECK_INT(buffer.size, 0);
    buffer_clear(&buffer);
    CHECK(buffer_extend(&buffer, SIZE_MAX) == NULL);
    buffer_close(&buffer);
    CHECK(buffer.data == NULL);

    buffer_open(&buffer, 100000);
    for (int i = 0; i < 10000; i++)
        CHECK(buffer_add(&buffer, "0123456789", 10));
    CHECK_INT(buffer.size, 100000);
    CHECK_INT(buffer.data[100000], 0);
    char *room = buffer_extend(&buffer, 1);
    CHECK(room == NULL);
    buffer_close(&buffer);
}

static void failure_says_what_happened(void)
{
    struct failure failure;
    CHECK_INT(failure_set(&failure, PROS_NOT_FOUND, "NO_SHOW", "No show %s.", "sh_1"),
              PROS_NOT_FOUND);
    CHECK_STR(failure.reason, "NO_SHOW");
    CHECK_STR(failure.sentence, "No show sh_1.");
    CHECK_INT(failure_set(NULL, PROS_INTERNAL, NULL, "x"), PROS_INTERNAL);
    /* A long sentence is cut between characters. */
    char text[1400];
    for (size_t offset = 0; offset < 3; offset++) {
        memset(text, 'x', offset);
        for (size_t i = offset; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "\xE2\x82\xAC", 4);
        failure_set(&failure, PROS_INTERNAL, NULL, "%s", text);
        size_t size = strlen(failure.sentence);
        CHECK(size > 1018 && size < 1024);
        CHECK_INT((size - offset) % 3, 0);
    }
    CHECK_STR(status_name(PROS_UNAUTHENTICATED), "UNAUTHENTICATED");
    CHECK_STR(status_name((enum pros_status)17), "UNKNOWN");
}

CHECK_MAIN(arena_gives_zeroed_aligned_memory, arena_keeps_its_budget, buffer_keeps_its_maximum,
           failure_says_what_happened)
