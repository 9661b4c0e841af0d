// A disk for SQLite that fails on request and remembers what was synced: the full disk, the failing
// one and the loss of power, without any of them.
#pragma once

#include <cstdint>
#include <string>

namespace comity::test {

/// The name of the SQLite VFS; pass it in SqliteOptions::vfs.
std::string test_disk();

/// The n-th write or sync from now on (1 is the next) fails with this SQLite code, and so do all
/// later ones if `lasting`.
void fail_disk(std::int64_t nth, int code, bool lasting);
/// The disk works again; returns whether it failed at all.
bool mend_disk();

/// From now on every sync of a file copies it into this directory, which so holds what is left
/// after a loss of power. Empty: no longer.
void keep_synced(const std::string& directory);

} // namespace comity::test
