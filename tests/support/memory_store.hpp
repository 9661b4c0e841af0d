// A store and files in memory: small, but with the port's whole behaviour, so tests of deeds need
// no disk. Tables are copied when a transaction changes them; readers keep what they have seen.
#pragma once

#include "node/ports.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace comity::test {

struct MemoryState; // support/memory_tables.hpp

class MemoryStore final : public node::Store {
public:
    MemoryStore();
    ~MemoryStore() override;
    MemoryStore(const MemoryStore&) = delete;
    MemoryStore& operator=(const MemoryStore&) = delete;

    void read(const std::function<void(node::StoreReader&)>& work) override;
    void write(const std::function<void(node::StoreWriter&)>& work) override;

    /// Everything that is stored now: what a back-up would hold, and what is searched through.
    MemoryState back_up();
    /// The store comes out of a back-up.
    void restore(MemoryState state);

private:
    std::mutex writer_;
    std::size_t writes_ = 0; // guarded by writer_
    std::atomic<std::thread::id> writing_;
    std::mutex mutex_;
    std::unique_ptr<MemoryState> state_; // guarded by mutex_
};

class MemoryFiles final : public node::Files {
public:
    void replace(const std::string& name, BytesView bytes) override;
    void replace_all(const std::vector<std::pair<std::string, Bytes>>& files) override;
    std::optional<Bytes> read(const std::string& name) override;
    std::optional<Bytes> read_range(
        const std::string& name, std::uint64_t offset, std::size_t size) override;
    std::uint64_t append(const std::string& name, std::uint64_t offset, BytesView bytes) override;
    std::uint64_t size(const std::string& name) override;
    void flush(const std::string& name) override;
    void rename(const std::string& from, const std::string& to) override;
    void destroy(const std::string& name) override;

    /// A copy of all files: a back-up, or a search through all of them.
    std::map<std::string, Bytes> all();
    /// Files that come out of a back-up; `without` is a beginning of names.
    void restore(std::map<std::string, Bytes> files, std::string_view without = "~");

private:
    std::mutex mutex_;
    std::map<std::string, Bytes> files_;
};

} // namespace comity::test
