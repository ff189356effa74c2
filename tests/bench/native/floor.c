/* SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * floor: the lower bound for reading every socket: receive and discard two dumps of sock_diag(7), IPv4 and IPv6.
 * floor STATES: the same for a mask of states only, in one dump of both families by the older request.
 */
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

/* All eleven states, without request sockets again (bit 12) and bound sockets without a connection (bit 13). */
#define STATES 0xffe
#define BUFFER (1 << 16)

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void discard(int netlink, const void *request, size_t length)
{
    static char buffer[BUFFER];
    if (send(netlink, request, length, 0) < 0)
        fail("send");
    for (;;) {
        ssize_t size = recv(netlink, buffer, sizeof buffer, 0);
        struct nlmsghdr *first = (struct nlmsghdr *)buffer, *message;
        if (size < 0)
            fail("recv");
        if (first->nlmsg_type == NLMSG_ERROR) {
            fprintf(stderr, "floor: the kernel refused the dump\n");
            exit(1);
        }
        /* Look for the end, which is a message of its own or follows the last one of a chunk. */
        if (first->nlmsg_type == NLMSG_DONE)
            return;
        for (message = first; NLMSG_OK(message, size); message = NLMSG_NEXT(message, size))
            if (message->nlmsg_type == NLMSG_DONE)
                return;
    }
}

static void dump(int netlink, int family)
{
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 body;
    } request = {
        .header = { .nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
        .body = { .sdiag_family = family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = STATES },
    };
    discard(netlink, &request, sizeof request);
}

static void dump_some(int netlink, unsigned states)
{
    struct {
        struct nlmsghdr header;
        struct inet_diag_req body;
    } request = {
        .header = { .nlmsg_len = sizeof request, .nlmsg_type = TCPDIAG_GETSOCK,
                    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
        .body = { .idiag_states = states },
    };
    discard(netlink, &request, sizeof request);
}

int main(int count, char **arguments)
{
    int netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
    if (netlink < 0)
        fail("socket");
    if (count > 1) {
        dump_some(netlink, strtoul(arguments[1], NULL, 0));
        return 0;
    }
    dump(netlink, AF_INET);
    dump(netlink, AF_INET6);
    return 0;
}
