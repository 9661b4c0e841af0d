// One connection as a stream of bytes over a non-blocking socket, plain or TLS 1.3. Each call does
// what can be done at once and says what it waits for, so the same code serves the server, which
// waits on Asio, and the client, which waits in poll(). Internal to the room.
#pragma once

#include "base/bytes.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace comity::http {

enum class Step {
    done,
    wants_read,  ///< again when the socket can be read
    wants_write, ///< again when the socket can be written
    closed,      ///< the other side has ended the stream in good order
    failed,      ///< see problem()
};

struct Moved {
    Step step = Step::failed;
    std::size_t bytes = 0; ///< when done; never 0 then
};

struct PeerCertificate {
    Digest fingerprint{}; ///< SHA-256 of the DER
    Instant not_before;
    Instant not_after;

    [[nodiscard]] bool valid_at(Instant when) const {
        return when >= not_before && when <= not_after;
    }
};

/// Does not own the socket, which must outlive it. Used by one thread at a time.
class Stream {
public:
    virtual ~Stream() = default;
    virtual Step handshake() = 0;
    virtual Moved read(std::span<char> into) = 0;
    virtual Moved write(BytesView bytes) = 0;
    /// Says that we are done sending. Best effort.
    virtual void end() = 0;
    /// After the handshake; empty when the other side showed none.
    [[nodiscard]] virtual const std::optional<PeerCertificate>& peer() const = 0;
    /// Why the last call failed; for logs.
    [[nodiscard]] virtual const std::string& problem() const = 0;

protected:
    Stream() = default;
    Stream(const Stream&) = default;
    Stream& operator=(const Stream&) = default;
};

std::unique_ptr<Stream> plain_stream(int socket);

struct TlsSettings {
    Bytes certificate_pem;
    Bytes key_pem;
    std::function<Instant()> now;
};

/// The settings of all TLS connections of one server or client: TLS 1.3 only, one cipher suite,
/// ECDSA P-256 certificates, no resumption, no early data, ALPN http/1.1. Safe from many threads.
class TlsContext {
public:
    enum class Side { server, client };

    /// Faults when certificate and key cannot be used.
    TlsContext(Side side, TlsSettings settings);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    /// The context must outlive the stream. `server_name` is for SNI, on the client's side.
    [[nodiscard]] std::unique_ptr<Stream> stream(int socket, const std::string& server_name) const;

    struct State;

private:
    std::unique_ptr<State> state_;
};

Instant system_now();

} // namespace comity::http
