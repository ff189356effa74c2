/* SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * visits serve PORT
 * visits visit ADDRESS PORT LIVE RATE
 *
 * A server on PORTS ports, and a client that keeps LIVE connections to it open, makes RATE more each second, and asks
 * each open one every 20 seconds. The server echoes each byte, and closes first after a capital letter. The client prints
 * `ready` when its connections are open, and for each line of its input the figures since the last one: new connections
 * that were answered and that failed, answers that took more than a second, milliseconds of the slowest, open
 * connections, and those of them that failed. A connection fails if it cannot be made, is reset or closed early, or has
 * no answer within 10 s. Both end with their input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORTS 20
#define EVENTS 512
#define BACKLOG 4096
#define LONGEST 10.0
#define SLOW 1.0
/* Seconds in which each open connection is asked once. */
#define ASKED 20
/* New connections on their way. */
#define VISITS 4096
#define OPENING 256

struct slot { int fd, open; double since; };

static struct slot *slots;
static long live, opened, failed, slow, lost, steady;
static double longest;
static int queue;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void watch(int fd, uint32_t events, uint64_t data, int operation)
{
    struct epoll_event event = { .events = events, .data.u64 = data };
    if (epoll_ctl(queue, operation, fd, &event) < 0)
        fail("epoll_ctl");
}

