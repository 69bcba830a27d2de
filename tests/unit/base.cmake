promoteros_test(unit base_memory SOURCES base_memory_test.c LINKS promoteros_base)
promoteros_test(unit base_clock SOURCES base_clock_test.c LINKS promoteros_base)
promoteros_test(unit base_text SOURCES base_text_test.c LINKS promoteros_base m)
promoteros_test(unit base_id SOURCES base_id_test.c LINKS promoteros_base)
