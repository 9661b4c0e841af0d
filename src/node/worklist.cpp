// How a case looks in the worklist.
#include "node/worklist.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/count_cases.hpp"
#include "node/gate.hpp"
#include "node/own_books.hpp"

#include <algorithm>

namespace comity::node {

namespace {

// "1" stood for rows that knew only what is owed next.
constexpr std::string_view filled_setting = "worklist";
constexpr std::string_view filled_value = "2";
constexpr std::size_t filled_at_once = 200;
constexpr std::size_t reference_shown = 8;

// Who owes an act, where one participant does: the keeper what the clock owes.
ParticipantId holder_of(
    const casefile::Case& state, procedure::Side side, const directory::Directory* directory) {
    if (side == procedure::Side::subject) return state.opening.requesting;
    if (side == procedure::Side::oversight && directory) {
        const auto* country = directory->find(state.opening.requesting);
        const auto bodies = country ? directory->oversight_of(country->country)
                                    : std::vector<const directory::Participant*>{};
        if (!bodies.empty()) return bodies.front()->id;
    }
    const auto all = casefile::participants_of_side(state, procedure::to_text(side));
    return all.empty() ? state.keeper : all.front();
}

// The other end of the case, seen from here. A provider hears from whom orders of it: the requested
// country, or straight the requesting one where the procedure has no order.
ParticipantId partner_of(
    const casefile::Case& state, const procedure::Graph& graph, std::string_view side) {
    if (side == "requesting") return state.opening.requested;
    if (side == "provider" && graph.find("order")) return state.opening.requested;
    return state.opening.requesting;
}

std::string_view direction_of(std::string_view side) {
    if (side.empty()) return "observed";
    return side == "requesting" ? "outgoing" : "incoming";
}

std::optional<Instant> due_of(
    const procedure::Graph& graph, const procedure::Marking& marking, std::string_view act) {
    for (const auto& item : procedure::owed(graph, marking))
        if (item.name == act) return item.due;
    return std::nullopt;
}

bool stands(const casefile::Case& state, procedure::Side side, const ParticipantId& self) {
    const auto all = casefile::participants_of_side(state, procedure::to_text(side));
    return std::find(all.begin(), all.end(), self) != all.end();
}

bool owes(
    const Node& node, const casefile::Case& state, procedure::Side side,
    const directory::Directory* directory) {
    return stands(state, side, node.self()) ||
           (side == procedure::Side::oversight && holder_of(state, side, directory) == node.self());
}

// The acts that wait for no other act. Time is taken as free, because rows are put when acts happen
// and not when time passes: what may happen from tomorrow on is there today, with its date.
procedure::Mask free_acts(const procedure::Graph& graph, const procedure::Marking& marking) {
    return procedure::enabled(graph, marking, Instant::max());
}

// What each role of this participant owes and can do.
std::vector<WorkDuty> duties_of(
    const Node& node, const casefile::Case& state, const procedure::Graph& graph,
    const directory::Directory* directory) {
    std::vector<WorkDuty> out;
    const auto free = free_acts(graph, state.marking);
    for (const auto& item : procedure::owed(graph, state.marking)) { // by deadline
        const auto& role = graph.act(item.act).role;
        if (role.empty() || (free & procedure::bit(item.act)) == 0 ||
            !owes(node, state, item.side, directory))
            continue;
        const auto at = std::find_if(
            out.begin(), out.end(), [&](const auto& duty) { return duty.role >= role; });
        if (at != out.end() && at->role == role) continue;
        out.insert(
            at,
            {role, item.name, std::string(procedure::to_text(item.side)), item.due, node.now()});
    }
    return out;
}

std::string plain(std::string_view number) {
    std::string out;
    for (const char c : number)
        if (c != ' ') out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    return out;
}

void set_reference(const Node& node, WorkRow& row, const json::Object& fields) {
    const auto* number = fields.if_contains("file_number");
    if (!number || !number->is_string()) return;
    const std::string_view text = number->as_string();
    // Who observes opens content by an act of inspection only: the number finds the case for who
    // was told it, and is not shown.
    if (row.direction != "observed")
        row.sealed = seal_own(node, "worklist", text, row.case_id.str());
    row.token = reference_token(node, text);
}

} // namespace

std::optional<procedure::Owed> owed_next(
    const procedure::Graph& graph, const procedure::Marking& marking) {
    const auto all = procedure::owed(graph, marking);
    if (all.empty()) return std::nullopt;
    const auto free = free_acts(graph, marking);
    const auto next = std::find_if(all.begin(), all.end(), [&](const auto& item) {
        return (free & procedure::bit(item.act)) != 0;
    });
    return next == all.end() ? all.front() : *next;
}

std::string_view work_state(
    const casefile::Case& state, const procedure::Graph& graph, const ParticipantId& self) {
    const auto all = procedure::owed(graph, state.marking);
    if (all.empty()) return "at-rest";
    const auto held = [](const auto& item) {
        return item.name == "resume";
    };
    if (std::any_of(all.begin(), all.end(), held)) return "suspended";
    if (casefile::side_of(state, self).empty()) return "open";
    return stands(state, owed_next(graph, state.marking)->side, self) ? "open" : "waiting";
}

std::optional<Instant> deferral_end(const casefile::Case& state, const procedure::Graph& graph) {
    if (!state.latest.contains("defer-notice")) return std::nullopt;
    return due_of(graph, state.marking, "notify");
}

WorkRow work_row(
    const Node& node, const casefile::Case& state, const procedure::Graph& graph,
    const directory::Directory* directory) {
    const auto side = casefile::side_of(state, node.self());
    const auto next = owed_next(graph, state.marking);
    WorkRow row;
    row.case_id = state.id;
    row.direction = direction_of(side);
    row.partner = partner_of(state, graph, side);
    row.procedure = state.procedure;
    row.category = state.opening.category;
    row.state = work_state(state, graph, node.self());
    row.holder = next ? holder_of(state, next->side, directory) : state.keeper;
    row.acts = state.next_sequence - 1;
    row.updated = state.last_admitted;
    row.opened = state.last_admitted;
    if (const auto first = graph.find("request");
        first && (state.marking.executed & procedure::bit(*first)) != 0)
        row.opened = Instant{Milliseconds{state.marking.executed_at[*first]}};
    row.seal_end = deferral_end(state, graph);
    if (!next) return row;
    row.act = next->name;
    row.side = procedure::to_text(next->side);
    row.role = graph.act(next->act).role;
    row.ours = owes(node, state, next->side, directory);
    row.duties = duties_of(node, state, graph, directory);
    row.due = next->due;
    row.stuck = next->name == "answer"
                    ? next->due
                    : std::max(next->due, state.last_admitted + limits::work_stuck);
    return row;
}

WorkRow work_row(
    const Node& node, const casefile::Case& next, const procedure::Graph& graph,
    const directory::Directory& directory, const json::Object& fields) {
    auto row = work_row(node, next, graph, &directory);
    if (row.acts == 1) set_reference(node, row, fields);
    return row;
}

namespace {

// The row of one case where it is missing or from before; whether one was put.
bool fill_row(
    Node& node, StoreWriter& writer, const CaseId& id, const directory::Directory* directory) {
    const auto old = writer.find_work(id);
    if (old && old->act.empty()) return false; // at rest owes nothing to anybody
    const auto state = find_case(node, writer, id);
    if (!state) return false;
    const auto graph = graph_of(node, *state);
    auto row = work_row(node, *state, *graph, directory);
    if (old) {
        writer.put_work(row); // and its number is kept
        return true;
    }
    if (const auto fields = readable_fields(node, writer, id, "request"))
        set_reference(node, row, *fields);
    writer.put_work(row);
    for (const auto& name : counters_of(node, row, {nullptr, *state, *graph, nullptr, nullptr}))
        writer.count(name, 1);
    return true;
}

} // namespace

std::size_t fill_worklist(Node& node) {
    bool filled = false;
    node.store().read(
        [&](StoreReader& reader) { filled = reader.setting(filled_setting) == filled_value; });
    if (filled) return 0;
    const auto directory = node.directory();
    std::size_t count = 0;
    CaseId after;
    while (!filled) {
        const CaseId from = after;
        std::size_t put = 0;
        node.store().write([&](StoreWriter& writer) {
            put = 0;
            const auto rows = writer.cases_from(from, filled_at_once);
            filled = rows.size() < filled_at_once;
            if (filled) writer.put_setting(filled_setting, filled_value);
            for (const auto& row : rows) {
                after = row.id;
                if (fill_row(node, writer, row.id, directory ? &**directory : nullptr)) ++put;
            }
        });
        count += put;
    }
    if (count > 0) node.log("worklist filled", {{"cases", std::to_string(count)}});
    return count;
}

std::string reference_of(const Node& node, const WorkRow& row) {
    if (!row.sealed.empty())
        if (auto number = open_own(node, "worklist", row.sealed, row.case_id.str()))
            return std::move(*number);
    return row.case_id.str().substr(0, reference_shown);
}

Digest reference_token(const Node& node, std::string_view number) {
    return crypto::hmac_sha256(own_key(node, "file number"), plain(number));
}

const WorkDuty* own_duty(const WorkRow& row, const std::vector<std::string>& roles) {
    const WorkDuty* out = nullptr;
    for (const auto& duty : row.duties) {
        if (std::find(roles.begin(), roles.end(), duty.role) == roles.end()) continue;
        if (!out || duty.due.value_or(Instant::max()) < out->due.value_or(Instant::max()))
            out = &duty;
    }
    return out;
}

bool in_hands(const WorkRow& row, const WorkFilter& filter) {
    if (!filter.hands) return true;
    const auto& of = filter.hands->of;
    if (of.empty()) return row.hands.empty();
    return !row.hands.empty() && std::any_of(of.begin(), of.end(), [&](const auto& one) {
        return one.person == row.hands &&
               (!one.cases ||
                std::find(one.cases->begin(), one.cases->end(), row.case_id) != one.cases->end());
    });
}

std::string_view stuck_reason(const WorkRow& row, Instant now) {
    if (!row.stuck || *row.stuck > now) return {};
    return row.act == "answer" ? "question" : "no-act";
}

} // namespace comity::node
