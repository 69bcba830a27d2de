/*
 * The methods of CatalogService, beside its table.
 *
 * Why: lists, outcomes and changes are each a file; the filter of shows is shared by two of them.
 *
 * Memory: replies in work->arena; records that a filter leaves out take no lasting memory. Threads:
 * the work's. Errors: INVALID_ARGUMENT names the field; DEADLINE_EXCEEDED for a filter that finds
 * too little in time.
 */
#ifndef PROMOTEROS_SERVICES_CATALOG_H
#define PROMOTEROS_SERVICES_CATALOG_H

#include "services/work.h"

#include <promoteros/v1/catalog_service.pb-c.h>

enum pros_status list_artists(struct work *work, const Promoteros__V1__ListArtistsRequest *request,
                              Promoteros__V1__ListArtistsResponse *response);
enum pros_status list_venues(struct work *work, const Promoteros__V1__ListVenuesRequest *request,
                             Promoteros__V1__ListVenuesResponse *response);
enum pros_status list_shows(struct work *work, const Promoteros__V1__ListShowsRequest *request,
                            Promoteros__V1__ListShowsResponse *response);
enum pros_status query_show_outcomes(struct work *work,
                                     const Promoteros__V1__QueryShowOutcomesRequest *request,
                                     Promoteros__V1__QueryShowOutcomesResponse *response);

/* Checks the filter (NULL: all) and turns it into a query; *nothing when no venue fits it. */
enum pros_status show_query_new(struct work *work, const Promoteros__V1__ShowFilter *filter,
                                struct store_show_query *query, bool *nothing);

enum pros_status upsert_artist(struct work *work,
                               const Promoteros__V1__UpsertArtistRequest *request,
                               Promoteros__V1__UpsertArtistResponse *response);
enum pros_status upsert_venue(struct work *work, const Promoteros__V1__UpsertVenueRequest *request,
                              Promoteros__V1__UpsertVenueResponse *response);
enum pros_status upsert_show(struct work *work, const Promoteros__V1__UpsertShowRequest *request,
                             Promoteros__V1__UpsertShowResponse *response);

#endif
