// Files under one directory: evidence ciphertext and record tiles.
#pragma once

#include "node/ports.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <string_view>

namespace comity::store {

/// One to eight components of 1 to limits::file_name_bytes characters a-z, 0-9, `.`, `_`, `-`,
/// joined by `/`; none begins with a dot. Our names are made from hashes and numbers; this holds
/// even if one day they were not.
bool is_file_name(std::string_view name);

/// Directories come into being as needed (0700), files are 0600. What is not done yet lies under
/// a name with `~`, which no name of ours has; a crash can leave such a file and nobody reads it.
class FileStore final : public node::Files {
public:
    /// `root` must exist: starting never creates it.
    explicit FileStore(std::string root);

    void replace(const std::string& name, BytesView bytes) override;
    /// All are written and synced before the first is renamed; renamed in the order given, so the
    /// file that points to the others comes last.
    void replace_all(const std::vector<std::pair<std::string, Bytes>>& files) override;
    std::optional<Bytes> read(const std::string& name) override;
    std::optional<Bytes> read_range(
        const std::string& name, std::uint64_t offset, std::size_t size) override;
    /// Not synced; flush does that. Throws Fault when the offset is not the present size. What a
    /// full disk cut short is taken back.
    std::uint64_t append(const std::string& name, std::uint64_t offset, BytesView bytes) override;
    std::uint64_t size(const std::string& name) override;
    /// Makes the file and its name durable.
    void flush(const std::string& name) override;
    void rename(const std::string& from, const std::string& to) override;
    void destroy(const std::string& name) override;

private:
    [[nodiscard]] std::string path_of(const std::string& name) const;
    void make_directories(const std::string& name) const;
    std::string write_beside(const std::string& name, BytesView bytes);
    std::mutex& mutex_for(const std::string& name);

    std::string root_;
    std::atomic<std::uint64_t> counter_ = 0;
    std::array<std::mutex, 64> mutexes_; ///< one per bundle of names: appends to one file queue up
};

} // namespace comity::store
