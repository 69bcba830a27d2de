promoteros_test(unit config SOURCES config_test.c LINKS promoteros_config)
target_compile_definitions(
  unit_config PRIVATE PROMOTEROS_EXAMPLE_CONFIG="${PROJECT_SOURCE_DIR}/deploy/promoterosd.yaml")
