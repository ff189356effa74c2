/* SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * scrape PORT COMMAND...: start a server, request /metrics once from 127.0.0.1:PORT as soon as it listens, copy the
 * answer to the standard output, and end the server.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char request[] = "GET /metrics HTTP/1.0\r\n\r\n";

static int answered(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    /* Close with a reset, so that no socket in TIME_WAIT is left to be counted. */
    struct linger reset = { .l_onoff = 1, .l_linger = 0 };
    char buffer[1 << 16];
    ssize_t size;
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(connection, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (connect(connection, (struct sockaddr *)&address, sizeof address) < 0) {
        close(connection);
        return 0;
    }
    if (write(connection, request, sizeof request - 1) < 0)
        perror("write");
    while ((size = read(connection, buffer, sizeof buffer)) > 0)
        if (write(1, buffer, size) < 0)
            perror("write");
    close(connection);
    return 1;
}

int main(int argc, char **argv)
{
    struct timespec pause = { .tv_nsec = 500000 };
    int status, port = argc > 2 ? atoi(argv[1]) : 0;
    if (!port) {
        fprintf(stderr, "usage: scrape PORT COMMAND...\n");
        return 125;
    }
    pid_t server = fork();
    if (server == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    while (!answered(port)) {
        if (waitpid(server, &status, WNOHANG) == server)
            return 1;
        nanosleep(&pause, NULL);
    }
    kill(server, SIGTERM);
    waitpid(server, &status, 0);
    return 0;
}
