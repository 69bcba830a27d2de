/*
 * Is this a table that the host can serve?
 *
 * Why: a module is refused when it is loaded, with its name and the reason, and not in the middle
 * of a run. Memory: none. Threads: any. Errors: FAILED_PRECONDITION.
 */
#ifndef PROMOTEROS_HOST_TABLE_CHECK_H
#define PROMOTEROS_HOST_TABLE_CHECK_H

#include "base/failure.h"
#include "json/schema.h"

/* A method of a table; the stride is the table's own, since it may come from a later build. */
const struct pros_method *table_method(const struct pros_agent *table, size_t position);
/* Sizes, ABI, names and methods; who names the module in the sentence. */
enum pros_status table_check_shape(const struct pros_agent *table, const char *who,
                                   struct failure *failure);
/* Every method stands in the schema with the same streaming. */
enum pros_status table_check_schema(const struct pros_agent *table, const struct schema *schema,
                                    const char *who, struct failure *failure);

#endif
