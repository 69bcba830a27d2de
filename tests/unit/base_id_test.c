/* Ids sort by time and do not repeat; digests are SHA-256. */
#include "base/clock.h"
#include "base/id.h"
#include "unit/check.h"

#include <time.h>

static void ids_sort_by_time(void)
{
    char before[ID_TEXT_SIZE], after[ID_TEXT_SIZE];
    id_new("ar", before);
    CHECK_INT(strlen(before), 29);
    CHECK(strncmp(before, "ar_0", 4) == 0);
    CHECK_INT(strspn(before + 3, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 26);
    int64_t start_ms = clock_now_ms();
    while (clock_now_ms() <= start_ms)
        nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL);
    id_new("ar", after);
    CHECK(strcmp(before, after) < 0);
    int same = 0;
    for (int i = 0; i < 1000; i++) {
        memcpy(before, after, sizeof before);
        id_new("longtext", after);
        same += strcmp(before, after) == 0;
    }
    CHECK_INT(same, 0);
    CHECK_INT(strlen(after), 35);
}

static void trace_ids_are_hexadecimal(void)
{
    char id[TRACE_ID_TEXT_SIZE];
    trace_id_new(id);
    CHECK_INT(strspn(id, "0123456789abcdef"), 32);
    CHECK_INT(strlen(id), 32);
    CHECK(random_seed() != random_seed());
}

static void digests_are_sha256(void)
{
    char text[DIGEST_TEXT_SIZE];
    digest_text((struct pros_bytes){"abc", 3}, text);
    CHECK_STR(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest_text((struct pros_bytes){NULL, 0}, text);
    CHECK_STR(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

CHECK_MAIN(ids_sort_by_time, trace_ids_are_hexadecimal, digests_are_sha256)
