/* promoterosd.yaml from a stranger: read or refused with a sentence; what is read prints and reads
 * again the same. */
#include "config/config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *print(const struct config *config, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    if (!out)
        abort();
    config_print(config, out);
    fclose(out);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct failure failure = {0};
    struct config config, again;
    config_open(&config);
    config_open(&again);
    enum pros_status status = config_read(&config, (const char *)data, size, "fuzz", &failure);
    if (status == PROS_OK) {
        size_t first_size, second_size;
        char *first = print(&config, &first_size);
        if (first_size <= CONFIG_MAX_BYTES) {
            if (config_read(&again, first, first_size, "printed", &failure) != PROS_OK)
                abort();
            char *second = print(&again, &second_size);
            if (first_size != second_size || memcmp(first, second, first_size) != 0)
                abort();
            free(second);
        }
        free(first);
    } else if (status != failure.code || !failure.sentence[0] || !failure.reason[0]) {
        abort();
    }
    config_close(&again);
    config_close(&config);
    return 0;
}
