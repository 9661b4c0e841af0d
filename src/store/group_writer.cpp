// Group commit.
#include "store/group_writer.hpp"

#include "base/check.hpp"
#include "base/fault.hpp"
#include "store/queries.hpp"

#include <chrono>

namespace comity::store {

GroupWriter::GroupWriter(
    std::function<std::unique_ptr<Connection>()> connect, std::size_t group, std::size_t queue)
    : connect_(std::move(connect)),
      group_most_(group),
      queue_most_(queue),
      connection_(connect_()),
      tables_(std::make_unique<WriteTables>(*connection_)) {
    CHECK_THAT(group_most_ > 0 && queue_most_ > 0);
    thread_ = std::thread([this] { run(); });
}

GroupWriter::~GroupWriter() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    work_came_.notify_all();
    thread_.join();
}

void GroupWriter::write(const Work& work) {
    // A write inside a write would wait for itself.
    CHECK_THAT(std::this_thread::get_id() != thread_.get_id());
    const auto request = std::make_shared<Request>(work);
    {
        std::unique_lock lock(mutex_);
        space_came_.wait(lock, [&] { return queue_.size() < queue_most_; });
        CHECK_THAT(!stopping_);
        queue_.push_back(request);
    }
    work_came_.notify_one();
    {
        std::unique_lock lock(request->mutex);
        request->ended.wait(lock, [&] { return request->done; });
    }
    if (request->error) std::rethrow_exception(std::exchange(request->error, nullptr));
}

void GroupWriter::run() {
    while (true) {
        const Group group = take();
        if (group.empty()) return;
        run_group(group);
        for (const auto& request : group) {
            const std::lock_guard lock(request->mutex);
            request->done = true;
            request->ended.notify_one();
        }
    }
}

GroupWriter::Group GroupWriter::take() {
    std::unique_lock lock(mutex_);
    const auto ready = [&] {
        return stopping_ || !queue_.empty();
    };
    while (wipe_wanted_ && !work_came_.wait_for(lock, std::chrono::seconds(1), ready)) {
        // A reader held the log back when bytes were destroyed; it has perhaps gone.
        lock.unlock();
        wipe_log();
        lock.lock();
    }
    work_came_.wait(lock, ready);
    Group group;
    while (!queue_.empty() && group.size() < group_most_) {
        group.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    lock.unlock();
    space_came_.notify_all();
    return group;
}

void GroupWriter::run_group(const Group& group) {
    try {
        if (!connection_) {
            connection_ = connect_();
            tables_ = std::make_unique<WriteTables>(*connection_);
        }
        begin();
        if (!run_all(group)) {
            begin();
            for (const auto& request : group)
                run_one(*request);
        }
        // The point of no return: what this commits was admitted, sealed and promised.
        connection_->run(sql::commit);
        connection_->demand_transaction(false);
    } catch (...) {
        fail_group(group);
        return;
    }
    if (tables_->take_destroyed()) wipe_wanted_ = true;
    if (wipe_wanted_) wipe_log();
}

void GroupWriter::begin() {
    connection_->run(sql::begin_write);
    connection_->demand_transaction(true);
}

// On a full or failing disk SQLite may undo the whole transaction by itself; then nothing of the
// others is left either, whatever a write made of the error.
void GroupWriter::demand_unbroken() {
    if (connection_->in_transaction()) return;
    throw StorageFault("The disk failed inside a transaction: nothing of this was written, and "
                       "what was acknowledged before is safe. Try again.");
}

// False when one of them threw: then nothing of any is left, and who it was is found by running
// each alone.
bool GroupWriter::run_all(const Group& group) {
    try {
        for (const auto& request : group)
            request->work(*tables_);
    } catch (...) {
        if (!connection_->in_transaction()) throw;
        connection_->demand_transaction(false);
        connection_->run(sql::rollback);
        return false;
    }
    demand_unbroken();
    return true;
}

void GroupWriter::run_one(Request& request) {
    connection_->run(sql::savepoint);
    try {
        request.work(*tables_);
    } catch (...) {
        request.error = std::current_exception();
    }
    if (request.error && !connection_->in_transaction()) std::rethrow_exception(request.error);
    demand_unbroken();
    if (request.error) connection_->run(sql::rollback_one);
    connection_->run(sql::release);
}

void GroupWriter::fail_group(const Group& group) {
    std::string text = "Writing failed: nothing of this was written.";
    bool disk = true;
    try {
        throw;
    } catch (const StorageFault& fault) {
        text = fault.what();
    } catch (const Fault& fault) {
        text = fault.what();
        disk = false;
    } catch (const std::exception& exception) {
        text += std::string(" (") + exception.what() + ")";
    } catch (...) {
        text += " (unknown cause)";
    }
    for (const auto& request : group) {
        // Each caller has its own exception object; who threw by himself keeps his own.
        if (request->error) continue;
        request->error = disk ? std::make_exception_ptr(StorageFault(text))
                              : std::make_exception_ptr(Fault(text));
    }
    if (connection_) connection_->demand_transaction(false);
    try {
        if (connection_ && connection_->in_transaction()) connection_->run(sql::rollback);
    } catch (const Fault&) {
        // The connection is given up below: closing undoes what it began.
    }
    if (connection_ && connection_->in_transaction()) {
        tables_.reset();
        connection_.reset();
    }
}

void GroupWriter::wipe_log() {
    if (!connection_) return;
    // secure_delete zeroes the pages, but the log still holds their older state until it is cut.
    // Without waiting: readers that hold it back must not stop the writer.
    try {
        connection_->exec("PRAGMA busy_timeout = 0");
        wipe_wanted_ = connection_->number("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
    } catch (const Fault&) {
        wipe_wanted_ = true; // The commit stands; cutting the log is tried again.
    }
    connection_->exec("PRAGMA busy_timeout = 10000");
}

} // namespace comity::store
