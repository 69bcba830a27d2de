# The audience predictor: its small numerics, the maths, and the agent behind a host of its own.
promoteros_test(unit audience_numerics SOURCES audience_numerics_test.c LINKS promoteros_numerics)
promoteros_test(unit audience_model SOURCES audience_model_test.c LINKS promoteros_audience_predictor_model)
promoteros_test(unit audience_agent SOURCES audience_agent_test.c agent_host.c LINKS promoteros_proto ${CMAKE_DL_LIBS} m)
target_compile_definitions(unit_audience_agent PRIVATE AUDIENCE_AGENT="$<TARGET_FILE:audience_predictor>")
add_dependencies(unit_audience_agent audience_predictor)
