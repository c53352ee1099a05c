#pragma once
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* glibc's module for Swift lacks <sys/eventfd.h>; these are its three calls, and nothing else. */

static inline int paylinks_eventfd_open(void) {
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

static inline int paylinks_eventfd_signal(int descriptor) {
    return eventfd_write(descriptor, 1);
}

static inline int paylinks_eventfd_clear(int descriptor) {
    eventfd_t value;
    return eventfd_read(descriptor, &value);
}
#include <sys/random.h>
