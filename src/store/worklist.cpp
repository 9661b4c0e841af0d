// Pages, counts and puts of the worklist.
#include "store/worklist.hpp"

#include "base/fault.hpp"
#include "store/queries.hpp"

#include <algorithm>
#include <limits>

namespace comity::store {

namespace {

using namespace node; // NOLINT(google-build-using-namespace): the rows are this file's subject
using By = WorkRange::By;

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t always = std::numeric_limits<std::int64_t>::min();
// So few matching rows are gathered and sorted; more lie dense enough to be found by walking.
constexpr std::int64_t few_rows = 4'000;
// A walk along the deadlines gives up after so many rows for each that is wanted: the groups then
// tell where theirs lie.
constexpr std::size_t walk_for_each = 40;
// A count walks so far before it asks the groups: finding one costs as much as a few rows.
constexpr std::size_t walk_least = 5'000;
constexpr std::size_t walk_for_group = 4;

std::int64_t number(const std::optional<Instant>& at, std::int64_t otherwise) {
    return at ? std::int64_t{at->time_since_epoch().count()} : otherwise;
}

std::int64_t number(std::size_t value) {
    return static_cast<std::int64_t>(std::min(value, static_cast<std::size_t>(never)));
}

/// A row's place in an order: its time, then its id.
struct Key {
    std::int64_t at = 0;
    std::string id;

    bool operator<(const Key& other) const {
        return at != other.at ? at < other.at : id < other.id;
    }
};

/// The stretch [first, last] of a range, as the columns hold it.
struct Stretch {
    By by;
    std::int64_t first;
    std::int64_t last;

