# A host with linked tables; host_fixture.h says how.
add_library(host_fixture STATIC host_fixture.c)
target_include_directories(host_fixture PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(host_fixture PUBLIC promoteros_host promoteros_descriptor_set)

promoteros_test(unit host_arithmetic SOURCES host_arithmetic_test.c LINKS promoteros_host)
promoteros_test(unit host_run SOURCES host_run_test.c LINKS host_fixture)
promoteros_test(unit host_reasoning SOURCES host_reasoning_test.c LINKS host_fixture)
promoteros_test(unit host_budget SOURCES host_budget_test.c LINKS host_fixture)
promoteros_test(unit host_dispatch SOURCES host_dispatch_test.c LINKS host_fixture)
promoteros_test(unit host_journal SOURCES host_journal_test.c LINKS host_fixture)
promoteros_test(unit host_access SOURCES host_access_test.c LINKS host_fixture)
promoteros_test(unit host_registry SOURCES host_registry_test.c LINKS host_fixture)

# Modules that are as they should be, or wrong in one way; see host_module.c.
promoteros_descriptors(host_module_descriptors promoteros/v1/trend_analyzer_service.proto)
foreach(kind good wrong-abi short-table unknown-method no-symbol open-fails bad-contract)
  add_library(host_module_${kind} MODULE host_module.c)
  string(TOUPPER ${kind} flag)
  string(REPLACE "-" "_" flag ${flag})
  target_compile_definitions(host_module_${kind} PRIVATE MODULE_${flag})
  target_link_libraries(host_module_${kind} PRIVATE promoteros_flags host_module_descriptors)
  set_target_properties(
    host_module_${kind} PROPERTIES PREFIX "" OUTPUT_NAME ${kind}
                                   LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/modules)
  target_link_options(host_module_${kind} PRIVATE
                      -Wl,--version-script=${PROJECT_SOURCE_DIR}/agents/agent.version)
  add_dependencies(unit_host_registry host_module_${kind})
endforeach()
target_compile_definitions(
  unit_host_registry PRIVATE HOST_MODULES="${CMAKE_CURRENT_BINARY_DIR}/modules")

if(TARGET promoterosd)
  add_test(NAME integration/daemon COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/daemon_test.sh
                                           $<TARGET_FILE:promoterosd>)
  set_tests_properties(integration/daemon PROPERTIES LABELS integration TIMEOUT 120)
endif()
