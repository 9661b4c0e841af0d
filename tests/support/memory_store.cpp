// Transactions over tables in memory, and files in memory.
#include "support/memory_store.hpp"

#include "base/check.hpp"
#include "base/fault.hpp"
#include "store/file_store.hpp"
#include "support/memory_tables.hpp"

namespace comity::test {

namespace {

// What this thread is reading, by store.
thread_local std::map<const MemoryStore*, node::StoreReader*> readers;

void demand_name(const std::string& name) {
    if (!store::is_file_name(name)) throw Fault("Not a name for a file of ours");
}

} // namespace

MemoryStore::MemoryStore() : state_(std::make_unique<MemoryState>()) {}

MemoryStore::~MemoryStore() = default;

void MemoryStore::read(const std::function<void(node::StoreReader&)>& work) {
    if (const auto inside = readers.find(this); inside != readers.end()) {
        work(*inside->second);
        return;
    }
    MemoryState state = back_up();
    MemoryTables<node::StoreReader> reader(state);
    readers.emplace(this, &reader);
    try {
        work(reader);
    } catch (...) {
        readers.erase(this);
        throw;
    }
    readers.erase(this);
}

void MemoryStore::write(const std::function<void(node::StoreWriter&)>& work) {
    CHECK_THAT(writing_.load() != std::this_thread::get_id());
    const std::lock_guard one_writer(writer_);
    writing_ = std::this_thread::get_id();
    MemoryState state = back_up();
    try {
        // As the port allows, now and then: whoever cannot be run again is found by the tests.
        if (++writes_ % 3 == 0) {
            MemoryState undone = state;
            MemoryWriter writer(undone);
            work(writer);
        }
        MemoryWriter writer(state);
        work(writer);
    } catch (...) {
        writing_ = std::thread::id();
        throw;
    }
    writing_ = std::thread::id();
    restore(std::move(state));
}

MemoryState MemoryStore::back_up() {
    const std::lock_guard lock(mutex_);
    return *state_;
}

void MemoryStore::restore(MemoryState state) {
    const std::lock_guard lock(mutex_);
    *state_ = std::move(state);
}

void MemoryFiles::replace(const std::string& name, BytesView bytes) {
    replace_all({{name, Bytes(bytes)}});
}

void MemoryFiles::replace_all(const std::vector<std::pair<std::string, Bytes>>& files) {
    for (const auto& [name, bytes] : files)
        demand_name(name);
    const std::lock_guard lock(mutex_);
    for (const auto& [name, bytes] : files)
        files_.insert_or_assign(name, bytes);
}

std::optional<Bytes> MemoryFiles::read(const std::string& name) {
    demand_name(name);
    const std::lock_guard lock(mutex_);
    return found(files_, name);
}

std::optional<Bytes> MemoryFiles::read_range(
    const std::string& name, std::uint64_t offset, std::size_t size) {
    const auto bytes = read(name);
    if (!bytes) return std::nullopt;
    return offset >= bytes->size() ? Bytes() : bytes->substr(offset, size);
}

std::uint64_t MemoryFiles::append(const std::string& name, std::uint64_t offset, BytesView bytes) {
    demand_name(name);
    const std::lock_guard lock(mutex_);
    const auto place = files_.find(name);
    if ((place == files_.end() ? 0 : place->second.size()) != offset)
        throw Fault("Not the present size");
    return files_[name].append(bytes).size();
}

std::uint64_t MemoryFiles::size(const std::string& name) {
    return read(name).value_or("").size();
}

void MemoryFiles::flush(const std::string& name) {
    if (!read(name)) throw Fault("There is no file to flush");
}

void MemoryFiles::rename(const std::string& from, const std::string& to) {
    demand_name(from);
    demand_name(to);
    const std::lock_guard lock(mutex_);
    const auto place = files_.find(from);
    if (place == files_.end()) throw Fault("There is no file to rename");
    Bytes bytes = std::move(place->second);
    files_.erase(place);
    files_.insert_or_assign(to, std::move(bytes));
}

void MemoryFiles::destroy(const std::string& name) {
    demand_name(name);
    const std::lock_guard lock(mutex_);
    files_.erase(name);
}

std::map<std::string, Bytes> MemoryFiles::all() {
    const std::lock_guard lock(mutex_);
    return files_;
}

void MemoryFiles::restore(std::map<std::string, Bytes> files, std::string_view without) {
    std::erase_if(files, [&](const auto& file) { return file.first.starts_with(without); });
    const std::lock_guard lock(mutex_);
    files_ = std::move(files);
}

} // namespace comity::test
