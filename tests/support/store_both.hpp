// The real store and the fake, for suites that both have to pass.
#pragma once

#include "store/sqlite_store.hpp"
#include "support/memory_store.hpp"
#include "support/store_temporary.hpp"

#include <memory>
#include <optional>

namespace comity::test {

struct InSqlite {
    TemporaryDirectory directory;
    std::unique_ptr<store::SqliteStore> owned =
        store::SqliteStore::create(directory / "node.db").value();
    node::Store& store = *owned;
};

struct InMemory {
    MemoryStore owned;
    node::Store& store = owned;
};

/// What `question` answers in a read of its own.
template <class Question>
auto ask(node::Store& store, Question question) {
    std::optional<decltype(question(std::declval<node::StoreReader&>()))> answer;
    store.read([&](node::StoreReader& reader) { answer.emplace(question(reader)); });
    return *answer;
}

} // namespace comity::test
