// Listening sockets and what the system says about those who connect. Internal to the room.
#pragma once

#include "http/server.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace comity::http {

/// A bound, listening, non-blocking socket. The caller closes it. Faults when that cannot be had.
int listen_on(const TlsListener& listener);
/// The same for a Unix socket of mode 0600. A socket file that nobody serves any more is replaced;
/// any other file at that path, or a living server, is a fault.
int listen_on(const LocalListener& listener);
std::uint16_t port_of(int socket);

struct Accepted {
    int socket = -1;
    std::string address; ///< IPv4 address, first half of an IPv6 one, or "local"
};

enum class AcceptProblem { none_waiting, no_descriptors, refused };

/// The next connection, non-blocking; on a Unix socket only of the same user or root.
tl::expected<Accepted, AcceptProblem> accept_from(int listener);

} // namespace comity::http
