# The deal optimizer: published vectors, identities, evaluation, and the agent behind a host of its own.
promoteros_test(unit deal_vectors SOURCES deal_vectors_test.c LINKS promoteros_deal_optimizer_model)
