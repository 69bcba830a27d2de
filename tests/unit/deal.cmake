# The deal optimizer: published vectors, identities, evaluation, and the agent behind a host of its own.
promoteros_test(unit deal_vectors SOURCES deal_vectors_test.c LINKS promoteros_deal_optimizer_model)
promoteros_test(unit deal SOURCES deal_test.c LINKS promoteros_deal_optimizer_model)
promoteros_test(unit deal_forecast SOURCES deal_forecast_test.c LINKS promoteros_deal_optimizer_model)
promoteros_test(unit deal_agent SOURCES deal_agent_test.c agent_host.c LINKS promoteros_proto ${CMAKE_DL_LIBS} m)
target_compile_definitions(unit_deal_agent PRIVATE DEAL_AGENT="$<TARGET_FILE:deal_optimizer>")
add_dependencies(unit_deal_agent deal_optimizer)
