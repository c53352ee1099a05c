#pragma once
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <amqp_ssl_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

/* The login is variadic in C, which Swift cannot call. */
static inline amqp_rpc_reply_t paylinks_amqp_login(
    amqp_connection_state_t state, const char *virtual_host, int heartbeat_seconds,
    const amqp_table_t *client_properties, const char *user, const char *password) {
    return amqp_login_with_properties(
        state, virtual_host, 16, AMQP_DEFAULT_FRAME_SIZE, heartbeat_seconds, client_properties,
        AMQP_SASL_METHOD_PLAIN, user, password);
}

/* A fixed send buffer, so that "writable" means room for tens of kilobytes, and an end to waiting for a peer that
   takes nothing more. */
static inline void paylinks_amqp_tune_socket(int descriptor, int send_buffer_bytes, unsigned int patience_ms) {
    (void)setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience_ms, sizeof patience_ms);
}

/* While it is held, only full packets leave; what is left leaves when it is let go. (tcp(7), TCP_CORK) */
static inline void paylinks_amqp_cork(int descriptor, int is_held) {
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_CORK, &is_held, sizeof is_held);
}
