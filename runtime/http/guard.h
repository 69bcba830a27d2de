/*
 * Whose pages may speak to this door, and by which name it may be called.
 *
 * Why: a page from anywhere can make a browser on this machine send requests to a port on loopback,
 * and with DNS rebinding even read the replies. The name in Host and the page named in Origin are
 * what the browser does not let the page choose.
 *
 * Memory: none. Threads: any. Errors: false.
 */
#ifndef PROMOTEROS_HTTP_GUARD_H
#define PROMOTEROS_HTTP_GUARD_H

#include "http/head.h"

/* A Host value (name or address, with or without a port) that means this machine, or is among the
 * allowed ones: names separated by commas or blanks, with a port or for any port. */
bool guard_host(struct span host, const char *allowed);
/* An Origin that is this door's own page ("http://" or "https://" and the Host), or is listed. */
bool guard_origin(struct span origin, struct span host, const char *allowed);

#endif
