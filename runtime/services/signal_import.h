/*
 * Importing signals: what a chunk may hold, and what a commit makes of it.
 *
 * Why: apart from the service's table, since it is the larger half. A point is known again by
 * series and moment: the same value is left alone, another one becomes a correction, which is never
 * known before what it corrects. Within one import the version of a moment that was known last
 * counts.
 *
 * Memory, threads, errors: as in import.h.
 */
#ifndef PROMOTEROS_SERVICES_SIGNAL_IMPORT_H
#define PROMOTEROS_SERVICES_SIGNAL_IMPORT_H

#include "services/import.h"

#include <promoteros/v1/signal_service.pb-c.h>

enum { POINT_KNOWN_DECLARED = 1, POINT_ROUNDED = 2, POINT_SIMULATED = 4 };

/* *point_count: points in the chunk. */
enum pros_status check_signal_chunk(struct work *work,
                                    const Promoteros__V1__AppendSignalImportRequest *request,
                                    int64_t *point_count);
import_build build_signal_import;

#endif
