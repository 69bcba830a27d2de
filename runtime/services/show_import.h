/*
 * Importing shows: what a chunk may hold, and what a commit makes of it.
 *
 * Why: apart from the service's table, as with signals. A show is known again by its id, an
 * external id, else by artist, venue, room and date, unless the show of that slot carries another
 * id of the same scheme (an early and a late show). What an import leaves unset keeps what is
 * stored. Of a show that comes several times within one import, the last row counts.
 *
 * Memory, threads, errors: as in import.h.
 */
#ifndef PROMOTEROS_SERVICES_SHOW_IMPORT_H
#define PROMOTEROS_SERVICES_SHOW_IMPORT_H

#include "services/import.h"

#include <promoteros/v1/catalog_service.pb-c.h>

enum pros_status check_show_chunk(struct work *work,
                                  const Promoteros__V1__AppendShowImportRequest *request);
import_build build_show_import;

#endif
