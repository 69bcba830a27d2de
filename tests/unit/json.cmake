promoteros_descriptors(json_test_set -I${CMAKE_CURRENT_SOURCE_DIR} json_test.proto)
add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/json_test_set.binpb APPEND
                   DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/json_test.proto)
foreach(part parse read wire)
  promoteros_test(unit json_${part} SOURCES json_${part}_test.c $<TARGET_OBJECTS:json_test_set>
                  LINKS promoteros_json)
endforeach()
