# JSON against random messages: alone, and beside another implementation of the same mapping.
add_library(promoteros_random_message STATIC random_message.c)
target_link_libraries(promoteros_random_message PUBLIC promoteros_json m)
target_include_directories(promoteros_random_message PUBLIC ${PROJECT_SOURCE_DIR}/tests)
set(sets $<TARGET_OBJECTS:promoteros_descriptor_set> $<TARGET_OBJECTS:json_test_set>)

promoteros_test(
  contract json_roundtrip
  SOURCES json_roundtrip_test.c ${sets}
  LINKS promoteros_random_message)

add_executable(contract_json_peer json_peer.c ${sets})
target_include_directories(contract_json_peer PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(contract_json_peer PRIVATE promoteros_flags promoteros_random_message)
find_program(NODE node)
if(NODE AND EXISTS ${PROJECT_SOURCE_DIR}/tests/integration/node_modules/@bufbuild/protobuf/package.json)
  add_test(NAME contract/json_peer COMMAND ${NODE} ${CMAKE_CURRENT_SOURCE_DIR}/json_peer.test.mjs
                                           $<TARGET_FILE:contract_json_peer>)
else()
  add_test(NAME contract/json_peer
           COMMAND sh -c "echo 'skipped: run npm ci --prefix tests/integration first'; exit 77")
endif()
set_tests_properties(contract/json_peer PROPERTIES LABELS contract TIMEOUT 300 SKIP_RETURN_CODE 77)
