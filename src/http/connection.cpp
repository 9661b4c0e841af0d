// Reading, writing and ending. Arguments of co_await are named, because g++ 12 destroys temporaries
// in such expressions twice.
#include "http/connection.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>

#include <cstring>

namespace comity::http {

namespace {

using boost::system::error_code;

// What a client may still send after an early answer before the connection is cut.
constexpr std::size_t linger_bytes = std::size_t{8} * 1024 * 1024;
constexpr std::chrono::seconds linger_time{2};

} // namespace

Connection::Connection(asio::io_context& io, const Accepted& accepted, ServerCounters& counters)
    : socket(io, accepted.socket), address(accepted.address), watchdog_(io), counters_(counters) {}

void Connection::expires_after(Clock::duration time) {
    deadline_ = Clock::now() + time;
    // A timer that fires too early only sees that there is time left; so each request costs one
    // assignment, not one timer.
    if (!armed_ || deadline_ < watchdog_.expiry()) arm();
}

void Connection::never_expires() {
    deadline_ = Clock::now() + std::chrono::hours{24 * 365};
}

void Connection::close() {
    error_code ignored;
    socket.close(ignored);
    watchdog_.cancel();
}

void Connection::arm() {
    armed_ = true;
    watchdog_.expires_at(deadline_);
    watchdog_.async_wait([self = shared_from_this()](error_code error) { self->fired(error); });
}

void Connection::fired(error_code error) {
    if (error || !socket.is_open()) return;
    if (Clock::now() < deadline_) return arm();
    ++counters_.deadlines_passed;
    close();
}

asio::awaitable<bool> Connection::wait(Step step) {
    const auto what = step == Step::wants_read ? asio::posix::stream_descriptor::wait_read
                                               : asio::posix::stream_descriptor::wait_write;
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await socket.async_wait(what, token);
    co_return !error && socket.is_open();
}

asio::awaitable<bool> Connection::fill(std::vector<char>& scratch) {
    while (socket.is_open()) {
        const Moved moved = stream->read(scratch);
        if (moved.step == Step::done) {
            in.append(scratch.data(), moved.bytes);
            ::explicit_bzero(scratch.data(), moved.bytes); // it outlives what it carried (T22)
            co_return true;
        }
        if (moved.step != Step::wants_read && moved.step != Step::wants_write) co_return false;
        const bool ready = co_await wait(moved.step);
        if (!ready) co_return false;
    }
    co_return false;
}

asio::awaitable<bool> Connection::write(BytesView bytes) {
    while (!bytes.empty()) {
        if (!socket.is_open()) co_return false;
        const Moved moved = stream->write(bytes);
        if (moved.step == Step::done) {
            bytes.remove_prefix(moved.bytes);
            continue;
        }
        if (moved.step != Step::wants_read && moved.step != Step::wants_write) co_return false;
        const bool ready = co_await wait(moved.step);
        if (!ready) co_return false;
    }
    co_return true;
}

asio::awaitable<void> Connection::linger(std::vector<char>& scratch) {
    if (!socket.is_open()) co_return;
    stream->end();
    const int descriptor = socket.native_handle();
    ::shutdown(descriptor, SHUT_WR);
    expires_after(linger_time);
    const auto raw = plain_stream(descriptor);
    for (std::size_t dropped = 0; dropped < linger_bytes && socket.is_open();) {
        const Moved moved = raw->read(scratch);
        dropped += moved.bytes;
        if (moved.step == Step::done) continue;
        if (moved.step != Step::wants_read) break;
        const bool ready = co_await wait(moved.step);
        if (!ready) break;
    }
    close();
}

} // namespace comity::http