    explicit Stretch(const WorkRange& range)
        : by(range.by), first(number(range.from, always)), last(number(range.before, never)) {
        if (range.before && last > always) --last;
        // What is neither stuck nor open has no such time; `never` stands for no deadline only.
        if (by != By::due && last == never) --last;
    }
};

// The roles of a group: sorted, a space after each.
std::string print_roles(const WorkRow& row) {
    std::string out;
    for (const auto& duty : row.duties)
        out += duty.role + ' ';
    return out;
}

bool has_role(std::string_view roles, std::string_view role) {
    while (!roles.empty()) {
        const auto end = roles.find(' ');
        if (roles.substr(0, end) == role) return true;
        if (end == std::string_view::npos) return false;
        roles.remove_prefix(end + 1);
    }
    return false;
}

void set_mark(std::vector<bool>& marks, std::int64_t id) {
    const auto at = static_cast<std::size_t>(id);
    if (marks.size() <= at) marks.resize(at + 1);
    marks[at] = true;
}

WorkGroups read_groups(Connection& connection, const WorkFilter& filter) {
    WorkGroups out;
    out.all = filter == WorkFilter{};
    if (out.all) return out;
    if (filter.mine) {
        out.roles = *filter.mine;
        std::sort(out.roles.begin(), out.roles.end());
        out.roles.erase(std::unique(out.roles.begin(), out.roles.end()), out.roles.end());
        out.lists.resize(out.roles.size());
    }
    Cursor cursor = connection.query(
        sql::work_groups, filter.direction, filter.partner, filter.procedure, filter.category,
        filter.state, filter.holder, std::int64_t{filter.mine ? 1 : 0},
        std::int64_t{
            !filter.hands              ? -1
            : filter.hands->of.empty() ? 0
                                       : 1});
    while (cursor.step()) {
        const std::pair group(cursor.integer(1), cursor.integer(0));
        std::size_t owing = 0;
        const auto roles = filter.mine ? cursor.text(2) : std::string();
        for (std::size_t i = 0; i < out.roles.size(); ++i) {
            if (!has_role(roles, out.roles[i])) continue;
            out.lists[i].push_back(group);
            ++owing;
        }
        if (filter.mine && owing == 0) continue;
        out.list.push_back(group);
        out.rows += group.first;
        set_mark(out.among, group.second);
        if (owing > 1) set_mark(out.shared, group.second);
    }
    std::sort(out.list.rbegin(), out.list.rend());
    for (auto& list : out.lists)
        std::sort(list.rbegin(), list.rend());
    return out;
}

const WorkGroups& groups_of(Connection& connection, WorkMemory& memory, const WorkFilter& filter) {
    if (memory.filter != filter) {
        memory.groups = read_groups(connection, filter);
        memory.filter = filter;
        memory.held.reset();
    }
    return memory.groups;
}

const Query& walk_query(By by) {
    switch (by) {
    case By::due: return sql::work_by_due;
    case By::updated: return sql::work_by_update;
    case By::stuck: return sql::work_by_stuck;
    case By::opened: return sql::work_by_opening;
    case By::seal_end: return sql::work_by_seal_end;
    }
    return sql::work_by_due;
}

const Query& count_query(By by) {
    switch (by) {
    case By::due: return sql::count_by_due;
    case By::updated: return sql::count_by_update;
    case By::stuck: return sql::count_by_stuck;
    case By::opened: return sql::count_by_opening;
    case By::seal_end: return sql::count_by_seal_end;
    }
    return sql::count_by_due;
}

bool descends(By by) {
    return by == By::updated;
}

/// From which place on a walk goes, and up to which time.
struct Walk {
    Key from;
    std::int64_t to = 0;
};

Walk walk_of(const Stretch& stretch, const std::optional<WorkPlace>& after) {
    Walk out;
    if (descends(stretch.by)) {
        out.from = {stretch.last == never ? never : stretch.last + 1, ""};
        out.to = stretch.first;
    } else {
        out.from = {stretch.first, ""}; // no id is empty
        out.to = stretch.last;
    }
    if (!after) return out;
    const Key place{number(after->at, never), after->case_id.str()};
    if (descends(stretch.by) ? place < out.from : out.from < place) out.from = place;
    return out;
}

/// Steps along the order's index; `visit` says whether to go on.
template <class Visit>
void walk(Connection& connection, By by, const Walk& way, const WorkGroups& groups, Visit visit) {
    Cursor cursor = connection.query(walk_query(by), way.from.at, way.from.id, way.to);
    while (cursor.step()) {
        const bool found = groups.has(cursor.integer(2));
        if (!visit(found, cursor)) return;
    }
}

/// Whether of all that these roles owe in a case, what this one owes is the earliest: the case is
/// met there, and passed by where it is met again.
bool is_first(Connection& connection, const WorkGroups& groups, std::size_t role, const Key& key) {
    Cursor cursor = connection.query(sql::duties_of_case, std::string_view(key.id));
    while (cursor.step()) {
        const auto other = std::find(groups.roles.begin(), groups.roles.end(), cursor.text(0));
        if (other == groups.roles.end()) continue;
        const auto place = static_cast<std::size_t>(other - groups.roles.begin());
        const auto at = cursor.integer(3);
        if (at < key.at || (at == key.at && place < role)) return false;
    }
    return true;
}

/// The same along what one role owes.
template <class Visit>
void walk_role(
    Connection& connection, std::size_t role, const Walk& way, const WorkGroups& groups,
    Visit visit) {
    Cursor cursor = connection.query(
        sql::duties_by_due, std::string_view(groups.roles[role]), way.from.at, way.from.id, way.to);
    while (cursor.step()) {
        const auto group = cursor.integer(2);
        Key key{cursor.integer(0), cursor.text(1)};
        const bool found = groups.has(group) &&
                           (!groups.is_shared(group) || is_first(connection, groups, role, key));
        if (!visit(found, std::move(key))) return;
    }
}

WorkRow row_of(const Cursor& cursor) {
    WorkRow row;
    row.case_id = CaseId(cursor.text(0));
    row.direction = cursor.text(1);
    row.partner = ParticipantId(cursor.text(2));
    row.procedure = cursor.text(3);
    row.category = cursor.text(4);
    row.state = cursor.text(5);
    row.holder = ParticipantId(cursor.text(6));
    row.role = cursor.text(7);
    row.ours = cursor.integer(8) != 0;
    row.act = cursor.text(9);
    row.side = cursor.text(10);
    if (cursor.integer(11) != never) row.due = cursor.instant(11);
    if (!cursor.is_null(12)) row.stuck = cursor.instant(12);
    if (!cursor.is_null(13)) row.seal_end = cursor.instant(13);
    row.acts = cursor.integer(14);
    row.opened = cursor.instant(15);
    row.updated = cursor.instant(16);
    row.sealed = cursor.blob(17);
    if (!cursor.is_null(18)) row.token = cursor.digest(18);
    row.hands = PersonId(cursor.text(19));
    return row;
}

std::vector<WorkDuty> duties_of(Connection& connection, const CaseId& id) {
    std::vector<WorkDuty> out;
    Cursor cursor = connection.query(sql::duties_of_case, id);
    while (cursor.step()) {
        WorkDuty duty{cursor.text(0), cursor.text(1), cursor.text(2), {}, cursor.instant(4)};
        if (cursor.integer(3) != never) duty.due = cursor.instant(3);
        out.push_back(std::move(duty));
    }
    return out;
}

/// Rows as they are, with what each role owes in them.
std::vector<WorkRow> whole(Connection& connection, std::vector<WorkRow> rows) {
    for (auto& row : rows)
        row.duties = duties_of(connection, row.case_id);
    return rows;
}

std::vector<WorkRow> rows_of(Connection& connection, const std::vector<Key>& keys) {
    std::vector<WorkRow> out;
    out.reserve(keys.size());
    for (const auto& key : keys)
        if (auto row = find_work(connection, CaseId(key.id))) out.push_back(std::move(*row));
    return out;
}

/// The page by walking; nothing when the walk grew too long.
std::optional<std::vector<Key>> walked(
    Connection& connection, By by, const Walk& way, const WorkGroups& groups, std::size_t limit) {
    std::vector<Key> out;
    std::size_t steps = 0;
    const bool patient = by != By::due || groups.all;
    bool gave_up = false;
    walk(connection, by, way, groups, [&](bool found, const Cursor& cursor) {
        if (found) out.push_back({cursor.integer(0), cursor.text(1)});
        if (out.size() == limit) return false;
        gave_up = !patient && ++steps == limit * walk_for_each;
        return !gave_up;
    });
    if (gave_up) return std::nullopt;
    return out;
}

/// The first keys of those that are offered, as many as a page has.
class Best {
public:
    explicit Best(std::size_t limit) : limit_(limit) {}

