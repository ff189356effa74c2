/* SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stopwatch DESCRIPTOR NAMESPACE NICE COMMAND...: run a command in a network namespace ("-": the current one) with a
 * nice value (-20: before all other processes; 0: unchanged), and write to the descriptor: nanoseconds from fork to the
 * end, microseconds of processor time (user, system), the largest resident set in KiB of the command and the children
 * it waited for, and its wait status.
 *
 * This program must be small: the resident set of a child counts from before exec, so a large parent would hide it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
    perror(what);
    exit(125);
}

static void enter(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
        fail(path);
    close(fd);
}

/* Set the nice value, and that of the session, because sessions are scheduled as groups (sched(7)). */
static void be_nice(const char *nice)
{
    int fd = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (write(fd, nice, strlen(nice)) < 0)
            perror("autogroup");
        close(fd);
    }
    if (setpriority(PRIO_PROCESS, 0, atoi(nice)) < 0)
        perror("nice");
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: stopwatch DESCRIPTOR NAMESPACE NICE COMMAND...\n");
        return 125;
    }
    int report = atoi(argv[1]);
    if (strcmp(argv[2], "-") != 0)
        enter(argv[2]);
    fcntl(report, F_SETFD, FD_CLOEXEC);
    long long began = now();
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (child == 0) {
        if (atoi(argv[3]))
            be_nice(argv[3]);
        execvp(argv[4], argv + 4);
        perror(argv[4]);
        _exit(127);
    }
    struct rusage used;
    int status;
    if (wait4(child, &status, 0, &used) < 0)
        fail("wait4");
    dprintf(report, "%lld %lld %lld %ld %d\n", now() - began,
            used.ru_utime.tv_sec * 1000000LL + used.ru_utime.tv_usec,
            used.ru_stime.tv_sec * 1000000LL + used.ru_stime.tv_usec, used.ru_maxrss, status);
    return 0;
}
