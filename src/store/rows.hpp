// Rows out of SQL: how the columns of each kind are read is said once, by a specialisation of
// row_from beside the queries that give them.
#pragma once

#include "store/statement.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

namespace comity::store {

/// A limit as SQL takes it.
inline std::int64_t number(std::size_t value) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::min(value, static_cast<std::size_t>(most)));
}

template <class Row>
Row row_from(const Cursor& cursor);

/// The first row, if there is one.
template <class Row, class... Args>
std::optional<Row> one(Connection& connection, const Query& query, const Args&... args) {
    Cursor cursor = connection.query(query, args...);
    if (!cursor.step()) return std::nullopt;
    return row_from<Row>(cursor);
}

template <class Row, class... Args>
std::vector<Row> many(Connection& connection, const Query& query, const Args&... args) {
    std::vector<Row> rows;
    Cursor cursor = connection.query(query, args...);
    while (cursor.step())
        rows.push_back(row_from<Row>(cursor));
    return rows;
}

} // namespace comity::store