    /// Up to which time a key could still be among them.
    [[nodiscard]] std::int64_t reach(std::int64_t to) const {
        return heap_.size() == limit_ ? std::min(heap_.front().at, to) : to;
    }

    [[nodiscard]] bool takes(const Key& key) const {
        return heap_.size() < limit_ || key < heap_.front();
    }

    void put(Key key) {
        if (heap_.size() == limit_) {
            std::pop_heap(heap_.begin(), heap_.end());
            heap_.back() = std::move(key);
        } else {
            heap_.push_back(std::move(key));
        }
        std::push_heap(heap_.begin(), heap_.end());
    }

    std::vector<Key> sorted() {
        std::sort_heap(heap_.begin(), heap_.end());
        return std::move(heap_);
    }

private:
    std::size_t limit_;
    std::vector<Key> heap_; // with the last of them on top
};

/// The page by deadline out of the groups: the first rows of each, until no group can better them.
std::vector<Key> merged(
    Connection& connection, const Walk& way, const WorkGroups& groups, std::size_t limit) {
    Best best(limit);
    for (const auto& [cases, id] : groups.list) {
        Cursor cursor = connection.query(
            sql::work_of_group, id, way.from.at, way.from.id, best.reach(way.to), number(limit));
        while (cursor.step()) {
            Key key{cursor.integer(0), cursor.text(1)};
            if (!best.takes(key)) break;
            best.put(std::move(key));
        }
    }
    return best.sorted();
}

/// The page by what these roles owe: along each of them, or out of its groups.
std::vector<Key> page_of_roles(
    Connection& connection, const Walk& way, const WorkGroups& groups, std::size_t limit) {
    Best best(limit);
    for (std::size_t role = 0; role < groups.roles.size(); ++role) {
        if (groups.lists[role].empty()) continue;
        std::vector<Key> keys;
        std::size_t steps = 0;
        bool gave_up = false;
        walk_role(connection, role, way, groups, [&](bool found, Key key) {
            if (found && !best.takes(key)) return false;
            if (found) keys.push_back(std::move(key));
            gave_up = keys.size() < limit && ++steps == limit * walk_for_each;
            return keys.size() < limit && !gave_up;
        });
        if (!gave_up) {
            for (auto& key : keys)
                if (best.takes(key)) best.put(std::move(key));
            continue;
        }
        for (const auto& [cases, id] : groups.lists[role]) {
            Cursor cursor = connection.query(
                sql::duties_of_group, id, std::string_view(groups.roles[role]), way.from.at,
                way.from.id, best.reach(way.to));
            while (cursor.step()) {
                Key key{cursor.integer(0), cursor.text(1)};
                if (!best.takes(key)) break;
                if (!groups.is_shared(id) || is_first(connection, groups, role, key))
                    best.put(std::move(key));
            }
        }
    }
    return best.sorted();
}

/// How many cases these roles owe something in, by the earliest of it.
std::size_t count_of_roles(
    Connection& connection, const Stretch& stretch, const WorkGroups& groups, std::size_t most) {
    std::size_t count = 0;
    const auto way = walk_of(stretch, std::nullopt);
    for (std::size_t role = 0; role < groups.roles.size() && count < most; ++role) {
        const auto& list = groups.lists[role];
        if (list.empty()) continue;
        std::size_t here = 0;
        std::size_t left = walk_least + list.size() * walk_for_group;
        walk_role(connection, role, way, groups, [&](bool found, const Key&) {
            if (found) ++here;
            return count + here < most && --left > 0;
        });
        if (left == 0) {
            here = 0;
            for (const auto& [cases, id] : list) {
                if (count + here >= most) break;
                const std::string_view name = groups.roles[role];
                if (!groups.is_shared(id)) {
                    Cursor cursor = connection.query(
                        sql::count_duties_of_group, id, name, stretch.first, stretch.last,
                        number(most - count - here));
                    if (cursor.step()) here += static_cast<std::size_t>(cursor.integer(0));
                    continue;
                }
                Cursor cursor = connection.query(
                    sql::duties_of_group, id, name, way.from.at, way.from.id, way.to);
                while (count + here < most && cursor.step())
                    if (is_first(connection, groups, role, {cursor.integer(0), cursor.text(1)}))
                        ++here;
            }
        }
        count += here;
    }
    return std::min(count, most);
}

/// The few rows of the groups that lie in a stretch, by the order's time.
std::vector<Key> gathered(
    Connection& connection, const Stretch& stretch, const WorkGroups& groups) {
    std::vector<Key> out;
    const auto column = static_cast<int>(stretch.by);
    for (const auto& [cases, id] : groups.list) {
        Cursor cursor = connection.query(sql::work_keys_of_group, id);
        while (cursor.step()) {
            if (cursor.is_null(column)) continue;
            if (stretch.by == By::opened && cursor.text(6).empty()) continue;
            const auto at = cursor.integer(column);
            if (at >= stretch.first && at <= stretch.last) out.push_back({at, cursor.text(5)});
        }
    }
    return out;
}

/// The page out of all keys there are.
std::vector<Key> page_of(
    std::vector<Key> keys, const Stretch& stretch, const Walk& way, std::size_t limit) {
    const bool down = descends(stretch.by);
    std::erase_if(
        keys, [&](const Key& key) { return down ? !(key < way.from) : !(way.from < key); });
    const auto before = [down](const Key& a, const Key& b) {
        return down ? b < a : a < b;
    };
    const auto end = keys.begin() + static_cast<std::ptrdiff_t>(std::min(limit, keys.size()));
    std::partial_sort(keys.begin(), end, keys.end(), before);
    keys.erase(end, keys.end());
    return keys;
}

// ---- what is in people's hands: few cases, read whole

/// By what these roles owe where the filter asks for it, as the list then goes.
void set_own_due(Connection& connection, const WorkGroups& groups, HeldCase& held) {
    auto& due = held.at[static_cast<std::size_t>(By::due)];
    due = never;
    Cursor cursor = connection.query(sql::duties_of_case, std::string_view(held.id));
    while (cursor.step())
        if (std::find(groups.roles.begin(), groups.roles.end(), cursor.text(0)) !=
            groups.roles.end())
            due = std::min(*due, cursor.integer(3));
}

void take_held(
    Connection& connection, const WorkGroups& groups, Cursor& cursor, std::vector<HeldCase>& out) {
    while (cursor.step()) {
        if (!groups.has(cursor.integer(7))) continue;
        HeldCase held;
        held.id = cursor.text(5);
        for (int i = 0; i < 5; ++i)
            if (!cursor.is_null(i)) held.at[static_cast<std::size_t>(i)] = cursor.integer(i);
        // What is at rest is of no age.
        if (cursor.text(6).empty()) held.at[static_cast<std::size_t>(By::opened)].reset();
        if (!groups.roles.empty()) set_own_due(connection, groups, held);
        out.push_back(std::move(held));
    }
}

const std::vector<HeldCase>& held_of(
    Connection& connection, WorkMemory& memory, const WorkFilter& filter) {
    const auto& groups = groups_of(connection, memory, filter);
    if (memory.held) return *memory.held;
    std::vector<HeldCase> out;
    for (const auto& of : filter.hands->of) {
        if (!of.cases) {
            Cursor cursor = connection.query(sql::work_in_hands, of.person);
            take_held(connection, groups, cursor, out);
            continue;
        }
        for (const auto& id : *of.cases) {
            Cursor cursor = connection.query(sql::work_one_in_hands, of.person, id);
            take_held(connection, groups, cursor, out);
        }
    }
    return memory.held.emplace(std::move(out));
}

std::vector<Key> held_within(const std::vector<HeldCase>& held, const Stretch& stretch) {
    std::vector<Key> out;
    for (const auto& one : held) {
        const auto& at = one.at[static_cast<std::size_t>(stretch.by)];
        if (at && *at >= stretch.first && *at <= stretch.last) out.push_back({*at, one.id});
    }
    return out;
}

bool names_people(const WorkFilter& filter) {
    return filter.hands && !filter.hands->of.empty();
}

std::int64_t group_id(Connection& connection, const WorkRow& row, bool held) {
    const auto roles = print_roles(row);
    const auto find = [&]() -> std::optional<std::int64_t> {
        Cursor cursor = connection.query(
            sql::find_work_group, row.direction, row.partner, row.procedure, row.category,
            row.state, row.holder, std::string_view(roles), std::int64_t{held});
        if (!cursor.step()) return std::nullopt;
        return cursor.integer(0);
    };
    if (const auto known = find()) return *known;
    connection.run(
        sql::add_work_group, row.direction, row.partner, row.procedure, row.category, row.state,
        row.holder, std::string_view(roles), std::int64_t{held});
    return connection.last_row();
}

// Counts a case out of its group, where it has one, and into another.
void move_case(Connection& connection, std::optional<std::int64_t> from, std::int64_t to) {
    if (from == to) return;
    if (from) connection.run(sql::change_work_group, std::int64_t{-1}, *from);
    connection.run(sql::change_work_group, std::int64_t{1}, to);
}

void put_duties(Connection& connection, const WorkRow& row, std::int64_t group, bool fresh) {
    const auto before = fresh ? std::vector<WorkDuty>{} : duties_of(connection, row.case_id);
    const auto known = [](const std::vector<WorkDuty>& among, const std::string& role) {
        const auto at = std::find_if(
            among.begin(), among.end(), [&](const auto& duty) { return duty.role == role; });
        return at == among.end() ? nullptr : &*at;
    };
    for (const auto& old : before)
        if (!known(row.duties, old.role)) connection.run(sql::remove_duty, row.case_id, old.role);
    for (const auto& duty : row.duties) {
        const auto* old = known(before, duty.role);
        const auto since = old && old->act == duty.act ? old->since : duty.since;
        connection.run(
            old ? sql::change_duty : sql::add_duty, duty.act, duty.side, number(duty.due, never),
            since, group, row.case_id, duty.role);
    }
}

} // namespace

std::optional<WorkRow> find_work(Connection& connection, const CaseId& id) {
    Cursor cursor = connection.query(sql::find_work, id);
    if (!cursor.step()) return std::nullopt;
    auto row = row_of(cursor);
    row.duties = duties_of(connection, id);
    return row;
}

std::vector<WorkRow> list_work(
    Connection& connection, WorkMemory& memory, const WorkFilter& filter, const WorkRange& range,
    const std::optional<WorkPlace>& after, std::size_t limit) {
    if (limit == 0) return {};
    const Stretch stretch(range);
    const auto& groups = groups_of(connection, memory, filter);
    const auto way = walk_of(stretch, after);
    if (names_people(filter))
        return rows_of(
            connection,
            page_of(
                held_within(held_of(connection, memory, filter), stretch), stretch, way, limit));
    if (filter.mine && stretch.by == By::due)
        return rows_of(connection, page_of_roles(connection, way, groups, limit));
    if (!groups.all && stretch.by != By::due && groups.rows <= few_rows)
        return rows_of(
            connection, page_of(gathered(connection, stretch, groups), stretch, way, limit));
    if (auto keys = walked(connection, stretch.by, way, groups, limit))
        return rows_of(connection, *keys);
    return rows_of(connection, merged(connection, way, groups, limit));
}

std::size_t count_work(
    Connection& connection, WorkMemory& memory, const WorkFilter& filter, const WorkRange& range,
    std::size_t most) {
    const Stretch stretch(range);
    if (names_people(filter))
        return std::min(most, held_within(held_of(connection, memory, filter), stretch).size());
    const auto& groups = groups_of(connection, memory, filter);
    if (groups.all) {
        Cursor cursor =
            connection.query(count_query(stretch.by), stretch.first, stretch.last, number(most));
        return cursor.step() ? static_cast<std::size_t>(cursor.integer(0)) : 0;
    }
    std::size_t count = 0;
    if (stretch.by == By::due) {
        const bool whole = stretch.first == always && stretch.last == never;
        if (whole) return std::min(most, static_cast<std::size_t>(groups.rows));
        if (filter.mine) return count_of_roles(connection, stretch, groups, most);
        // Where few rows lie in the stretch, or many match, a walk is shorter than asking each
        // group.
        std::size_t left = walk_least + groups.list.size() * walk_for_group;
        walk(
            connection, stretch.by, walk_of(stretch, std::nullopt), groups,
            [&](bool found, const Cursor&) {
                if (found) ++count;
                return count < most && --left > 0;
            });
        if (left > 0) return std::min(count, most);
        count = 0;
        for (const auto& [cases, id] : groups.list) {
            if (count >= most) break;
            Cursor cursor = connection.query(
                sql::count_of_group, id, stretch.first, stretch.last, number(most - count));
            if (cursor.step()) count += static_cast<std::size_t>(cursor.integer(0));
        }
        return count;
    }
    if (groups.rows <= few_rows)
        return std::min(most, gathered(connection, stretch, groups).size());
    walk(
        connection, stretch.by, walk_of(stretch, std::nullopt), groups,
        [&](bool found, const Cursor&) {
            if (found && count < most) ++count;
            return count < most;
        });
    return count;
}

std::size_t count_duties(
    Connection& connection, std::string_view role, Instant after, std::size_t most) {
    Cursor cursor = connection.query(sql::count_duties, role, after, number(most));
    return cursor.step() ? static_cast<std::size_t>(cursor.integer(0)) : 0;
}

std::vector<WorkRow> work_named(Connection& connection, const Digest& token, std::size_t limit) {
    std::vector<WorkRow> out;
    Cursor cursor = connection.query(sql::work_named, token, number(limit));
    while (cursor.step())
        out.push_back(row_of(cursor));
    return whole(connection, std::move(out));
}

std::vector<WorkRow> work_like(
    Connection& connection, std::string_view beginning, std::size_t limit) {
    std::vector<WorkRow> out;
    // Ids are ASCII: nothing that begins so sorts after this.
    const std::string end = std::string(beginning) + '\x7f';
    Cursor cursor =
        connection.query(sql::work_like, beginning, std::string_view(end), number(limit));
    while (cursor.step())
        out.push_back(row_of(cursor));
    return whole(connection, std::move(out));
}

void put_work(Connection& connection, const WorkRow& row) {
    std::optional<std::int64_t> before;
    bool held = false;
    {
        Cursor cursor = connection.query(sql::work_group_of, row.case_id);
        if (cursor.step()) {
            before = cursor.integer(0);
            held = !cursor.text(1).empty();
        }
    }
    const auto group = group_id(connection, row, held);
    move_case(connection, before, group);
    const auto due = number(row.due, never);
    if (before) {
        connection.run(
            sql::change_work, group, row.act, row.side, row.role, std::int64_t{row.ours}, due,
            row.stuck, row.seal_end, row.acts, row.updated, row.case_id);
        put_duties(connection, row, group, false);
        return;
    }
    std::optional<Blob> token;
    if (row.token) token = Blob{view(*row.token)};
    connection.run(
        sql::add_work, row.case_id, group, row.act, row.side, row.role, std::int64_t{row.ours}, due,
        row.stuck, row.seal_end, row.acts, row.opened, row.updated, Blob{row.sealed}, token);
    put_duties(connection, row, group, true);
}

void put_hands(Connection& connection, const HandsRow& row) {
    const auto work = find_work(connection, row.case_id);
    if (!work) throw Fault("hands were put for a case that is not in the worklist");
    std::int64_t before = 0;
    {
        Cursor cursor = connection.query(sql::work_group_of, row.case_id);
        if (cursor.step()) before = cursor.integer(0);
    }
    const auto group = group_id(connection, *work, !row.to.empty());
    move_case(connection, before, group);
    if (before != group) connection.run(sql::change_duties_group, group, row.case_id);
    connection.run(sql::change_hands, row.to, group, row.case_id);
    if (!work->hands.empty()) connection.run(sql::change_caseload, work->hands, std::int64_t{-1});
    if (!row.to.empty()) connection.run(sql::change_caseload, row.to, std::int64_t{1});
    connection.run(sql::add_hands, row.case_id, row.at, work->hands, row.to, row.statement);
}

} // namespace comity::store
