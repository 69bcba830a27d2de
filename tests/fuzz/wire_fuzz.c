/* Wire bytes from a stranger. Anything may be asked for its JSON form; what passes the pre-scan
 * must unpack, must have a JSON form, and that must read back to the same form. The first byte
 * chooses the message. */
#include "base/arena.h"
#include "fuzz/json_fixture.h"
#include "json/wire.h"

#include <promoteros/v1/catalog_service.pb-c.h>
#include <promoteros/v1/deal_optimizer_service.pb-c.h>
#include <promoteros/v1/event_service.pb-c.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ProtobufCMessageDescriptor *const descriptors[] = {
    &promoteros__v1__optimize_deal_request__descriptor,
    &promoteros__v1__append_show_import_request__descriptor,
    &promoteros__v1__list_events_response__descriptor,
    NULL, /* promoteros.test.Everything has no C form */
};

static void *take(void *arena, size_t size)
{
    return arena_try_alloc(arena, size);
}

static void give_back(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

static void check_unpacks(const ProtobufCMessageDescriptor *descriptor, struct pros_bytes bytes)
{
    struct arena arena;
    arena_open(&arena, (size_t)256 << 20);
    ProtobufCAllocator allocator = {take, give_back, &arena};
    if (!protobuf_c_message_unpack(descriptor, &allocator, bytes.size, bytes.data))
        abort();
    arena_close(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t choice = data[0] % 4;
    const struct schema_message *message = fixture_message(choice);
    struct pros_bytes bytes = {data + 1, size - 1};
    struct failure failure = {0};
    struct buffer text;
    buffer_open(&text, FIXTURE_MAX_BYTES);
    json_write(message, bytes, NULL, &text, &failure);
    buffer_close(&text);
    failure = (struct failure){0};
    if (wire_scan(message, bytes, NULL, &failure) != PROS_OK) {
        if (!failure.reason[0] || !failure.sentence[0])
            abort();
        return 0;
    }
    if (descriptors[choice])
        check_unpacks(descriptors[choice], bytes);
    fixture_check_round_trip(message, bytes);
    return 0;
}
