# The trend analyzer: the maths, and the agent behind a host of its own.
foreach(part breakout trajectory chart)
  promoteros_test(unit trend_${part} SOURCES trend_${part}_test.c LINKS promoteros_trend_analyzer_model)
endforeach()
