/* The page at /, health, and who the caller is: for people, probes and credential tests. */
#include "http/door.h"

#include "base/id.h"
#include "config/tree.h"

#include <sodium.h>
#include <string.h>

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1b1d22;--soft:#555b66;--line:#d5d8de;--ground:#fff;"
    "--link:#0b57c4}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e8eaee;--soft:#a9b0bc;--line:#3a3f49;"
    "--ground:#15171b;--link:#8ab8ff}}"
    "body{margin:0 auto;max-width:46rem;padding:2.5rem 1.25rem;background:var(--ground);"
    "color:var(--ink);font:1rem/1.55 system-ui,sans-serif}"
    "h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}"
    "p{margin:.5rem 0}a{color:var(--link)}a:focus-visible{outline:3px solid var(--link);"
    "outline-offset:2px}"
    ".soft{color:var(--soft)}dl{margin:0}dt{font-weight:600;margin-top:.75rem}dd{margin:.1rem 0 0}"
    "ul{margin:.2rem 0;padding-left:1.2rem}code,pre{font:.9rem/1.5 ui-monospace,monospace}"
    "pre{overflow-x:auto;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.4rem}";

void page_style_digest(char *text, size_t size)
{
    uint8_t digest[32];
    digest_bytes((struct pros_bytes){style, sizeof style - 1}, digest);
    sodium_bin2base64(text, size, digest, sizeof digest, sodium_base64_VARIANT_ORIGINAL);
}

static void add_text(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            buffer_add_string(out, "&lt;");
        else if (*text == '&')
            buffer_add_string(out, "&amp;");
        else if (*text == '"')
            buffer_add_string(out, "&quot;");
        else
            buffer_add_char(out, *text);
    }
}

static void add_agent(struct buffer *out, const struct pros_agent *table)
{
    buffer_add_string(out, "<dt>");
    add_text(out, table->title);
    buffer_add_string(out, " <span class=\"soft\">");
    add_text(out, table->version);
    buffer_add_string(out, "</span></dt><dd>");
    add_text(out, table->summary);
    buffer_add_string(out, "<ul>");
    for (size_t i = 0; i < table->method_count; i++) {
        const struct pros_method *method =
            (const struct pros_method *)(const void *)((const char *)table->methods +
                                                       i * table->method_size);
        buffer_add_string(out, "<li><code>POST /");
        add_text(out, table->service);
        buffer_add_char(out, '/');
        add_text(out, method->name);
        buffer_add_string(out, "</code><br>");
        add_text(out, method->summary);
        buffer_add_string(out, "</li>");
    }
    buffer_add_string(out, "</ul></dd>");
}

static void add_agents(struct buffer *out, const struct host *host)
{
    const struct host_agent *agent;
    size_t count = 0;
    buffer_add_string(out, "<h2 id=\"agents\">Agents</h2>");
    for (size_t i = 0; (agent = host_agent_at(host, i)) != NULL; i++) {
        if (agent->builtin)
            continue;
        buffer_add_string(out, count++ ? "" : "<dl>");
        add_agent(out, agent->table);
    }
    buffer_add_string(out, count ? "</dl>"
                                 : "<p>No agent is loaded. The key <code>agents</code> of the "
                                   "configuration lists them.</p>");
}

static void add_ways(struct buffer *out, int port)
{
    buffer_add_format(
        out,
        "<h2>Call a method</h2><p>Every method takes and gives JSON:</p>"
        "<pre tabindex=\"0\"><code>curl http://127.0.0.1:%d/promoteros.v1.AgentService/ListAgents "
        "\\\n  -H 'Content-Type: application/json' -d '{}'</code></pre>"
        "<h2>Where to go</h2><ul>"
        "<li><a href=\"/v1/whoami\">/v1/whoami</a>: whose key this is, and what it may do</li>"
        "<li><a href=\"/metrics\">/metrics</a>: figures for Prometheus</li>"
        "<li><a href=\"/healthz\">/healthz</a>: whether it serves</li>"
        "<li><code>POST /mcp</code>: the agents as tools of the Model Context Protocol</li>"
        "<li>In a terminal: <code>promoterosctl --help</code></li></ul>",
        port);
}

bool page_run(struct exchange *exchange)
{
    struct buffer *out = &exchange->out;
    exchange_set(exchange, 200, "text/html; charset=utf-8");
    snprintf(exchange->headers, sizeof exchange->headers,
             "Content-Security-Policy: default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; "
             "form-action 'none'; frame-ancestors 'none'\r\n"
             "X-Frame-Options: DENY\r\nCross-Origin-Resource-Policy: same-origin\r\n",
             exchange->door->style_digest);
    buffer_add_string(out, "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
                           "PromoterOS</title><meta name=\"viewport\" "
                           "content=\"width=device-width,initial-scale=1\"><style>");
    buffer_add_string(out, style);
    buffer_add_string(out, "</style></head><body><main><h1>PromoterOS is running</h1>"
                           "<p class=\"soft\">promoterosd " PROMOTEROS_VERSION "</p>"
                           "<p>It finds artists before they break, predicts what they would draw "
                           "in a room, and finds the deal worth offering. Every answer carries "
                           "the reasoning behind it.</p>");
    add_agents(out, exchange->door->host);
    add_ways(out, exchange->door->port);
    buffer_add_string(out, "</main></body></html>\n");
    return true;
}

bool health_run(struct exchange *exchange)
{
    exchange_set(exchange, 200, "application/json");
    buffer_add_string(&exchange->out, "{\"status\":\"serving\"}");
    return true;
}

bool whoami_run(struct exchange *exchange)
{
    const struct access_identity *identity = &exchange->identity;
    struct buffer *out = &exchange->out;
    exchange_set(exchange, 200, "application/json");
    buffer_add_string(out, "{\"who\":");
    tree_write_quoted(identity->anonymous ? "anonymous" : identity->name, out);
    buffer_add_format(out, ",\"anonymous\":%s", identity->anonymous ? "true" : "false");
    if (!identity->anonymous) {
        buffer_add_string(out, ",\"keyId\":");
        tree_write_quoted(identity->key_id, out);
    }
    buffer_add_string(out, ",\"scopes\":[");
    if (identity->anonymous)
        buffer_add_string(out, "\"*\"");
    for (size_t i = 0; i < identity->scope_count && !identity->anonymous; i++) {
        buffer_add_string(out, i ? "," : "");
        tree_write_quoted(identity->scopes[i], out);
    }
    buffer_add_string(out, "],\"host\":{\"name\":\"promoteros\",\"version\":\"" PROMOTEROS_VERSION
                           "\"}}");
    return true;
}
