// What a closed case counts as.
#include "node/statistics.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/gate.hpp"
#include "node/own_books.hpp"
#include "record/leaf.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

constexpr std::size_t leaves_at_once = 10'000;

bool has(const casefile::Case& state, std::string_view act) {
    return state.latest.contains(std::string(act));
}

bool has_any(const casefile::Case& state, std::initializer_list<std::string_view> acts) {
    return std::any_of(acts.begin(), acts.end(), [&](auto act) { return has(state, act); });
}

bool owes(const casefile::Case& state, const procedure::Graph& graph, std::string_view act) {
    return (graph.mask(act) & state.marking.pending & state.marking.included) != 0;
}

// A later end overrides an earlier: what was refused and then quashed is quashed.
std::string_view outcome(const casefile::Case& state) {
    if (has(state, "quash")) return "quashed";
    if (has(state, "uphold-challenge")) return "contested";
    if (has(state, "lapse-authorisation")) return "lapsed";
    if (has(state, "decline")) return "declined";
    if (has_any(state, {"refuse", "oppose", "oppose-third", "uphold-objection"})) return "refused";
    if (has(state, "unable")) return "unable";
    if (has(state, "withdraw")) return "withdrawn";
    return "delivered";
}

bool is_closed(const casefile::Case& state, const procedure::Graph& graph) {
    if (outcome(state) != "delivered") return true;
    return has(state, "receive") && !owes(state, graph, "notify");
}

std::string_view notice(const casefile::Case& state, const procedure::Graph& graph) {
    if (has(state, "notify")) return has(state, "defer-notice") ? "given-after-deferral" : "given";
    return owes(state, graph, "notify") ? "owed" : "none";
}

// From the request to the production, in days that have begun.
std::string_view days(const casefile::Case& state, const procedure::Graph& graph) {
    const auto request = graph.find("request");
    const auto produce = graph.find("produce");
    if (!request || !produce || !has(state, "produce")) return "none";
    const Milliseconds took{
        state.marking.executed_at[*produce] - state.marking.executed_at[*request]};
    const auto within = [&](int limit) {
        return took <= std::chrono::days{limit};
    };
    for (const auto& [limit, name] : std::initializer_list<std::pair<int, std::string_view>>{
             {1, "1"}, {10, "10"}, {30, "30"}, {90, "90"}, {180, "180"}})
        if (within(limit)) return name;
    return "more";
}

std::string_view emergency(const casefile::Case& state, const procedure::Graph& graph) {
    if (!graph.emergency()) return "none";
    if (has(state, "authorise")) return "validated";
    if (has(state, "decline")) return "declined";
    return has(state, "lapse-authorisation") ? "lapsed" : "open";
}

