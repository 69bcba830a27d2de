/* JSON from a stranger: refused with a sentence, or read to a message that is well-formed and
 * survives the round trip. The first byte chooses the message. */
#include "base/text.h"
#include "fuzz/json_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct schema_message *message = fixture_message(data[0] % 4);
    struct buffer wire;
    struct failure failure = {0};
    buffer_open(&wire, FIXTURE_MAX_BYTES);
    if (json_read(message, (const char *)data + 1, size - 1, &wire, &failure) != PROS_OK) {
        if (!failure.reason[0] || !failure.sentence[0])
            abort();
        /* cJSON refused what the check before it had accepted. */
        if (strcmp(failure.reason, "OUT_OF_MEMORY") == 0)
            abort();
        if (!text_is_utf8(failure.sentence, strlen(failure.sentence)))
            abort();
    } else {
        struct pros_bytes bytes = {wire.data, wire.size};
        if (!fixture_passes_scan(message, bytes))
            abort();
        fixture_check_round_trip(message, bytes);
    }
    buffer_close(&wire);
    return 0;
}
