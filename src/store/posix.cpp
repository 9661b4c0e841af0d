// Descriptors, fsync and the words for a failed call.
#include "store/posix.hpp"

#include "base/fault.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace comity::store {

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

void fail_call(int error, const std::string& doing, const std::string& path) {
    const std::string where =
        fmt::format("({}, {}: {})", path, doing, std::generic_category().message(error));
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        throw StorageFault(
            "The disk is full: nothing of this was written, and what was acknowledged "
            "before is safe. Free some space and try again. " +
            where);
    case EROFS:
        throw StorageFault(
            "The disk is read-only: nothing of this was written, and what was "
            "acknowledged before is safe. Make it writable and try again. " +
            where);
    case EIO:
    case EFBIG:
        throw StorageFault(
            "The disk does not work: nothing of this was written, and what was "
            "acknowledged before is safe. Look at the disk and the system's log. " +
            where);
    default: throw Fault("A file could not be used " + where);
    }
}

void sync_file(const Descriptor& file, const std::string& path) {
    if (::fsync(file.get()) != 0) fail_call(errno, "fsync", path);
}

void sync_directory(const std::string& path) {
    const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open()) fail_call(errno, "open directory", path);
    sync_file(directory, path);
}

std::string directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

} // namespace comity::store
