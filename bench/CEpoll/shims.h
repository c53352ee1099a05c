#pragma once
/* glibc's module for Swift lacks it. */
#include <sys/epoll.h>
