// Files by plain system calls; every name is checked, every promise of durability is an fsync.
#include "store/file_store.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "store/posix.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

namespace comity::store {

namespace {

constexpr std::size_t components_most = 8;
constexpr std::size_t block_bytes = std::size_t{1024} * 1024;

bool is_component(std::string_view part) {
    if (part.empty() || part.size() > limits::file_name_bytes || part.front() == '.') return false;
    return std::all_of(part.begin(), part.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    });
}

/// Opens for reading; an unopened descriptor when there is no such file.
Descriptor open_to_read(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.is_open() && errno != ENOENT && errno != ENOTDIR) fail_call(errno, "open", path);
    return file;
}

std::uint64_t size_of(const Descriptor& file, const std::string& path) {
    struct stat found{};
    if (::fstat(file.get(), &found) != 0) fail_call(errno, "stat", path);
    if (!S_ISREG(found.st_mode)) throw Fault("Not a file: " + path);
    return static_cast<std::uint64_t>(found.st_size);
}

Bytes read_at(
    const Descriptor& file, const std::string& path, std::uint64_t offset, std::size_t size) {
    Bytes bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const auto count = ::pread(
            file.get(), bytes.data() + done, size - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail_call(errno, "read", path);
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    bytes.resize(done);
    return bytes;
}

void write_at(
    const Descriptor& file, const std::string& path, std::uint64_t offset, BytesView bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto count = ::pwrite(
            file.get(), bytes.data() + done, bytes.size() - done,
            static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail_call(errno, "write", path);
        done += static_cast<std::size_t>(count);
    }
}

} // namespace

bool is_file_name(std::string_view name) {
    std::size_t components = 0;
    while (true) {
        const auto slash = name.find('/');
        if (!is_component(name.substr(0, slash)) || ++components > components_most) return false;
        if (slash == std::string_view::npos) return true;
        name.remove_prefix(slash + 1);
    }
}

FileStore::FileStore(std::string root) : root_(std::move(root)) {
    struct stat found{};
    if (::stat(root_.c_str(), &found) != 0) fail_call(errno, "look for the directory", root_);
    if (!S_ISDIR(found.st_mode)) throw Fault("Not a directory: " + root_);
}

std::string FileStore::path_of(const std::string& name) const {
    if (!is_file_name(name))
        throw Fault("Not a name for a file of ours: " + fmt::format("{:?}", name));
    return root_ + "/" + name;
}

std::mutex& FileStore::mutex_for(const std::string& name) {
    return mutexes_[std::hash<std::string>()(name) % mutexes_.size()];
}

void FileStore::make_directories(const std::string& name) const {
    std::string parent = root_;
    for (std::size_t slash = name.find('/'); slash != std::string::npos;
         slash = name.find('/', slash + 1)) {
        const std::string path = root_ + "/" + name.substr(0, slash);
        if (::mkdir(path.c_str(), 0700) == 0)
            sync_directory(parent);
        else if (errno != EEXIST)
            fail_call(errno, "make the directory", path);
        parent = path;
    }
}

std::string FileStore::write_beside(const std::string& name, BytesView bytes) {
    // In the root, so that a directory that others read (the record) holds finished files only,
    // also while one is being written and after a crash.
    const std::string target =
        path_of(name); // refuses a name that is not ours, before anything is made
    make_directories(name);
    struct stat found{};
    if (::stat(directory_of(target).c_str(), &found) != 0)
        fail_call(errno, "look for the directory of", target);
    if (!S_ISDIR(found.st_mode)) fail_call(ENOTDIR, "create", target);
    const std::string path = fmt::format("{}/~{}", root_, counter_++);
    // Not O_EXCL: a leftover of a crash may have the name, and is of no use to anybody.
    Descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open()) fail_call(errno, "create", path);
    try {
        write_at(file, path, 0, bytes);
        // Begins the writing out; the fsync that follows for each then finds most of it done.
        static_cast<void>(::sync_file_range(file.get(), 0, 0, SYNC_FILE_RANGE_WRITE));
    } catch (...) {
        ::unlink(path.c_str());
        throw;
    }
    return path;
}

void FileStore::replace(const std::string& name, BytesView bytes) {
    replace_all({{name, Bytes(bytes)}});
}

