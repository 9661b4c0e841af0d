// The writer's thread: takes all writes that wait, runs each inside a savepoint, commits once, and
// wakes the callers. So the price of a commit is shared, and one write that throws harms no other.
// While others read, who as a rule write next, it waits a moment for them (limits::store_gather).
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

    struct Options {
        /// Opens the connection; called again when a failed disk left the first one inside a
        /// transaction that it could not undo.
        std::function<std::unique_ptr<Connection>()> connect;
        /// Whether reads are under way. Called on the writer's thread, which holds its lock.
        std::function<bool()> reading;
        std::size_t group; ///< writes of one commit, at most
        std::size_t queue; ///< writes that wait; more callers are held back
    };

    explicit GroupWriter(Options options);
    ~GroupWriter();
    GroupWriter(const GroupWriter&) = delete;
    GroupWriter& operator=(const GroupWriter&) = delete;

    /// As Store::write.
    void write(const Work& work);

private:
    struct Request {
        const Work& work;
        std::exception_ptr error = nullptr;
        bool done = false; // guarded by mutex_
        std::condition_variable came = {};
    };

    using Group = std::vector<std::shared_ptr<Request>>;

    void run();
    Group take();
    void gather(std::unique_lock<std::mutex>& lock);
    void run_group(const Group& group);
    void run_one(Request& request);
    void fail_group(const Group& group);
    void wipe_log();

    Options options_;

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
