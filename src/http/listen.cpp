// Binding and accepting by the system's own calls: TCP and Unix sockets alike.
#include "http/listen.hpp"

#include "base/fault.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace comity::http {

namespace {

constexpr int backlog = 512;

[[noreturn]] void fail(std::string_view what, int error) {
    throw Fault(fmt::format("{}: {}", what, std::generic_category().message(error)));
}

// Closes the socket again when a later step fails.
class Guard {
public:
    explicit Guard(int socket) : socket_(socket) {}

    ~Guard() {
        if (socket_ >= 0) ::close(socket_);
    }

    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    int release() { return std::exchange(socket_, -1); }

private:
    int socket_;
};

struct FreeAddresses {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

bool somebody_serves(const sockaddr_un& address) {
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (probe < 0) fail("a Unix socket", errno);
    const Guard guard(probe);
    const int result =
        ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return result == 0 || errno == EAGAIN || errno == EINPROGRESS;
}

void remove_stale(const std::string& path, const sockaddr_un& address) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) return;
        fail(path, errno);
    }
    if (!S_ISSOCK(status.st_mode)) throw Fault(path + " exists and is not a socket");
    if (somebody_serves(address)) throw Fault(path + " is served by another process");
    if (::unlink(path.c_str()) != 0) fail(path, errno);
}

std::string address_text(const sockaddr_storage& address) {
    if (address.ss_family == AF_UNIX) return "local";
    if (address.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof v6);
        // One customer usually holds a network of 64 bits, so that counts as one address.
        return to_hex({reinterpret_cast<const char*>(v6.sin6_addr.s6_addr), 8}) + "::/64";
    }
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    const auto bits = ntohl(v4.sin_addr.s_addr);
    return fmt::format("{}.{}.{}.{}", bits >> 24, bits >> 16 & 255, bits >> 8 & 255, bits & 255);
}

bool is_own_user(int socket) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return false;
    return credentials.uid == ::geteuid() || credentials.uid == 0;
}

} // namespace

int listen_on(const TlsListener& listener) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    addrinfo* found = nullptr;
    const auto port = std::to_string(listener.port);
    const int result = ::getaddrinfo(listener.address.c_str(), port.c_str(), &hints, &found);
    if (result != 0)
        throw Fault(fmt::format("the address {}: {}", listener.address, ::gai_strerror(result)));
    const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
    const auto where = fmt::format("{}:{}", listener.address, listener.port);
    const int socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) fail(where, errno);
    Guard guard(socket);
    const int on = 1;
    // A restarted node gets its port back at once.
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(socket, found->ai_addr, found->ai_addrlen) != 0) fail(where, errno);
    if (::listen(socket, backlog) != 0) fail(where, errno);
    return guard.release();
}

int listen_on(const LocalListener& listener) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (listener.path.empty() || listener.path.size() >= sizeof address.sun_path)
        throw Fault(fmt::format(
            "the control socket's path is empty or over {} bytes: {}", sizeof address.sun_path - 1,
            listener.path));
    std::memcpy(address.sun_path, listener.path.data(), listener.path.size());
    remove_stale(listener.path, address);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) fail(listener.path, errno);
    Guard guard(socket);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail(listener.path, errno);
    // Before listen() nobody can connect, so there is no moment with a wider mode.
    if (::chmod(listener.path.c_str(), S_IRUSR | S_IWUSR) != 0) fail(listener.path, errno);
    if (::listen(socket, backlog) != 0) fail(listener.path, errno);
    return guard.release();
}

std::uint16_t port_of(int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        fail("the port", errno);
    if (address.ss_family == AF_UNIX) return 0;
    sockaddr_in v4{}; // the port stands at the same place in sockaddr_in6
    std::memcpy(&v4, &address, sizeof v4);
    return ntohs(v4.sin_port);
}

tl::expected<Accepted, AcceptProblem> accept_from(int listener) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int socket = ::accept4(
        listener, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return tl::unexpected(AcceptProblem::none_waiting);
        const bool scarce =
            errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        return tl::unexpected(scarce ? AcceptProblem::no_descriptors : AcceptProblem::refused);
    }
    Guard guard(socket);
    if (address.ss_family == AF_UNIX) {
        if (!is_own_user(socket)) return tl::unexpected(AcceptProblem::refused);
    } else {
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return Accepted{guard.release(), address_text(address)};
}

} // namespace comity::http
