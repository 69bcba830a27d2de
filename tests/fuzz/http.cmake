promoteros_fuzz(http LINKS promoteros_http)
