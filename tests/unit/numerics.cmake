foreach(part stats logistic smoothing)
  promoteros_test(unit numerics_${part} SOURCES numerics_${part}_test.c LINKS promoteros_numerics)
endforeach()
