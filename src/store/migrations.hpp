// The schema's way forward: numbered SQL files, each run once, each in one transaction.
#pragma once

#include "base/refusal.hpp"
#include "store/statement.hpp"

#include <span>
#include <string_view>

namespace comity::store {

struct Migration {
    std::int64_t version = 0;
    std::string_view name;
    std::string_view sql;
};

/// The files of src/store/schema, in order from 1 without gaps.
std::span<const Migration> migrations();

/// Written into the header of every database of ours (PRAGMA application_id): "CMTY".
inline constexpr std::int64_t application_id = 0x434d5459;

/// The version a database has; 0 when it is not one of ours.
std::int64_t schema_version(Connection& connection);

/// Runs what is missing. When the database is not new (version 0), a copy is made beside it first
/// (`<path>.before-NNN`), so that a bad migration can be undone by hand. Refuses schema_newer.
Result<std::int64_t> migrate(Connection& connection, std::span<const Migration> all);

/// A consistent copy of the database as one new file, synced.
void back_up(Connection& connection, const std::string& to);

} // namespace comity::store
