// Reading a case for the pages.
#include "api/case_view.hpp"

#include "act/seal.hpp"
#include "api/names.hpp"
#include "base/fault.hpp"
#include "casefile/sentences.hpp"
#include "node/gate.hpp"
#include "node/hands.hpp"
#include "node/oversee.hpp"

#include <algorithm>

namespace comity::api {

namespace {

const json::Array* array_in(const json::Object* object, std::string_view name) {
    const auto* value = object ? object->if_contains(name) : nullptr;
    return value && value->is_array() ? &value->as_array() : nullptr;
}

const json::Object* object_in(const json::Object* object, std::string_view name) {
    const auto* value = object ? object->if_contains(name) : nullptr;
    return value && value->is_object() ? &value->as_object() : nullptr;
}

} // namespace

Result<Seen> see(Api& api, const Call& call) {
    Seen out;
    TRY(out.directory, api.node().directory());
    std::optional<casefile::Case> state;
    api.node().store().read([&](node::StoreReader& reader) {
        state = node::find_case(api.node(), reader, CaseId(call.param("case")));
    });
    if (!state) return unknown(call);
    out.state = std::move(*state);
    out.graph = node::graph_of(api.node(), out.state);
    return out;
}

Result<ActSeen> see_act(Api& api, const Call& call, std::string_view hash) {
    TRY(auto seen, see(api, call));
    const auto digest = digest_from_text(hash);
    std::optional<node::ActRow> row;
    if (digest)
        api.node().store().read([&](node::StoreReader& reader) { row = reader.find_act(*digest); });
    if (!row || row->case_id != seen.state.id) return unknown(call);
    return ActSeen{std::move(seen), std::move(*row)};
}

Result<json::Object> readable(Api& api, const Call& call, const node::ActRow& row) {
    std::optional<json::Object> fields;
    Result<void> may;
    api.node().store().read([&](node::StoreReader& reader) {
        may = node::may_read(api.node(), reader, row);
        if (may) fields = node::readable_fields(api.node(), reader, row);
    });
    TRY_VOID(std::move(may));
    if (!fields) return unknown(call);
    return std::move(*fields);
}

void note_body_read(Api& api, const Call& call, std::string_view act, std::string_view as) {
    api.node().log(
        "body read", {{"case", call.param("case")},
                      {"act", std::string(act)},
                      {"as", std::string(as)},
                      {"person", call.session.person.str()}});
}

const json::Object* OpenedActs::latest(const std::string& act) {
    auto at = opened_.find(act);
    if (at == opened_.end()) {
        std::optional<json::Object> fields;
        if (const auto hash = state_.latest.find(act); hash != state_.latest.end())
            api_.node().store().read([&](node::StoreReader& reader) {
                const auto row = reader.find_act(hash->second);
                if (row && node::may_read(api_.node(), reader, *row))
                    fields = node::readable_fields(api_.node(), reader, *row);
            });
        at = opened_.emplace(act, std::move(fields)).first;
    }
    return at->second ? &*at->second : nullptr;
}

json::Array grid_of(OpenedActs& acts) {
    if (const auto* grid = array_in(acts.latest("order"), "grid")) return *grid;
    const auto* authorised = acts.latest("authorise");
    if (const auto* grid = array_in(authorised, "grid")) return *grid;
    // Where no judge of the receiving country orders, a provider reads its order in here.
    if (const auto* grid = array_in(object_in(authorised, "provider_order"), "grid")) return *grid;
    if (const auto* grid = array_in(acts.latest("request"), "grid")) return *grid;
    // A provider that is told to preserve has read nothing else yet.
    if (const auto* grid = array_in(acts.latest("freeze"), "grid")) return *grid;
    return {};
}

std::string reference_of(OpenedActs& acts, const CaseId& id) {
    if (const auto* request = acts.latest("request"))
        if (const auto* number = request->if_contains("file_number"); number && number->is_string())
            return std::string(number->as_string());
    return id.str().substr(0, 8);
}

RecordSeen::RecordSeen(Api& api) : size(static_cast<std::int64_t>(api.services.record.size())) {
    // Lines of signatures after the record's own.
    const std::string checkpoint = api.services.record.checkpoint();
    std::int64_t lines = 0;
    for (std::size_t at = checkpoint.find("\n— "); at != std::string::npos;
         at = checkpoint.find("\n— ", at + 1))
        ++lines;
    witnesses = std::max<std::int64_t>(lines - 1, 0);
}

json::Object timeline_entry(
    Api& api, const Seen& seen, const RecordSeen& record, const node::ActRow& row,
    const Names& names, std::string_view language) {
    const auto sealed = act::parse_sealed(row.seal);
    if (!sealed) throw Fault("a stored act is not readable: " + sealed.error().facts.text());
    const auto& header = sealed->header;
    const auto performer = name_of(*seen.directory, header.performer, language);
    bool readable = std::any_of(header.parts.begin(), header.parts.end(), [&](const auto& part) {
        return std::binary_search(part.readers.begin(), part.readers.end(), api.node().self());
    });
    // An oversight body reads what an inspection of its own has named, and nothing else.
    if (readable)
        api.node().store().read([&](node::StoreReader& reader) {
            readable = node::may_read(api.node(), reader, row).has_value();
        });
    const bool included = row.leaf < record.size;
    // Every act here has passed the gate: seal and approval were verified before it was kept.
    json::Object proof{
        {"seal", "checked"},
        {"approval", header.person.empty() ? "none" : "checked"},
        {"record", included ? "included" : "pending"},
        {"witnesses", included ? record.witnesses : 0}};
    if (included) proof["checkpoint_size"] = record.size;
    json::Object item{
        {"sequence", row.sequence},
        {"act", row.kind},
        {"hash", text(row.hash)},
        {"performer", header.performer.str()},
        {"performer_name", performer},
        {"office", header.office.str()},
        {"role", header.role},
        {"admitted", to_text(row.admitted)},
        {"leaf", row.leaf},
        {"sentence", casefile::sentence(row.kind, performer, language)},
        {"readable", readable},
        {"proof", std::move(proof)}};
    // Whom another participant calls by a pseudonym is known by it to that one alone.
    if (!header.person.empty() && header.performer == api.node().self()) {
        item["person"] = header.person.str();
        item["person_name"] = names.of(header.person);
        api.node().store().read([&](node::StoreReader& reader) {
            if (const auto had =
                    node::stood_in_for(reader, row.case_id, header.person, header.time))
                item["stood_in_for"] = names.person(*had);
        });
    }
    if (const auto index = seen.graph->find(row.kind);
        index && !seen.graph->act(*index).form.empty())
        item["form"] = seen.graph->act(*index).form;
    return item;
}

} // namespace comity::api
