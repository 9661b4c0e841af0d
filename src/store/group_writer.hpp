// The writer's thread: takes all writes that wait, runs them, commits once, and wakes the callers.
// So the price of an fsync is shared. One write that throws harms no other: then all is undone, and
// each runs again inside a savepoint, which is dear (every page that it changes is copied) and
// seldom needed.
#pragma once

#include "node/ports.hpp"
#include "store/statement.hpp"
#include "store/tables.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace comity::store {

class GroupWriter {
public:
    using Work = std::function<void(node::StoreWriter&)>;

    /// `connect` opens the connection; it is called again when a failed disk left the first one
    /// inside a transaction that it could not undo.
    GroupWriter(
        std::function<std::unique_ptr<Connection>()> connect, std::size_t group, std::size_t queue);
    ~GroupWriter();
    GroupWriter(const GroupWriter&) = delete;
    GroupWriter& operator=(const GroupWriter&) = delete;

    /// As Store::write.
    void write(const Work& work);

private:
    struct Request {
        const Work& work;
        std::exception_ptr error = nullptr;
        // Its own, so that callers who are woken together do not wait for one another.
        std::mutex mutex = {};
        std::condition_variable ended = {};
        bool done = false; // guarded by mutex
    };

    using Group = std::vector<std::shared_ptr<Request>>;

    void run();
    Group take();
    void run_group(const Group& group);
    void begin();
    void demand_unbroken();
    bool run_all(const Group& group);
    void run_one(Request& request);
    void fail_group(const Group& group);
    void wipe_log();

    std::function<std::unique_ptr<Connection>()> connect_;
    std::size_t group_most_;
    std::size_t queue_most_;

    // Used by the writer's thread only.
    std::unique_ptr<Connection> connection_;
    std::unique_ptr<WriteTables> tables_;
    bool wipe_wanted_ = false;

    std::mutex mutex_;
    std::condition_variable work_came_;
    std::condition_variable space_came_;
    std::deque<std::shared_ptr<Request>> queue_; // guarded by mutex_
    bool stopping_ = false;                      // guarded by mutex_
    std::thread thread_;
};

} // namespace comity::store
