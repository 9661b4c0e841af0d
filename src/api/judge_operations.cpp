// What a judge and a provider decide on: all that a decision rests on, the differences between
// acts, the verdict on an order.
#include "act/seal.hpp"
#include "api/assessed.hpp"
#include "api/case_view.hpp"
#include "api/names.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "casefile/difference.hpp"
#include "node/verdict.hpp"

#include <algorithm>

namespace comity::api {

namespace {

// The act by which this judge would go on: it decides who the findings take as the authoriser.
act::Header next_of(Api& api, const Call& call, const Seen& seen) {
    act::Header out;
    const auto can = procedure::can(*seen.graph, seen.state.marking, "authorise", api.node().now());
    if (casefile::side_of(seen.state, api.node().self()) == "requesting" && can)
        out.act = "authorise";
    out.performer = api.node().self();
    out.office = call.session.office;
    out.role = "judge";
    out.person = call.session.person;
    return out;
}

json::Array decisions_of(Api& api, const Seen& seen, std::string_view language) {
    std::vector<node::ActRow> rows;
    api.node().store().read([&](node::StoreReader& reader) {
        rows = reader.acts(seen.state.id, 0, limits::acts_per_case);
    });
    const RecordSeen record(api);
    const Names names(api);
    json::Array out;
    for (const auto& row : rows) {
        auto entry = timeline_entry(api, seen, record, row, names, language);
        if (entry.at("role") == json::Value("judge")) out.emplace_back(std::move(entry));
    }
    return out;
}

// What this side's judges owe, by the nearest deadline.
std::optional<Instant> due_for_judge(Api& api, const Seen& seen) {
    const auto side = casefile::side_of(seen.state, api.node().self());
    for (const auto& item : procedure::owed(*seen.graph, seen.state.marking))
        if (procedure::to_text(item.side) == side && seen.graph->act(item.act).role == "judge")
            return item.due;
    return std::nullopt;
}

Result<json::Object> judge_view(Api& api, const Call& call) {
    TRY(const auto seen, see(api, call));
    const auto language = language_of(call.request);
    OpenedActs acts(api, seen.state);
    const auto* fields = acts.latest("request");
    const auto hash = seen.state.latest.find("request");
    const auto assessed =
        assess_for(api.node(), *seen.directory, seen.state, next_of(api, call, seen));
    // A judge of a third country reads no whole request, and has nothing to decide on it.
    if (!fields || !assessed || hash == seen.state.latest.end()) return unknown(call);
    std::optional<node::ActRow> row;
    api.node().store().read(
        [&](node::StoreReader& reader) { row = reader.find_act(hash->second); });
    const auto sealed =
        row ? act::parse_sealed(row->seal)
            : Result<act::Sealed>(refuse(Code::header_malformed, say("no such act")));
    if (!sealed) throw Fault("a stored act is not readable: " + sealed.error().facts.text());
    const auto assessment =
        print_assessed(*assessed, api.node().law().pack().digest(), api.node().now(), language);
    const auto* grid = fields->if_contains("grid");
    json::Object out{
        {"case", seen.state.id.str()},
        {"request", text(hash->second)},
        {"procedure", seen.state.procedure},
        {"reference", reference_of(acts, seen.state.id)},
        {"requesting_name", name_of(*seen.directory, seen.state.opening.requesting, language)},
        {"office_name",
         office_name(*seen.directory, sealed->header.performer, sealed->header.office, language)},
        {"fields", *fields},
        {"grid", grid && grid->is_array() ? grid->as_array() : json::Array{}},
        {"assessment", assessment},
        {"duplicates", assessment.at("duplicates")},
        {"earlier", decisions_of(api, seen, language)}};
    if (const auto due = due_for_judge(api, seen)) out["due"] = to_text(*due);
    return out;
}

http::Response get_judge_view(Api& api, const Call& call) {
    auto view = judge_view(api, call);
    if (view)
        note_body_read(api, call, std::string_view(view->at("request").as_string()), "request");
    return answer(view);
}

// ---- differences

json::Object print_change(const casefile::Change& change) {
    json::Object out{
        {"pointer", change.pointer},
        {"kind", !change.before  ? "added"
                 : !change.after ? "removed"
                                 : "changed"}};
    if (change.before) out["before"] = *change.before;
    if (change.after) out["after"] = *change.after;
    return out;
}

// A clarification: each question with its answer, and what the field says now.
json::Object print_answer(const casefile::Difference& line) {
    json::Object out{
        {"pointer", "/" + line.field},
        {"kind", line.changed() ? (line.before.empty()  ? "added"
                                   : line.after.empty() ? "removed"
                                                        : "changed")
                                : "same"},
        {"question", line.question}};
    if (!line.answer.empty()) out["answer"] = line.answer;
    if (!line.before.empty()) out["before"] = line.before;
    if (!line.after.empty()) out["after"] = line.after;
    return out;
}

std::string form_of(const Seen& seen, const node::ActRow& row) {
    const auto index = seen.graph->find(row.kind);
    return index ? seen.graph->act(*index).form : std::string();
}

Result<json::Object> difference(Api& api, const Call& call) {
    TRY(const auto after, see_act(api, call, call.param("hash")));
    TRY(const auto before, see_act(api, call, call.request.query_if("with").value_or("")));
    TRY(const auto now, readable(api, call, after.row));
    TRY(const auto then, readable(api, call, before.row));
    json::Array changes;
    if (before.row.kind == "ask" && after.row.kind == "answer") {
        for (const auto& line : casefile::differences(then, &now))
            changes.emplace_back(print_answer(line));
    } else {
        // Acts of two forms have only some fields in common: the grid of a request and what a judge
        // left of it. What the one form does not ask for has not been removed.
        const bool same_form = form_of(before.seen, before.row) == form_of(after.seen, after.row);
        for (const auto& change : casefile::changes(then, now, same_form))
            changes.emplace_back(print_change(change));
    }
    return json::Object{
        {"before", text(before.row.hash)},
        {"after", text(after.row.hash)},
        {"form", form_of(after.seen, after.row)},
        {"changes", std::move(changes)}};
}

http::Response get_difference(Api& api, const Call& call) {
    auto found = difference(api, call);
    if (found)
        for (const auto* act : {"before", "after"})
            note_body_read(api, call, std::string_view(found->at(act).as_string()), "difference");
    return answer(found);
}

// ---- the provider

Result<json::Object> verdict(Api& api, const Call& call) {
    TRY(const auto seen, see(api, call));
    std::optional<node::Verdict> found;
    api.node().store().read([&](node::StoreReader& reader) {
        found = node::verdict_of(api.node(), reader, *seen.directory, seen.state);
    });
    if (!found) return unknown(call);
    constexpr std::array<std::string_view, 3> may = {"yes", "no", "needs_notice"};
    const auto language = language_of(call.request);
    json::Array reasons;
    for (const auto& reason : found->because)
        reasons.emplace_back(said_json(reason, language));
    json::Object out{
        {"may", may.at(static_cast<std::size_t>(found->may))},
        {"office_name", office_name(*seen.directory, found->authority, found->office, language)},
        {"country", found->country},
        {"under", found->under},
        {"because", Said::list(found->because, " ").in(language)},
        {"reasons", std::move(reasons)},
        {"rule", found->rule.in(language)},
        {"source", found->source.in(language)},
        {"directory", found->directory}};
    if (!found->callback.empty()) out["callback"] = found->callback;
    if (found->callback_confirmed) out["callback_confirmed"] = to_text(*found->callback_confirmed);
    return out;
}

http::Response get_verdict(Api& api, const Call& call) {
    return answer(verdict(api, call));
}

} // namespace

void add_judge_operations(Handlers& handlers) {
    handlers["getJudgeView"] = get_judge_view;
    handlers["getDifference"] = get_difference;
    handlers["getVerdict"] = get_verdict;
}

} // namespace comity::api
