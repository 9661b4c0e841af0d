// One connection of the server: its socket and TLS stream, what has come and is not used yet, and
// one watchdog timer. Of the I/O thread only.
#pragma once

#include "http/listen.hpp"
#include "http/server.hpp"
#include "http/stream.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 takes Asio's own allocation of coroutine frames for a mismatched pair.
#    pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace comity::http {

namespace asio = boost::asio;

/// Closing its socket makes whatever waits for it come back. Owned by shared pointers: the timer
/// holds one while it runs.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    using Clock = std::chrono::steady_clock;

    Connection(asio::io_context& io, const Accepted& accepted, ServerCounters& counters);

    /// From now on; the connection is closed when the time is over.
    void expires_after(Clock::duration time);
    void never_expires();
    void close();

    /// Until the socket is ready for what the stream wants; false when the connection is over.
    asio::awaitable<bool> wait(Step step);
    /// Appends what has come to `in`; false when the connection is over. Reads go through
    /// `scratch`, so that connections that wait hold no buffer.
    asio::awaitable<bool> fill(std::vector<char>& scratch);
    /// The whole of it; false when the connection is over.
    asio::awaitable<bool> write(BytesView bytes);
    /// After an answer that did not wait for the whole request: closing at once would reset the
    /// connection, and the client might lose the answer. What still comes is dropped undecrypted.
    asio::awaitable<void> linger(std::vector<char>& scratch);

    asio::posix::stream_descriptor socket;
    std::string address;
    std::unique_ptr<Stream> stream;
    std::string in;             ///< received and not yet used
    bool idle = true;           ///< between two requests
    bool first = true;          ///< no request has come yet
    std::size_t body_bytes = 0; ///< of the request that is being served

private:
    void arm();
    void fired(boost::system::error_code error);

    asio::steady_timer watchdog_;
    ServerCounters& counters_;
    Clock::time_point deadline_ = Clock::time_point::max();
    bool armed_ = false;
};

} // namespace comity::http
