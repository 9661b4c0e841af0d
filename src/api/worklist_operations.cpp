// The worklist by deadline, with filters and keyset paging, and saved views of it.
#include "api/api.hpp"
#include "api/hands_view.hpp"
#include "api/names.hpp"
#include "api/rows.hpp"
#include "base/limits.hpp"
#include "base/said_list.hpp"
#include "crypto/hash.hpp"
#include "node/own_books.hpp"
#include "node/tell_systems.hpp"
#include "node/worklist.hpp"

#include <algorithm>
#include <array>

namespace comity::api {

namespace {

using By = node::WorkRange::By;

constexpr std::size_t filter_bytes = 200;
constexpr std::array<std::string_view, 5> dues{"late", "today", "week", "stuck", "all"};

// ---- what is asked for

struct Asked {
    node::WorkFilter filter;
    std::string due = "all";
    std::string hands; ///< mine, nobody, or whose
    std::string find;  ///< a file number, or the beginning of a case's id
    bool newest = false;
    std::optional<node::WorkPlace> after;
    std::size_t limit = 0;
};

Result<std::string> choice(
    const Call& call, const std::string& name, std::initializer_list<std::string_view> known) {
    auto value = call.request.query_if(name).value_or("");
    if (!value.empty() && std::find(known.begin(), known.end(), value) == known.end())
        return refuse(Code::json_malformed, say("{} is one of {}", name, comity::listed(known)));
    return value;
}

Result<std::string> word(const Call& call, const std::string& name) {
    auto value = call.request.query_if(name).value_or("");
    if (value.size() > filter_bytes)
        return refuse(Code::json_malformed, say("{} is too long", name));
    return value;
}

Result<Asked> read_asked(const Call& call) {
    Asked out;
    TRY(out.filter.direction, choice(call, "direction", {"incoming", "outgoing", "observed"}));
    TRY(out.filter.partner, word(call, "partner"));
    TRY(out.filter.procedure, word(call, "procedure"));
    TRY(out.filter.category,
        choice(call, "category", {"subscriber", "access", "traffic", "content"}));
    TRY(out.filter.state,
        choice(call, "state", {"draft", "open", "waiting", "suspended", "at-rest"}));
    TRY(out.filter.holder, word(call, "holder"));
    TRY(const auto mine, choice(call, "mine", {"true", "false"}));
    if (mine == "true") out.filter.mine = call.session.roles;
    TRY(out.hands, word(call, "hands"));
    if (!out.hands.empty() && !is_name(out.hands))
        return refuse(Code::json_malformed, say("hands is mine, nobody, or a person's short name"));
    TRY(auto due, choice(call, "due", {"late", "today", "week", "stuck", "all"}));
    if (!due.empty()) out.due = std::move(due);
    TRY(const auto sort, choice(call, "sort", {"due", "updated"}));
    out.newest = sort == "updated";
    TRY(out.find, word(call, "q"));
    TRY(out.limit, call.limit());
    if (const auto after = call.request.query_if("after")) {
        TRY(out.after, read_place(*after));
    }
    return out;
}

// ---- what it means now

// Days of the world's clock: a day ends at midnight UTC for everybody alike.
node::WorkRange range_of(std::string_view due, Instant now) {
    const Instant tomorrow =
        std::chrono::floor<std::chrono::days>(now) + Milliseconds{std::chrono::days{1}};
    if (due == "late") return {By::due, std::nullopt, now};
    if (due == "today") return {By::due, now, tomorrow};
    if (due == "week") return {By::due, now, now + std::chrono::days{7}};
    if (due == "stuck") return {By::stuck, std::nullopt, now + Milliseconds{1}};
    return {By::due, std::nullopt, std::nullopt};
}

// When a row is due: by what is owed next, or by what these roles owe.
std::optional<Instant> due_of(const node::WorkRow& row, const node::WorkFilter& filter) {
    if (!filter.mine) return row.due;
    const auto* duty = node::own_duty(row, *filter.mine);
    return duty ? duty->due : std::nullopt;
}

bool within(
    const node::WorkRow& row, const node::WorkFilter& filter, const node::WorkRange& range) {
    const auto at = range.by == By::stuck ? row.stuck : due_of(row, filter);
    if (range.by == By::stuck && !at) return false;
    if (range.from && at && *at < *range.from) return false;
    return !range.before || (at && *at < *range.before);
}

bool matches(const node::WorkRow& row, const node::WorkFilter& filter) {
    const auto is = [](const std::string& wanted, const std::string& there) {
        return wanted.empty() || wanted == there;
    };
    const auto& mine = filter.mine;
    return is(filter.direction, row.direction) && is(filter.partner, row.partner.str()) &&
           is(filter.procedure, row.procedure) && is(filter.category, row.category) &&
           is(filter.state, row.state) && is(filter.holder, row.holder.str()) &&
           (!mine || node::own_duty(row, *mine)) && node::in_hands(row, filter);
}

// Whose hands are asked for, as things are now.
std::optional<node::WorkHands> hands_asked(
    node::StoreReader& reader, const std::string& hands, const PersonId& me, Instant now) {
    if (hands.empty()) return std::nullopt;
    if (hands == "nobody") return node::WorkHands{};
    if (hands == "mine") return node::hands_now(reader, me, now);
    return node::WorkHands{{{PersonId(hands), std::nullopt}}};
}

// By which time a page is ordered; within a stretch by deadline, the newest may come first.
By order_of(const Asked& asked) {
    if (asked.due == "stuck") return By::stuck;
    return asked.newest ? By::updated : By::due;
}

node::WorkPlace place_of(const node::WorkRow& row, const node::WorkFilter& filter, By by) {
    switch (by) {
    case By::due: return {due_of(row, filter), row.case_id};
    case By::updated: return {row.updated, row.case_id};
    case By::stuck: return {row.stuck, row.case_id};
    case By::opened: return {row.opened, row.case_id};
    case By::seal_end: return {row.seal_end, row.case_id};
    }
    return {due_of(row, filter), row.case_id};
}

struct Page {
    std::vector<node::WorkRow> rows;
    bool more = false;
    std::map<std::string, std::size_t> counts;
};

// A search by number meets few cases: they are read, and the filters applied to them.
Page found(Api& api, node::StoreReader& reader, const Asked& asked, Instant now) {
    auto rows =
        reader.work_named(node::reference_token(api.node(), asked.find), limits::work_found);
    for (auto& row : reader.work_like(asked.find, limits::work_found))
        if (std::none_of(rows.begin(), rows.end(), [&](const auto& known) {
                return known.case_id == row.case_id;
            }))
            rows.push_back(std::move(row));
    // What a system of the house was told (node/tell_systems.hpp).
    if (const auto told = node::case_of_reference(api.node(), reader, asked.find))
        if (auto row = reader.find_work(*told)) rows.push_back(std::move(*row));
    std::erase_if(rows, [&](const auto& row) { return !matches(row, asked.filter); });
    Page out;
    for (const auto due : dues)
        out.counts[std::string(due)] =
            static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const auto& row) {
                return within(row, asked.filter, range_of(due, now));
            }));
    const auto range = range_of(asked.due, now);
    const auto by = order_of(asked);
    const auto key = [&](const node::WorkPlace& place) {
        return std::pair(place.at.value_or(Instant::max()), place.case_id);
    };
    const auto before = [&](const node::WorkPlace& a, const node::WorkPlace& b) {
        return by == By::updated ? key(b) < key(a) : key(a) < key(b);
    };
    std::erase_if(rows, [&](const auto& row) {
        return !within(row, asked.filter, range) ||
               (asked.after && !before(*asked.after, place_of(row, asked.filter, by)));
    });
    std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
        return before(place_of(a, asked.filter, by), place_of(b, asked.filter, by));
    });
    out.more = rows.size() > asked.limit;
    if (out.more) rows.resize(asked.limit);
    out.rows = std::move(rows);
    return out;
}