std::string text_of(const json::Object& fields, std::string_view name) {
    const auto* value = fields.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

// Of several offences the first: a case is counted once.
std::string offence_of(const law::Library& library, const json::Object& request) {
    const auto* list = request.if_contains("offences");
    if (!list || !list->is_array() || list->as_array().empty()) return "not-read";
    const auto& first = list->as_array().front();
    const auto* offence =
        first.is_object() ? library.offence(text_of(first.as_object(), "category")) : nullptr;
    return offence ? offence->counted_as : "other";
}

// The grounds of the forms `refuse` and `object`, merged to what is often enough to be told.
std::string ground_of(const json::Object& fields) {
    static const std::map<std::string_view, std::string_view> merged{
        {"no_dual_criminality", "dual-criminality"},
        {"offence_threshold", "dual-criminality"},
        {"trivial", "dual-criminality"},
        {"political_offence", "political"},
        {"military_offence", "political"},
        {"discrimination", "political"},
        {"essential_interests", "interests"},
        {"national_security_source", "interests"},
        {"domestic_law_bar", "law"},
        {"territoriality", "law"},
        {"closer_connection", "law"},
        {"conflict_of_law", "law"},
        {"ne_bis_in_idem", "tried-already"},
        {"death_penalty", "treatment"},
        {"torture_unfair_trial", "treatment"},
        {"fundamental_rights", "rights"},
        {"disproportionate", "rights"},
        {"manifest_breach", "rights"},
        {"overbroad", "rights"},
        {"immunity_privilege_press", "privilege"},
        {"privilege", "privilege"},
        {"press", "privilege"},
        {"form_defect", "form"},
        {"authenticity", "form"},
        {"not_urgent", "urgency"},
        {"emergency_not_shown", "urgency"}};
    const auto ground = text_of(fields, "ground");
    if (ground.empty()) return "not-read";
    const auto at = merged.find(ground);
    return std::string(at == merged.end() ? "other" : at->second);
}

// The category of that name, else the last one (`other`, where an attribute has it).
std::size_t index_of(std::size_t attribute, std::string_view name) {
    const auto& all = record::tally_attributes().at(attribute).categories;
    const auto at = std::find(all.begin(), all.end(), name);
    return at == all.end() ? all.size() - 1 : static_cast<std::size_t>(at - all.begin());
}

std::string setting_of(const CaseId& id) {
    return "tally/" + id.str();
}

Result<std::vector<record::Tally>> read_tallies(
    Node& node, const std::function<bool(const record::Tally&)>& wanted) {
    std::vector<record::Tally> out;
    for (std::int64_t from = 0;;) {
        std::vector<Bytes> leaves;
        node.store().read(
            [&](StoreReader& reader) { leaves = reader.leaves(from, leaves_at_once); });
        if (leaves.empty()) return out;
        from += static_cast<std::int64_t>(leaves.size());
        for (const auto& entry : leaves) {
            if (!entry.starts_with(R"({"leaf":"tally")")) continue;
            TRY(auto tally, record::Tally::parse(entry));
            if (wanted(tally)) out.push_back(std::move(tally));
        }
        if (out.size() > limits::statistics_leaves)
            return refuse(Code::too_large, say("too many cases for one report"));
    }
}

// The quarter before the one of that moment.
std::string quarter_before(Instant now) {
    // A quarter has 90 to 92 days: a hundred before its end lie in the one before.
    return record::quarter_of(
        record::quarter_end(record::quarter_of(now)) - std::chrono::days{100});
}

std::string report_setting(std::int64_t number) {
    return fmt::format("report/{}", number);
}

using Classes = std::map<std::pair<std::string, std::int64_t>, std::vector<record::Tally>>;

// A quarter's classes in one document: for each in which a case was counted its report, and one for
// each schema by which cases of it were counted.
Result<Bytes> print_report(
    Node& node, const directory::Participant& self, const std::string& period, std::int64_t number,
    const Classes& classes) {
    json::Array reports;
    for (const auto& [which, tallies] : classes) {
        const auto& [group, schema] = which;
        TRY(auto report,
            record::make_report(
                node.keys().record->seed(), {self.record.origin, group, period, schema}, tallies));
        reports.emplace_back(std::move(report));
    }
    return json::print(json::Object{
        {"comity", "transparency/1"},
        {"participant", self.id.str()},
        {"record", self.record.origin},
        {"number", number},
        {"period", period},
        {"issued", to_text(node.now())},
        {"reports", std::move(reports)}});
}

void keep_report(
    Node& node, const std::string& period, std::int64_t number, const std::optional<Bytes>& text) {
    node.store().write([&](StoreWriter& writer) {
        if (counted(writer, "reports") != number - 1) return; // another beat was first
        writer.put_setting("reports-through", period);
        if (!text) return;
        const auto leaf = writer.add_leaf(
            record::change_leaf(record::Leaf::Kind::report, number, crypto::sha256(*text)));
        writer.put_setting("reports", std::to_string(number));
        writer.put_setting(
            report_setting(number), json::print(json::Object{
                                        {"period", period},
                                        {"issued", to_text(node.now())},
                                        {"leaf", leaf},
                                        {"text", *text}}));
    });
}

} // namespace

TallyFacts tally_facts(
    Node& node, StoreReader& reader, const casefile::Case& state, std::string_view act,
    const json::Object& fields) {
    TallyFacts out;
    const auto& library = node.law().library();
    const auto& partner = state.opening.requesting == node.self() ? state.opening.requested
                                                                  : state.opening.requesting;
    const auto directory = node.directory();
    const auto* participant = directory ? (*directory)->find(partner) : nullptr;
    if (const auto* country = participant ? library.country(participant->country) : nullptr)
        out.partner = country->region;
    if (const auto request = readable_fields(node, reader, state.id, "request"))
        out.offence = offence_of(library, *request);
    if (act == "refuse" || act == "oppose" || act == "oppose-third") out.ground = ground_of(fields);
    if (act == "uphold-objection") {
        const auto objection = readable_fields(node, reader, state.id, "object");
        out.ground = ground_of(objection.value_or(json::Object()));
    }
    return out;
}

std::vector<std::size_t> tally_categories(
    const casefile::Case& state, const procedure::Graph& graph, const TallyFacts& facts) {
    // A variant is named after the procedure it varies: extraordinary-2.
    const std::string base = state.procedure.substr(0, state.procedure.find('-'));
    return {
        index_of(0, base),
        index_of(1, state.opening.category),
        index_of(2, outcome(state)),
        index_of(3, notice(state, graph)),
        index_of(4, days(state, graph)),
        index_of(5, emergency(state, graph)),
        index_of(6, facts.partner),
        index_of(7, facts.offence),
        index_of(8, facts.ground)};
}

