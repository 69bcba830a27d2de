/*
 * Errors as the Connect protocol writes them.
 *
 * Why: one form for every route: {"code":"invalid_argument","message":"...","details":[...]}, with
 * code and message at the top, where n8n and people look; and the HTTP status that Connect gives
 * each code.
 *
 * Memory: the JSON goes to the caller's buffer. Threads: any. Errors: none.
 */
#ifndef PROMOTEROS_HTTP_ERROR_H
#define PROMOTEROS_HTTP_ERROR_H

#include "base/buffer.h"
#include "base/failure.h"

/* "invalid_argument"; "unknown" for numbers that are no code. */
const char *error_code_name(enum pros_status code);
int error_http_status(enum pros_status code);
/* What a status of HTTP that is not 2xx means as a code. */
enum pros_status error_code_of(int http_status);
void error_write(const struct failure *failure, struct buffer *out);

#endif