Page listed(node::StoreReader& reader, const Asked& asked, Instant now) {
    Page out;
    for (const auto due : dues)
        out.counts[std::string(due)] =
            reader.count_work(asked.filter, range_of(due, now), limits::work_counted);
    auto range = range_of(asked.due, now);
    // The newest first of all; of what is due by a day, the deadline orders.
    if (asked.newest && asked.due == "all") range = {By::updated, std::nullopt, std::nullopt};
    out.rows = reader.work(asked.filter, range, asked.after, asked.limit + 1);
    out.more = out.rows.size() > asked.limit;
    if (out.more) out.rows.resize(asked.limit);
    return out;
}

http::Response list_work(Api& api, const Call& call) {
    auto asked = read_asked(call);
    if (!asked) return http::problem(asked.error());
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    if (asked->due != "all" && asked->due != "stuck") asked->newest = false;
    const Instant now = api.node().now();
    const auto language = language_of(call.request);
    Page page;
    json::Array items;
    api.node().store().read([&](node::StoreReader& reader) {
        asked->filter.hands = hands_asked(reader, asked->hands, call.session.person, now);
        page = asked->find.empty() ? listed(reader, *asked, now) : found(api, reader, *asked, now);
    });
    HandsShown hands(api, call.session.person, now);
    for (const auto& row : page.rows)
        items.emplace_back(work_item(
            api, call, row, {**directory, language, now, asked->filter.mine.has_value(), &hands}));
    json::Object counts;
    for (const auto& [name, count] : page.counts)
        counts[name] = count;
    json::Object out{
        {"items", std::move(items)},
        {"total", page.counts.at(asked->due)},
        {"counts", std::move(counts)}};
    if (page.more)
        out["next"] = print_place(place_of(page.rows.back(), asked->filter, order_of(*asked)));
    return answer(std::move(out));
}