void commit_tally(Node& node, StoreWriter& writer, const Settling& in, const json::Object& fields) {
    const auto side = casefile::side_of(in.next, node.self());
    const auto& key = node.keys().record;
    if (!key || !record::is_tally_class(side) || !is_closed(in.next, in.graph)) return;
    const auto name = setting_of(in.next.id);
    if (writer.setting(name)) return;
    const auto directory = node.directory();
    const auto* self = directory ? (*directory)->find(node.self()) : nullptr;
    if (!self) return;
    // By this node's clock and not the keeper's: what comes late falls into the next quarter, so a
    // quarter that has ended stays as it is.
    const std::string period = record::quarter_of(node.now());
    const auto categories =
        tally_categories(in.next, in.graph, tally_facts(node, writer, in.next, in.act, fields));
    const auto tally = record::make_tally(
        key->seed(), {self->record.origin, side, period},
        crypto::random_bytes(record::tally_id_bytes), categories);
    writer.put_setting(name, std::to_string(writer.add_leaf(tally.print())));
}

Result<json::Object> make_statistics(
    Node& node, std::string_view group, std::string_view period, std::int64_t schema) {
    if (!record::is_tally_class(group) || !record::is_quarter(period) ||
        !record::is_tally_schema(schema))
        return refuse(
            Code::not_found,
            say("a report is of a class (requesting, requested, provider, third) and a quarter"));
    if (record::quarter_end(period) > node.now())
        return refuse(
            Code::not_found, say("{} has not ended", period),
            "Two reports of one quarter that differ by a case would tell that case",
            "docs/operations.md, Statistics");
    const auto& key = node.keys().record;
    TRY(const auto directory, node.directory());
    const auto* self = directory->find(node.self());
    if (!key || !self) return refuse(Code::not_initialised, say("this node has no record"));
    TRY(const auto tallies, read_tallies(node, [&](const record::Tally& tally) {
            return tally.group == group && tally.period == period && tally.schema == schema;
        }));
    return record::make_report(key->seed(), {self->record.origin, group, period, schema}, tallies);
}

Result<std::size_t> publish_reports(Node& node) {
    const auto& key = node.keys().record;
    const auto directory = node.directory();
    const auto* self = directory ? (*directory)->find(node.self()) : nullptr;
    if (!key || !self) return std::size_t{0};
    const auto last = quarter_before(node.now());
    std::string through;
    node.store().read(
        [&](StoreReader& reader) { through = reader.setting("reports-through").value_or(""); });
    if (through >= last) return std::size_t{0};
    TRY(auto tallies, read_tallies(node, [&](const record::Tally& tally) {
            return tally.period > through && tally.period <= last;
        }));
    std::map<std::string, Classes> periods;
    for (auto& tally : tallies) {
        auto& place = periods[tally.period][{tally.group, tally.schema}];
        place.push_back(std::move(tally));
    }
    periods[last]; // that a quarter had no case is known then
    std::size_t out = 0;
    for (const auto& [period, classes] : periods) {
        std::int64_t number = 0;
        node.store().read([&](StoreReader& reader) { number = counted(reader, "reports") + 1; });
        std::optional<Bytes> text;
        if (!classes.empty()) {
            TRY(auto printed, print_report(node, *self, period, number, classes));
            text = std::move(printed);
            ++out;
        }
        keep_report(node, period, number, text);
    }
    return out;
}

std::vector<PublishedReport> published_reports(
    Node& node, std::optional<std::int64_t> before, std::size_t limit) {
    std::vector<PublishedReport> out;
    node.store().read([&](StoreReader& reader) {
        auto number = counted(reader, "reports");
        if (before) number = std::min(number, *before - 1);
        for (; number >= 1 && out.size() < limit; --number) {
            const auto stored = reader.setting(report_setting(number));
            const auto object =
                stored ? json::parse_object(*stored, 2 * limits::statistics_report_bytes)
                       : refuse(Code::not_found, say("a report"));
            if (!object) throw Fault("a published report is not readable");
            const auto issued = instant_from(std::string_view(object->at("issued").as_string()));
            out.push_back(
                {number, std::string(object->at("period").as_string()), issued.value_or(Instant{}),
                 object->at("leaf").as_int64(), Bytes(object->at("text").as_string())});
        }
    });
    return out;
}

} // namespace comity::node
