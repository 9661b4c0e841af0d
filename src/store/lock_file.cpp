// flock on a file beside the database. The file stays: to remove it would let two lock two files.
#include "store/lock_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace comity::store {

namespace {

/// The holder's process number as it wrote it, for the reader of the refusal only.
std::string holder(const Descriptor& file) {
    std::array<char, 32> buffer{};
    const auto count = ::pread(file.get(), buffer.data(), buffer.size(), 0);
    std::string text;
    for (ssize_t i = 0; i < count && buffer[static_cast<std::size_t>(i)] != '\n'; ++i) {
        const char c = buffer[static_cast<std::size_t>(i)];
        if (c < '0' || c > '9') return "unknown";
        text += c;
    }
    return text.empty() ? "unknown" : text;
}

} // namespace

Result<Descriptor> take_lock(const std::string& path) {
    const std::string name = path + ".lock";
    Descriptor file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open()) fail_call(errno, "open the lock", name);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) fail_call(errno, "lock", name);
        return refuse(
            Code::store_in_use, fmt::format("{} is in use by process {}.", path, holder(file)));
    }
    // The number only helps whoever reads the refusal; on a full disk the lock holds without it.
    const std::string number = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file.get(), 0) == 0)
        static_cast<void>(::pwrite(file.get(), number.data(), number.size(), 0) == 0);
    return file;
}

} // namespace comity::store
