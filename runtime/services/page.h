/*
 * Page tokens: where a list stopped.
 *
 * Why: a token names the last element shown, so that pages neither repeat nor lose elements while
 * others write. It is text that a stranger sends back, so it is checked like all input.
 *
 * Memory: the arena's. Threads: any. Errors: INVALID_ARGUMENT with BAD_PAGE_TOKEN.
 */
#ifndef PROMOTEROS_SERVICES_PAGE_H
#define PROMOTEROS_SERVICES_PAGE_H

#include "services/work.h"

/* `list` is one letter, so that the token of one list is refused by another. */
char *page_token_new(struct arena *arena, char list, const char *first, const char *second);
enum pros_status page_token_parse(struct arena *arena, char list, const char *token,
                                  const char **first, const char **second, struct failure *failure);
/* The same with a number in first place. */
enum pros_status page_token_parse_number(struct arena *arena, char list, const char *token,
                                         int64_t *first, const char **second,
                                         struct failure *failure);

#endif
