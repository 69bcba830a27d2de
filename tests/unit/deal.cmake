# The deal optimizer: published vectors, identities, evaluation, and the agent behind a host of its own.
foreach(part money vectors types properties refusals forecast)
  promoteros_test(unit deal_${part} SOURCES deal_${part}_test.c LINKS promoteros_deal_optimizer_model)
endforeach()
promoteros_test(unit deal_agent SOURCES deal_agent_test.c agent_host.c LINKS promoteros_proto ${CMAKE_DL_LIBS} m)
target_compile_definitions(unit_deal_agent PRIVATE DEAL_AGENT="$<TARGET_FILE:deal_optimizer>")
add_dependencies(unit_deal_agent deal_optimizer)