// ---- saved views

constexpr std::string_view view_kind = "view";

std::string own(const Call& call) {
    return "person " + call.session.person.str();
}

std::string shared(const Call& call) {
    return "office " + call.session.office.str();
}

// A view's name may say as much as a case; it is kept sealed, under a digest of itself.
std::string name_key(const Api& api, std::string_view name) {
    return text(crypto::hmac_sha256(node::own_key(api.node(), "view names"), name));
}

struct View {
    std::string name;
    std::string query;
    bool shared = false;
    std::string by;
};

std::optional<View> open_view(const Api& api, const node::KeptRow& row) {
    const auto object =
        node::open_own_object(api.node(), "views", row.sealed, row.owner + " " + row.name);
    if (!object) return std::nullopt; // sealed under a key that this node no longer has
    json::Reader in{*object, "view"};
    View out;
    out.name = in.string("name");
    out.query = in.string("query");
    out.by = in.string("by");
    out.shared = row.owner.starts_with("office ");
    if (!in.done()) return std::nullopt;
    return out;
}

node::KeptRow seal_view(
    const Api& api, const std::string& owner, const View& view, std::int64_t version) {
    node::KeptRow row;
    row.kind = view_kind;
    row.owner = owner;
    row.name = name_key(api, view.name);
    row.version = version;
    row.updated = api.node().now();
    row.sealed = node::seal_own(
        api.node(), "views",
        json::print(json::Object{{"name", view.name}, {"query", view.query}, {"by", view.by}}),
        owner + " " + row.name);
    return row;
}

// A name is shown as text; what does not show, or turns the line around, is no part of one.
Result<void> check_view_name(std::string_view name) {
    const bool bad = name.empty() || name.size() > limits::view_name_bytes ||
                     std::any_of(name.begin(), name.end(), [](char c) {
                         return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                     });
    if (!bad && is_plain_text(name)) return {};
    return refuse(
        Code::json_malformed,
        say("a view's name is one line of up to {} bytes", limits::view_name_bytes));
}

