// The worklist in SQL. A filter picks groups (what many rows share); a page is then walked along
// one index, or merged from the groups where few rows match, so that neither needs a look at every
// row.
#pragma once

#include "node/ports.hpp"
#include "store/statement.hpp"

#include <array>

namespace comity::store {

/// The groups that a filter picks.
struct WorkGroups {
    using List = std::vector<std::pair<std::int64_t, std::int64_t>>;

    bool all = false;        ///< the filter asks for nothing
    List list;               ///< cases and id, most cases first
    std::vector<bool> among; ///< by id
    std::int64_t rows = 0;
    /// Where the filter asks what some roles owe: each of them once, the groups of each, and in
    /// which groups (by id) several of them owe something, so that a case is met several times.
    std::vector<std::string> roles;
    std::vector<List> lists;
    std::vector<bool> shared;

    [[nodiscard]] bool has(std::int64_t id) const { return all || at(among, id); }

    [[nodiscard]] bool is_shared(std::int64_t id) const { return at(shared, id); }

private:
    static bool at(const std::vector<bool>& marks, std::int64_t id) {
        return static_cast<std::size_t>(id) < marks.size() && marks[static_cast<std::size_t>(id)];
    }
};

/// A case in somebody's hands, by the times of WorkRange::By in their order.
struct HeldCase {
    std::string id;
    std::array<std::optional<std::int64_t>, 5> at;
};

/// Those of the last filter, for one view of the store: a page and its counts ask by the same one.
struct WorkMemory {
    std::optional<node::WorkFilter> filter;
    WorkGroups groups;
    /// Where the filter names people: all that it picks, which is few.
    std::optional<std::vector<HeldCase>> held;
};

std::optional<node::WorkRow> find_work(Connection& connection, const CaseId& id);
std::vector<node::WorkRow> list_work(
    Connection& connection, WorkMemory& memory, const node::WorkFilter& filter,
    const node::WorkRange& range, const std::optional<node::WorkPlace>& after, std::size_t limit);
std::size_t count_work(
    Connection& connection, WorkMemory& memory, const node::WorkFilter& filter,
    const node::WorkRange& range, std::size_t most);
std::size_t count_duties(
    Connection& connection, std::string_view role, Instant after, std::size_t most);
std::vector<node::WorkRow> work_named(
    Connection& connection, const Digest& token, std::size_t limit);
std::vector<node::WorkRow> work_like(
    Connection& connection, std::string_view beginning, std::size_t limit);
void put_work(Connection& connection, const node::WorkRow& row);
/// A case whose row is not there is a Fault.
void put_hands(Connection& connection, const node::HandsRow& row);

} // namespace comity::store
