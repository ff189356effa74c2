/* SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * churn RATE OPEN: make RATE connections a second over loopback, OPEN of them open at a time, until the standard input
 * ends. Each new one closes the oldest, the client's end first, so that this end stays in TIME_WAIT. Print the number
 * of connections and the milliseconds in the end.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ADDRESSES 200
#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static struct sockaddr_in address(int number, int port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port),
                                 .sin_addr.s_addr = htonl(0x7f010000 + number) };
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static int ended(void)
{
    struct pollfd input = { .fd = 0, .events = POLLIN };
    return poll(&input, 1, 0) > 0;
}

static int connected(long number)
{
    struct sockaddr_in source = address(2 + number % ADDRESSES, 0), target = address(1, 443);
    int on = 1, client = socket(AF_INET, SOCK_STREAM, 0);
    if (client < 0)
        fail("socket");
    setsockopt(client, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(client, (struct sockaddr *)&source, sizeof source) < 0)
        fail("bind");
    if (connect(client, (struct sockaddr *)&target, sizeof target) < 0)
        fail("connect");
    return client;
}

int main(int argc, char **argv)
{
    long rate = argc > 2 ? atol(argv[1]) : 0, open = argc > 2 ? atol(argv[2]) : 0, made = 0;
    struct sockaddr_in local = address(1, 443);
    struct rlimit limit;
    int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    if (rate < 1 || open < 1) {
        fprintf(stderr, "usage: churn RATE OPEN\n");
        return 125;
    }
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    int (*ends)[2] = calloc(open, sizeof *ends);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!ends || bind(listener, (struct sockaddr *)&local, sizeof local) < 0 || listen(listener, 128) < 0)
        fail("listen");
    double began = now();
    while (!ended()) {
        /* Catch up in small steps after losing the processor. */
        long due = (now() - began) * rate, most = made + rate / 100 + 1;
        for (; made < due && made < most; made++) {
            int *end = ends[made % open];
            if (made >= open) {
                close(end[0]);
                close(end[1]);
            }
            end[0] = connected(made);
            if ((end[1] = accept(listener, NULL, NULL)) < 0)
                fail("accept");
        }
        struct timespec pause = { .tv_nsec = 1000000 };
        nanosleep(&pause, NULL);
    }
    printf("%ld %.0f\n", made, (now() - began) * 1000);
    return 0;
}
