// The few system calls of storage: an owned descriptor, the fsync of a directory, and the fault
// that a failed call becomes.
#pragma once

#include <string>
#include <utility>

namespace comity::store {

/// An open file, closed when it goes.
class Descriptor {
public:
    Descriptor() = default;

    explicit Descriptor(int number) : number_(number) {}

    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }

    ~Descriptor();

    [[nodiscard]] int get() const { return number_; }

    [[nodiscard]] bool is_open() const { return number_ >= 0; }

private:
    int number_ = -1;
};

/// StorageFault when the disk is full, read-only or failing, Fault for the rest; from errno.
[[noreturn]] void fail_call(int error, const std::string& doing, const std::string& path);

/// Makes the names in a directory durable: what was created, renamed or removed there.
void sync_directory(const std::string& path);

/// fsync, or the fault.
void sync_file(const Descriptor& file, const std::string& path);

/// The directory a path lies in; "." for a bare name.
std::string directory_of(const std::string& path);

} // namespace comity::store
