promoteros_fuzz(config LINKS promoteros_config)
