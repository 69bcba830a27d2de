promoteros_fuzz(csv LINKS promoteros_cli_rows)
