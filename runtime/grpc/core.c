#include "grpc/core.h"

#include "base/clock.h"
#include "base/log.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/slice.h>
#include <grpc/support/log.h>
#include <pthread.h>

#define LOG_PERIOD_MS      10000
#define LOG_LINES_A_PERIOD 5

/* A few lines a period; the next line says how many were left out. */
static void write_log(gpr_log_func_args *arguments)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static int64_t period_start_ms;
    static unsigned line_count, suppressed_count;
    if (arguments->severity != GPR_LOG_SEVERITY_ERROR) {
        log_debug("grpc: %s", arguments->message);
        return;
    }
    pthread_mutex_lock(&lock);
    int64_t now_ms = clock_now_ms();
    unsigned suppressed = 0;
    if (now_ms - period_start_ms >= LOG_PERIOD_MS || now_ms < period_start_ms) {
        suppressed = suppressed_count;
        period_start_ms = now_ms;
        line_count = suppressed_count = 0;
    }
    bool speak = line_count < LOG_LINES_A_PERIOD;
    if (speak)
        line_count++;
    else
        suppressed_count++;
    pthread_mutex_unlock(&lock);
    if (suppressed)
        log_warning("grpc: %u more such lines were left out", suppressed);
    if (speak)
        log_warning("grpc: %s", arguments->message);
}

void core_open(void)
{
    gpr_set_log_function(write_log);
    grpc_init();
}

void core_close(void)
{
    grpc_shutdown_blocking();
}

grpc_byte_buffer *core_buffer(struct pros_bytes bytes)
{
    grpc_slice slice = grpc_slice_from_copied_buffer(bytes.data ? bytes.data : "", bytes.size);
    grpc_byte_buffer *buffer = grpc_raw_byte_buffer_create(&slice, 1);
    grpc_slice_unref(slice);
    return buffer;
}

struct pros_bytes core_bytes(grpc_byte_buffer *buffer, grpc_slice *joined)
{
    *joined = grpc_empty_slice();
    grpc_slice *slices = buffer->data.raw.slice_buffer.slices;
    if (buffer->data.raw.slice_buffer.count == 1)
        return (struct pros_bytes){GRPC_SLICE_START_PTR(slices[0]), GRPC_SLICE_LENGTH(slices[0])};
    grpc_byte_buffer_reader reader;
    if (buffer->data.raw.slice_buffer.count == 0 || !grpc_byte_buffer_reader_init(&reader, buffer))
        return (struct pros_bytes){NULL, 0};
    *joined = grpc_byte_buffer_reader_readall(&reader);
    grpc_byte_buffer_reader_destroy(&reader);
    return (struct pros_bytes){GRPC_SLICE_START_PTR(*joined), GRPC_SLICE_LENGTH(*joined)};
}
