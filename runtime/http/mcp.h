/*
 * The agents as tools of the Model Context Protocol, handshake era (2024-11-05 to 2025-11-25),
 * without sessions: each POST is answered with one JSON object.
 *
 * Why: assistants and n8n's AI Agent call tools by this protocol; a tool is a method without side
 * effects, its input schema comes from the contract, so no agent needs a line of code for it.
 *
 * Memory: text goes to the caller's buffer. Threads: any. Errors: none.
 */
#ifndef PROMOTEROS_HTTP_MCP_H
#define PROMOTEROS_HTTP_MCP_H

#include "base/buffer.h"
#include "host/host.h"

#define MCP_TOOL_NAME_SIZE 129

/* Whether the method is a tool: of an agent, unary, without side effects. */
bool mcp_is_tool(const struct host_method *method);
/* "trend_analyzer_detect_breakouts" */
void mcp_tool_name(const struct host_method *method, char name[MCP_TOOL_NAME_SIZE]);
/* The tool as tools/list shows it. */
void mcp_write_tool(const struct host_method *method, struct buffer *out);

#endif
