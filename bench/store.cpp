// How fast leaves become durable through the store, beside what the disk and SQLite alone allow.
#include "bench.hpp"
#include "store/sqlite_store.hpp"
#include "store/statement.hpp"
#include "support/store_temporary.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <thread>

namespace comity::bench {

namespace {

constexpr std::size_t entry_bytes = 300; // about a leaf of ours
constexpr int callers = 64;
constexpr int rows_together = 1'000;

constexpr store::Query begin{"begin", "BEGIN IMMEDIATE"};
constexpr store::Query commit{"commit", "COMMIT"};
constexpr store::Query insert{"insert", "INSERT INTO leaves (entry) VALUES (?)"};

/// One fdatasync after each small append: what one caller alone could ever get.
double sync_rate(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0) throw std::runtime_error("cannot write " + path);
    const int times = static_cast<int>(much(1'000));
    const Bytes page(4096, 's');
    const double took = seconds([&] {
        for (int i = 0; i < times; ++i) {
            if (::write(file, page.data(), page.size()) < 0 || ::fdatasync(file) != 0)
                throw std::runtime_error("cannot sync " + path);
        }
    });
    ::close(file);
    return times / took;
}

/// Plain SQLite, one thread, a thousand rows a transaction, the same durability: the limit.
double raw_rate(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::close(file);
    store::Connection connection(path, store::Connection::Mode::write, "");
    connection.exec(
        "PRAGMA journal_mode = WAL; CREATE TABLE leaves (place INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT");
    const Bytes entry(entry_bytes, 'e');
    const int rows = static_cast<int>(much(100'000));
    const double took = seconds([&] {
        for (int done = 0; done < rows; done += rows_together) {
            connection.run(begin);
            for (int i = 0; i < rows_together; ++i)
                connection.run(insert, store::Blob{entry});
            connection.run(commit);
        }
    });
    return rows / took;
}

/// Callers that each wait for their own leaf to be durable.
double grouped_rate(node::Store& store) {
    const Bytes entry(entry_bytes, 'e');
    const int writes_each = static_cast<int>(much(1'500));
    const double took = seconds([&] {
        std::vector<std::thread> threads;
        for (int i = 0; i < callers; ++i)
            threads.emplace_back([&] {
                for (int n = 0; n < writes_each; ++n)
                    store.write([&](node::StoreWriter& writer) { writer.add_leaf(entry); });
            });
        for (auto& thread : threads)
            thread.join();
    });
    return callers * writes_each / took;
}

double together_rate(node::Store& store) {
    const Bytes entry(entry_bytes, 'e');
    const int rows = static_cast<int>(much(100'000));
    const double took = seconds([&] {
        for (int done = 0; done < rows; done += rows_together)
            store.write([&](node::StoreWriter& writer) {
                for (int i = 0; i < rows_together; ++i)
                    writer.add_leaf(entry);
            });
    });
    return rows / took;
}

double alone_rate(node::Store& store) {
    const Bytes entry(entry_bytes, 'e');
    const int times = static_cast<int>(much(2'000));
    const double took = seconds([&] {
        for (int i = 0; i < times; ++i)
            store.write([&](node::StoreWriter& writer) { writer.add_leaf(entry); });
    });
    return times / took;
}

void worklist(node::Store& store) {
    const std::uint32_t cases = much(1'000'000);
    const auto row = [](std::uint32_t i) {
        node::CaseRow one{
            .id = CaseId(fmt::format("case-{:08}", i * 2'654'435'761U)),
            .procedure = "order",
            .state = std::string(200, 's'),
            .next_sequence = 3,
            .wakes = std::nullopt,
            .changed = Instant(Milliseconds(i))};
        if (i % 3 == 0) one.wakes = Instant(Milliseconds(1'000'000'000 + i));
        return one;
    };
    const double filled = seconds([&] {
        for (std::uint32_t i = 0; i < cases; i += 10'000)
            store.write([&](node::StoreWriter& writer) {
                for (std::uint32_t j = i; j < i + 10'000; ++j) {
                    const auto one = row(j);
                    writer.put_case(one);
                    writer.put_obligations(
                        one.id, {{one.id, "reply", "answering", "clerk", one.changed}});
                }
            });
    });
    constexpr int times = 500;
    std::size_t seen = 0;
    const double took = seconds([&] {
        for (int i = 0; i < times; ++i)
            store.read([&](node::StoreReader& reader) {
                seen += reader.obligations(50).size() + reader.cases(50).size() +
                        reader.waking(Instant(Milliseconds(1'000'000'100)), 50).size();
            });
    });
    keep(seen);
    report(
        {"store.worklist", took / times * 1e6, "us", 0, 0,
         fmt::format(
             "50 obligations, 50 newest and the waking of {} cases; put at {:.0f} cases/s", cases,
             cases / filled)});
}

} // namespace

COMITY_BENCH(store) {
    const test::TemporaryDirectory directory;
    const double syncs = sync_rate(directory / "sync");
    const double raw = raw_rate(directory / "raw.db");
    const auto store = store::SqliteStore::create(directory / "node.db").value();
    const std::string limit =
        fmt::format("limit: plain SQLite in one thread, {} rows a commit", rows_together);
    report({"store.sync", syncs, "/s", 0, 0, "fdatasync after 4 KiB appended"});
    const double alone = alone_rate(*store);
    report({"store.append_one_caller", alone, "/s", syncs, alone / syncs, "limit: fdatasync"});
    const double grouped = grouped_rate(*store);
    report({"store.append_64_callers", grouped, "/s", raw, grouped / raw, limit});
    const double together = together_rate(*store);
    report({"store.append_together", together, "/s", raw, together / raw, limit});
    worklist(*store);
}

} // namespace comity::bench
