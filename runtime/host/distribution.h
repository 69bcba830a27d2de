/*
 * What a distribution must be like, so that it can be scored.
 *
 * Why: the ledger takes none that a later outcome could not be held against, and scoring relies on
 * it; both ask here. Memory: none. Threads: any. Errors: in words.
 */
#ifndef PROMOTEROS_HOST_DISTRIBUTION_H
#define PROMOTEROS_HOST_DISTRIBUTION_H

#include <promoteros/v1/common.pb-c.h>

/* What is wrong with it, as the end of a sentence; NULL when nothing is. */
const char *distribution_defect(const Promoteros__V1__Distribution *distribution);

#endif
