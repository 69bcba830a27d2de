# The trend analyzer: the maths, and the agent behind a host of its own.
foreach(part breakout trajectory chart)
  promoteros_test(unit trend_${part} SOURCES trend_${part}_test.c LINKS promoteros_trend_analyzer_model)
endforeach()
promoteros_test(unit trend_agent SOURCES trend_agent_test.c agent_host.c LINKS promoteros_proto ${CMAKE_DL_LIBS} m)
target_compile_definitions(unit_trend_agent PRIVATE TREND_AGENT="$<TARGET_FILE:trend_analyzer>")
add_dependencies(unit_trend_agent trend_analyzer)
