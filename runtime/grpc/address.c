#include "grpc/address.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool address_is_unix(const char *address)
{
    return strncmp(address, "unix:", 5) == 0;
}

static bool answers(const struct sockaddr *address, socklen_t size)
{
    int probe = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answered = probe >= 0 && connect(probe, address, size) == 0;
    if (probe >= 0)
        close(probe);
    return answered;
}

static enum pros_status check_unix(const char *address, char checked[ADDRESS_SIZE],
                                   struct failure *failure)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    const char *path = address + 5;
    size_t size = strlen(path);
    if (size == 0 || size >= sizeof name.sun_path)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "BAD_ADDRESS",
                           "The socket path \"%.200s\" must have 1 to %zu characters; choose a "
                           "shorter one.",
                           path, sizeof name.sun_path - 1);
    memcpy(name.sun_path, path, size + 1);
    if (answers((struct sockaddr *)&name, sizeof name))
        return failure_set(failure, PROS_UNAVAILABLE, "ADDRESS_IN_USE",
                           "Another program already answers at %s; stop it, or choose another "
                           "path.",
                           address);
    snprintf(checked, ADDRESS_SIZE, "%s", address);
    return PROS_OK;
}

enum pros_status address_check(const char *address, char checked[ADDRESS_SIZE],
                               struct failure *failure)
{
    char host[TEXT_HOST_SIZE];
    int64_t port = 0;
    struct in_addr four;
    struct in6_addr six;
    if (address_is_unix(address))
        return check_unix(address, checked, failure);
    if (!text_split_address(address, host, &port))
        return failure_set(failure, PROS_INVALID_ARGUMENT, "BAD_ADDRESS",
                           "\"%.100s\" is not an address to listen at; write \"127.0.0.1:50051\" "
                           "or \"unix:/run/promoteros/grpc.sock\".",
                           address);
    if (strcmp(host, "localhost") == 0)
        snprintf(host, sizeof host, "127.0.0.1");
    if (inet_pton(AF_INET, host, &four) == 1 && ntohl(four.s_addr) >> 24 == 127) {
        snprintf(checked, ADDRESS_SIZE, "%s:%d", host, (int)port);
        return PROS_OK;
    }
    if (inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six)) {
        snprintf(checked, ADDRESS_SIZE, "[%s]:%d", host, (int)port);
        return PROS_OK;
    }
    return failure_set(failure, PROS_INVALID_ARGUMENT, "ADDRESS_NOT_LOOPBACK",
                       "The gRPC door listens on this machine only, not at \"%.100s\": it has no "
                       "encryption yet. Use \"127.0.0.1:%d\", or put a proxy with TLS in front.",
                       address, (int)port);
}

enum pros_status address_explain(const char *checked, struct failure *failure)
{
    char host[TEXT_HOST_SIZE] = "";
    int64_t port = 0;
    if (address_is_unix(checked) || !text_split_address(checked, host, &port))
        return failure_set(failure, PROS_UNAVAILABLE, "CANNOT_LISTEN",
                           "The gRPC door cannot listen at %s; check that its folder exists and "
                           "may be written.",
                           checked);
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    bool is_four = inet_pton(AF_INET, host, &four.sin_addr) == 1;
    if (!is_four)
        inet_pton(AF_INET6, host, &six.sin6_addr);
    int probe = socket(is_four ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int problem = 0;
    if (probe < 0 || bind(probe, is_four ? (struct sockaddr *)&four : (struct sockaddr *)&six,
                          is_four ? sizeof four : sizeof six) != 0)
        problem = errno;
    if (probe >= 0)
        close(probe);
    if (problem == EADDRINUSE)
        return failure_set(failure, PROS_UNAVAILABLE, "ADDRESS_IN_USE",
                           "Port %d is already in use, perhaps by another promoterosd; stop it, or "
                           "choose another port.",
                           (int)port);
    return failure_set(failure, PROS_UNAVAILABLE, "CANNOT_LISTEN",
                       "The gRPC door cannot listen at %s: %s; choose another port.", checked,
                       problem ? strerrordesc_np(problem) : "the reason is not known");
}
