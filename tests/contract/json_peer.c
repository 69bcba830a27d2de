/*
 * Our JSON as a service to a test in another language: frames on stdin, answers on stdout.
 *
 * A frame is its length in four bytes, the highest first, and then: one letter that says what to
 * do, the length of the message type's name in one byte, the name, and the rest. An answer is its
 * length, '+' and the result or '-' and the sentence.
 *   d  the FileDescriptorSet               r  a random message; the rest is eight bytes of seed
 *   w  wire to JSON                        j  JSON to wire
 *                                          i  JSON to wire, unknown members ignored
 */
#include "contract/json_fixture.h"

#include <string.h>

static struct buffer set, frame, out;

static bool read_frame(void)
{
    unsigned char head[4];
    if (fread(head, 1, sizeof head, stdin) != sizeof head)
        return false;
    size_t size = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    buffer_clear(&frame);
    void *room = buffer_extend(&frame, size);
    return room && fread(room, 1, size, stdin) == size;
}

static void write_frame(char kind, const void *data, size_t size)
{
    size_t whole = size + 1;
    const unsigned char head[5] = {(unsigned char)(whole >> 24), (unsigned char)(whole >> 16),
                                   (unsigned char)(whole >> 8), (unsigned char)whole,
                                   (unsigned char)kind};
    fwrite(head, 1, sizeof head, stdout);
    if (size)
        fwrite(data, 1, size, stdout);
    fflush(stdout);
}

static enum pros_status answer(const struct schema_message *message, char what,
                               struct pros_bytes rest, struct failure *failure)
{
    static const struct json_read_options ignore = {.ignore_unknown = true};
    uint64_t seed = 0;
    switch (what) {
    case 'd':
        buffer_add(&out, set.data, set.size);
        return PROS_OK;
    case 'r':
        memcpy(&seed, rest.data, rest.size < sizeof seed ? rest.size : sizeof seed);
        random_message_add(message, seed, &out);
        return PROS_OK;
    case 'w':
        return json_write(message, rest, NULL, &out, failure);
    default:
        return json_read_with(message, rest.data, rest.size, what == 'i' ? &ignore : NULL, &out,
                              failure);
    }
}

int main(void)
{
    struct schema *schema = fixture_load(&set);
    buffer_open(&frame, FIXTURE_MAX_BYTES);
    buffer_open(&out, FIXTURE_MAX_BYTES);
    while (read_frame()) {
        struct failure failure = {0};
        char name[256] = "";
        size_t name_size = frame.size < 2 ? 0 : (unsigned char)frame.data[1];
        if (frame.size < 2 + name_size)
            return 1;
        memcpy(name, frame.data + 2, name_size);
        const struct schema_message *message = schema_find_message(schema, name);
        struct pros_bytes rest = {frame.data + 2 + name_size, frame.size - 2 - name_size};
        buffer_clear(&out);
        if (!message && frame.data[0] != 'd')
            write_frame('-', "no such type", 12);
        else if (answer(message, frame.data[0], rest, &failure) == PROS_OK)
            write_frame('+', out.data, out.size);
        else
            write_frame('-', failure.sentence, strlen(failure.sentence));
    }
    buffer_close(&frame);
    buffer_close(&out);
    schema_close(schema);
    buffer_close(&set);
    return 0;
}
