#include "http/listen.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 256

union name {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static enum pros_status read_name(const char *address, union name *name, socklen_t *size,
                                  struct failure *failure)
{
    char host[TEXT_HOST_SIZE];
    int64_t port;
    *name = (union name){0};
    if (!text_split_address(address, host, &port))
        return failure_set(failure, PROS_INVALID_ARGUMENT, "BAD_ADDRESS",
                           "\"%.100s\" is not an address for the web door; write "
                           "\"127.0.0.1:8080\", or \"off\" to do without it.",
                           address);
    if (strcmp(host, "localhost") == 0)
        snprintf(host, sizeof host, "127.0.0.1");
    *size = sizeof name->four;
    if (inet_pton(AF_INET, host, &name->four.sin_addr) == 1 &&
        ntohl(name->four.sin_addr.s_addr) >> 24 == 127) {
        name->four.sin_family = AF_INET;
        name->four.sin_port = htons((uint16_t)port);
        return PROS_OK;
    }
    *name = (union name){0};
    *size = sizeof name->six;
    if (inet_pton(AF_INET6, host, &name->six.sin6_addr) == 1 &&
        IN6_IS_ADDR_LOOPBACK(&name->six.sin6_addr)) {
        name->six.sin6_family = AF_INET6;
        name->six.sin6_port = htons((uint16_t)port);
        return PROS_OK;
    }
    return failure_set(failure, PROS_INVALID_ARGUMENT, "ADDRESS_NOT_LOOPBACK",
                       "The web door listens on this machine only, not at \"%.100s\": it has no "
                       "encryption yet. Use \"127.0.0.1:%d\", or put a proxy with TLS in front.",
                       address, (int)port);
}

static enum pros_status explain(const char *address, int problem, struct failure *failure)
{
    if (problem == EADDRINUSE)
        return failure_set(failure, PROS_UNAVAILABLE, "ADDRESS_IN_USE",
                           "The web door's address %s is already in use, perhaps by another "
                           "promoterosd; stop it, or choose another port with --http ADDRESS.",
                           address);
    return failure_set(failure, PROS_UNAVAILABLE, "CANNOT_LISTEN",
                       "The web door cannot listen at %s (%s); choose another port with --http "
                       "ADDRESS.",
                       address, strerrordesc_np(problem));
}

enum pros_status listen_open(const char *address, int *descriptor, int *port,
                             struct failure *failure)
{
    union name name;
    socklen_t size;
    int yes = 1;
    enum pros_status status = read_name(address, &name, &size, failure);
    if (status != PROS_OK)
        return status;
    int made = socket(name.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0)
        return explain(address, errno, failure);
    /* Else the connections of a daemon that has just ended keep the port for a minute. */
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(made, &name.any, size) != 0 || listen(made, BACKLOG) != 0 ||
        getsockname(made, &name.any, &size) != 0) {
        status = explain(address, errno, failure);
        close(made);
        return status;
    }
    *descriptor = made;
    *port = ntohs(name.any.sa_family == AF_INET ? name.four.sin_port : name.six.sin6_port);
    return PROS_OK;
}
