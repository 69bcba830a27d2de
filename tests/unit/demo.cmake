promoteros_test(unit demo_city SOURCES demo_city_test.c LINKS promoteros_demo)