// What stands behind `?` in the page's address, and nothing that could end it.
Result<void> check_query(std::string_view query) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%+=&";
    if (query.size() <= limits::view_query_bytes &&
        query.find_first_not_of(allowed) == std::string_view::npos)
        return {};
    return refuse(Code::json_malformed, say("a view's query is that of the worklist's address"));
}

http::Response list_views(Api& api, const Call& call) {
    std::vector<View> views;
    api.node().store().read([&](node::StoreReader& reader) {
        for (const auto& owner : {own(call), shared(call)})
            for (const auto& row : reader.kept(view_kind, owner, "", limits::views_kept))
                if (auto view = open_view(api, row)) views.push_back(std::move(*view));
    });
    std::sort(views.begin(), views.end(), [](const auto& a, const auto& b) {
        return std::pair(a.name, a.shared) < std::pair(b.name, b.shared);
    });
    json::Array items;
    for (const auto& view : views)
        items.emplace_back(
            json::Object{{"name", view.name}, {"query", view.query}, {"shared", view.shared}});
    return answer(json::Object{{"items", std::move(items)}});
}

// The office's view of another person: it may be used by all and changed by who saved it.
bool of_another(const Api& api, const Call& call, const std::optional<node::KeptRow>& row) {
    const auto view = row ? open_view(api, *row) : std::nullopt;
    return view && view->by != call.session.person.str();
}

Result<void> save(Api& api, const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "view"};
    View view;
    view.name = in.string("name");
    view.query = in.string("query");
    view.shared = in.boolean("shared");
    view.by = call.session.person.str();
    TRY_VOID(in.done());
    if (view.name != call.param("name"))
        return refuse(Code::json_malformed, say("the view's name is another than the address has"));
    TRY_VOID(check_view_name(view.name));
    TRY_VOID(check_query(view.query));
    const auto owner = view.shared ? shared(call) : own(call);
    const auto other = view.shared ? own(call) : shared(call);
    const auto key = name_key(api, view.name);
    Result<void> done;
    api.node().store().write([&](node::StoreWriter& writer) {
        done = {};
        if (of_another(api, call, writer.find_kept(view_kind, shared(call), key))) {
            done = refuse(
                Code::changed_meanwhile,
                say("another person of the office shares a view of this name"),
                "A shared view is changed by who saved it", {}, "Save it under another name");
            return;
        }
        const auto before = writer.find_kept(view_kind, owner, key);
        if (!before &&
            writer.kept(view_kind, owner, "", limits::views_kept).size() == limits::views_kept) {
            done = refuse(
                Code::too_large, say("{} views are kept", limits::views_kept), {}, {},
                "Remove one first");
            return;
        }
        writer.put_kept(seal_view(api, owner, view, before ? before->version + 1 : 1));
        writer.remove_kept(view_kind, other, key);
    });
    return done;
}

http::Response save_view(Api& api, const Call& call) {
    if (const auto saved = save(api, call); !saved) return http::problem(saved.error());
    return http::no_content();
}

http::Response delete_view(Api& api, const Call& call) {
    const auto key = name_key(api, call.param("name"));
    bool gone = false;
    api.node().store().write([&](node::StoreWriter& writer) {
        gone = false;
        for (const auto& owner : {own(call), shared(call)}) {
            const auto row = writer.find_kept(view_kind, owner, key);
            if (!row || of_another(api, call, row)) continue;
            writer.remove_kept(view_kind, owner, key);
            gone = true;
        }
    });
    if (!gone) return http::problem(unknown(call).value());
    return http::no_content();
}

} // namespace

void add_worklist_operations(Handlers& handlers) {
    handlers["listWork"] = list_work;
    handlers["listViews"] = list_views;
    handlers["saveView"] = save_view;
    handlers["deleteView"] = delete_view;
}

} // namespace comity::api