void FileStore::replace_all(const std::vector<std::pair<std::string, Bytes>>& files) {
    std::vector<std::string> beside;
    std::size_t renamed = 0;
    try {
        for (const auto& [name, bytes] : files)
            beside.push_back(write_beside(name, bytes));
        for (const auto& path : beside) {
            const Descriptor file = open_to_read(path);
            if (!file.is_open()) throw Fault("A file went away while it was written: " + path);
            sync_file(file, path);
        }
        std::set<std::string> directories;
        for (const auto& [name, bytes] : files) {
            const std::string path = path_of(name);
            if (::rename(beside[renamed].c_str(), path.c_str()) != 0)
                fail_call(errno, "rename", path);
            ++renamed;
            directories.insert(directory_of(path));
        }
        for (const auto& directory : directories)
            sync_directory(directory);
    } catch (...) {
        for (; renamed < beside.size(); ++renamed)
            ::unlink(beside[renamed].c_str());
        throw;
    }
}

std::optional<Bytes> FileStore::read(const std::string& name) {
    const std::string path = path_of(name);
    const Descriptor file = open_to_read(path);
    if (!file.is_open()) return std::nullopt;
    return read_at(file, path, 0, static_cast<std::size_t>(size_of(file, path)));
}

std::optional<Bytes> FileStore::read_range(
    const std::string& name, std::uint64_t offset, std::size_t size) {
    const std::string path = path_of(name);
    const Descriptor file = open_to_read(path);
    if (!file.is_open()) return std::nullopt;
    const std::uint64_t present = size_of(file, path);
    if (offset >= present) return Bytes();
    // The size asked for may come from outside; memory is taken only for what is there.
    return read_at(
        file, path, offset,
        static_cast<std::size_t>(std::min<std::uint64_t>(size, present - offset)));
}

std::uint64_t FileStore::append(const std::string& name, std::uint64_t offset, BytesView bytes) {
    const std::string path = path_of(name);
    const std::lock_guard lock(mutex_for(name));
    const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (offset == 0 ? O_CREAT : 0);
    Descriptor file(::open(path.c_str(), flags, 0600));
    if (!file.is_open() && errno == ENOENT && offset == 0) {
        make_directories(name);
        file = Descriptor(::open(path.c_str(), flags, 0600));
    }
    if (!file.is_open()) fail_call(errno, "open to append", path);
    const std::uint64_t present = size_of(file, path);
    if (present != offset) {
        throw Fault(
            fmt::format("{} has {} bytes; the next ones were to go to {}", path, present, offset));
    }
    try {
        write_at(file, path, offset, bytes);
    } catch (...) {
        // What was written of it is taken back, so that the same bytes can be sent again.
        static_cast<void>(::ftruncate(file.get(), static_cast<off_t>(offset)) == 0);
        throw;
    }
    return offset + bytes.size();
}

std::uint64_t FileStore::size(const std::string& name) {
    const std::string path = path_of(name);
    const Descriptor file = open_to_read(path);
    return file.is_open() ? size_of(file, path) : 0;
}

void FileStore::flush(const std::string& name) {
    const std::string path = path_of(name);
    const Descriptor file = open_to_read(path);
    if (!file.is_open()) throw Fault("There is no file to flush: " + path);
    sync_file(file, path);
    sync_directory(directory_of(path));
}

void FileStore::rename(const std::string& from, const std::string& to) {
    const std::string source = path_of(from);
    const std::string target = path_of(to);
    make_directories(to);
    if (::rename(source.c_str(), target.c_str()) != 0)
        fail_call(errno, "rename to " + target, source);
    sync_directory(directory_of(target));
    if (directory_of(source) != directory_of(target)) sync_directory(directory_of(source));
}

void FileStore::destroy(const std::string& name) {
    const std::string path = path_of(name);
    const std::lock_guard lock(mutex_for(name));
    {
        const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
        if (!file.is_open()) {
            if (errno == ENOENT || errno == ENOTDIR) return;
            fail_call(errno, "open to destroy", path);
        }
        const std::uint64_t size = size_of(file, path);
        const Bytes zeros(
            static_cast<std::size_t>(std::min<std::uint64_t>(size, block_bytes)), '\0');
        for (std::uint64_t at = 0; at < size; at += zeros.size()) {
            const auto count = std::min<std::uint64_t>(zeros.size(), size - at);
            write_at(file, path, at, BytesView(zeros).substr(0, static_cast<std::size_t>(count)));
        }
        sync_file(file, path);
    }
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail_call(errno, "remove", path);
    sync_directory(directory_of(path));
}

} // namespace comity::store