static void serve(int port)
{
    struct epoll_event events[EVENTS];
    int on = 1, listeners[PORTS];
    for (int i = 0; i < PORTS; i++) {
        struct sockaddr_in local = { .sin_family = AF_INET, .sin_port = htons(port + i) };
        listeners[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        setsockopt(listeners[i], SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (bind(listeners[i], (struct sockaddr *)&local, sizeof local) < 0 || listen(listeners[i], BACKLOG) < 0)
            fail("listen");
        watch(listeners[i], EPOLLIN, (uint64_t)1 << 32 | listeners[i], EPOLL_CTL_ADD);
    }
    watch(0, EPOLLIN, 0, EPOLL_CTL_ADD);
    puts("ready");
    fflush(stdout);
    for (;;) {
        int found = epoll_wait(queue, events, EVENTS, -1);
        for (int i = 0; i < found; i++) {
            int fd = (int)(events[i].data.u64 & 0xffffffff), one;
            char byte;
            if (fd == 0)
                return;
            if (events[i].data.u64 >> 32) {
                while ((one = accept4(fd, NULL, NULL, SOCK_NONBLOCK)) >= 0)
                    watch(one, EPOLLIN, one, EPOLL_CTL_ADD);
                if (errno != EAGAIN && errno != ECONNABORTED)
                    fail("accept");
            } else {
                ssize_t size = read(fd, &byte, 1);
                if (size < 0 && errno == EAGAIN)
                    continue;
                if (size < 1 || send(fd, &byte, 1, MSG_NOSIGNAL) < 1 || byte < 'a')
                    close(fd);
            }
        }
    }
}

static void end(struct slot *one)
{
    if (one->fd >= 0)
        close(one->fd);
    one->fd = -1;
    one->since = 0;
    one->open = 0;
}

static void failure(long number, const char *what)
{
    struct slot *one = &slots[number];
    if (failed + lost < 5)
        fprintf(stderr, "%s connection: %s\n", number < live ? "live" : "new", what);
    if (number < live && one->open) {
        lost++;
        steady--;
    } else {
        failed++;
    }
    end(one);
}

static void start(long number, struct sockaddr_in target, long turn, int port)
{
    struct slot *one = &slots[number];
    target.sin_port = htons(port + turn % PORTS);
    one->since = now();
    one->open = 0;
    one->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (one->fd < 0)
        fail("socket");
    if (connect(one->fd, (struct sockaddr *)&target, sizeof target) < 0 && errno != EINPROGRESS) {
        failure(number, strerror(errno));
        return;
    }
    watch(one->fd, EPOLLOUT, number, EPOLL_CTL_ADD);
}

static void ask(long number)
{
    char byte = number < live ? 'k' : 'C';
    slots[number].since = now();
    if (send(slots[number].fd, &byte, 1, MSG_NOSIGNAL) < 1)
        failure(number, strerror(errno));
}

static void handle(long number, uint32_t events)
{
    struct slot *one = &slots[number];
    int error = 0;
    socklen_t length = sizeof error;
    char bytes[8];
    if (one->fd < 0)
        return;
    if (events & EPOLLOUT) {
        double began = one->since;
        getsockopt(one->fd, SOL_SOCKET, SO_ERROR, &error, &length);
        if (error) {
            failure(number, strerror(error));
            return;
        }
        watch(one->fd, EPOLLIN, number, EPOLL_CTL_MOD);
        ask(number);
        one->since = began;
        return;
    }
    ssize_t size = recv(one->fd, bytes, sizeof bytes, 0);
    if (size < 1) {
        if (size < 0 && errno == EAGAIN)
            return;
        failure(number, size < 0 ? strerror(errno) : "closed");
        return;
    }
    double took = now() - one->since;
    if (took > longest)
        longest = took;
    slow += took > SLOW;
    one->since = 0;
    if (number >= live) {
        opened++;
        end(one);
    } else if (!one->open) {
        one->open = 1;
        steady++;
    }
}

static void visit(const char *address, int port, long rate)
{
    struct sockaddr_in target = { .sin_family = AF_INET };
    struct epoll_event events[EVENTS];
    long total = live + VISITS, made = 0, asked = 0, turn = 0, checked = 0, next = 0;
    int is_ready = 0;
    double began = now();
    if (inet_pton(AF_INET, address, &target.sin_addr) != 1 || !(slots = calloc(total, sizeof *slots)))
        fail(address);
    for (long i = 0; i < total; i++)
        slots[i].fd = -1;
    for (;;) {
        struct pollfd input = { .fd = 0, .events = POLLIN };
        int found = epoll_wait(queue, events, EVENTS, 1);
        for (int i = 0; i < found; i++)
            handle((long)events[i].data.u64, events[i].events);
        if (poll(&input, 1, 0) > 0) {
            char line[64];
            if (read(0, line, sizeof line) < 1)
                return;
            printf("{\"opened\": %ld, \"failed\": %ld, \"slow\": %ld, \"longest_ms\": %.0f, \"live\": %ld, \"lost\": %ld}\n",
                   opened, failed, slow, longest * 1000, steady, lost);
            fflush(stdout);
            opened = failed = slow = lost = 0;
            longest = 0;
        }
        double time = now();
        /* Each slot is looked at about twice a second. */
        for (long i = 0; i < total / 500 + 1; i++, checked = (checked + 1) % total)
            if (slots[checked].since && time - slots[checked].since > LONGEST)
                failure(checked, "no answer");
        /* Connections that shall stay open, and replacements of those that failed. */
        for (long i = 0; i < OPENING && steady < live; i++, next = (next + 1) % live)
            if (slots[next].fd < 0)
                start(next, target, turn++, port);
        if (!is_ready) {
            if (steady < live)
                continue;
            puts("ready");
            fflush(stdout);
            is_ready = 1;
            longest = 0;
            slow = failed = 0;
            began = time;
        }
        /* Catch up in small steps after losing the processor. */
        long due = (long)((time - began) * rate), most = made + rate / 50 + 1;
        for (; made < due && made < most; made++) {
            long number = live + made % VISITS;
            if (slots[number].fd >= 0)
                break;
            start(number, target, turn++, port);
        }
        due = (long)((time - began) * live / ASKED), most = asked + live / ASKED / 50 + 1;
        for (; asked < due && asked < most; asked++) {
            struct slot *one = &slots[asked % live];
            if (one->open && !one->since)
                ask(asked % live);
        }
    }
}

int main(int argc, char **argv)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    queue = epoll_create1(0);
    if (argc == 3 && !strcmp(argv[1], "serve")) {
        serve(atoi(argv[2]));
        return 0;
    }
    if (argc == 6 && !strcmp(argv[1], "visit")) {
        live = atol(argv[4]);
        visit(argv[2], atoi(argv[3]), atol(argv[5]));
        return 0;
    }
    fprintf(stderr, "usage: visits serve PORT, or: visits visit ADDRESS PORT LIVE RATE\n");
    return 125;
}
