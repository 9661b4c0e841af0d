// A store that fails on request, in each way a real one can: every caller has to bear a write that
// was lost and a write that was done while nobody heard so.
#pragma once

#include "base/fault.hpp"
#include "node/ports.hpp"

#include <atomic>
#include <cstdint>

namespace comity::test {

enum class Break {
    unrun,   ///< fails before the work is called
    undone,  ///< the work runs, then nothing of it is written: a full disk at the commit
    unheard, ///< all is written, but the caller hears a failure
};

class BrokenStore final : public node::Store {
public:
    explicit BrokenStore(node::Store& store) : store_(store) {}

    /// The n-th write from now on fails (1 is the next); those after it work again.
    void break_write(std::int64_t nth, Break how) {
        how_ = how;
        writes_left_ = nth;
    }

    /// The n-th read from now on fails.
    void break_read(std::int64_t nth) { reads_left_ = nth; }

    /// Writes since the beginning, to know how many there are to break.
    [[nodiscard]] std::int64_t writes() const { return writes_; }

    [[nodiscard]] std::int64_t reads() const { return reads_; }

    void read(const std::function<void(node::StoreReader&)>& work) override {
        ++reads_;
        if (reads_left_ > 0 && --reads_left_ == 0)
            throw StorageFault("The disk was made to fail a read");
        store_.read(work);
    }

    void write(const std::function<void(node::StoreWriter&)>& work) override {
        ++writes_;
        const bool broken = writes_left_ > 0 && --writes_left_ == 0;
        if (!broken) {
            store_.write(work);
            return;
        }
        const StorageFault fault("The disk was made to fail a write");
        switch (how_.load()) {
        case Break::unrun: break;
        case Break::undone:
            store_.write([&](node::StoreWriter& writer) {
                work(writer);
                throw fault;
            });
            break;
        case Break::unheard: store_.write(work); break;
        }
        throw fault;
    }

private:
    node::Store& store_;
    std::atomic<Break> how_ = Break::unrun;
    std::atomic<std::int64_t> writes_left_ = 0;
    std::atomic<std::int64_t> reads_left_ = 0;
    std::atomic<std::int64_t> writes_ = 0;
    std::atomic<std::int64_t> reads_ = 0;
};

} // namespace comity::test
