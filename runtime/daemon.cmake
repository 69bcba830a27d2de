# promoterosd: the rooms, linked.
if(TARGET promoteros_services AND TARGET promoteros_grpc AND TARGET promoteros_http)
  add_executable(promoterosd ${CMAKE_CURRENT_LIST_DIR}/main.c)
  target_link_libraries(
    promoterosd PRIVATE promoteros_grpc promoteros_http promoteros_services promoteros_host promoteros_config
                        promoteros_store promoteros_base promoteros_descriptor_set)
  set_target_properties(promoterosd PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  install(TARGETS promoterosd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
