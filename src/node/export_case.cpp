// Writing a case bundle and the custody certificate.
#include "node/export_case.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "evidence/custody.hpp"
#include "node/bundle.hpp"
#include "node/gate.hpp"
#include "node/oversee.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

enum class For { readers, subject };

bool is_for_subject(const act::PartRef& part) {
    return std::find(part.audience.begin(), part.audience.end(), "subject") != part.audience.end();
}

json::Array print_parts(
    Node& node, StoreReader& reader, const ActRow& row, const act::Header& header, For whom) {
    json::Array out;
    // An oversight body exports opened what it has inspected, and the rest as sealed as it came.
    const bool open = may_read(node, reader, row).has_value();
    for (std::size_t i = 0; i < header.parts.size(); ++i) {
        if (whom == For::subject && !is_for_subject(header.parts[i])) continue;
        const auto sealed = reader.part(row.hash, i);
        if (!sealed) continue;
        json::Object part{
            {"part", static_cast<std::int64_t>(i)}, {"sealed", to_base64url(*sealed)}};
        const auto& readers = header.parts[i].readers;
        if (open && std::binary_search(readers.begin(), readers.end(), node.self())) {
            const auto opened = act::open_part_bytes(
                header.parts[i], *sealed,
                {node.keys().sealing.key, node.keys().sealing.certificate});
            if (!opened) throw Fault("a stored part does not open: " + opened.error().facts.text());
            part["opened"] = to_base64url(*opened);
        }
        out.emplace_back(std::move(part));
    }
    return out;
}

json::Array print_law(const law::Pack& pack) {
    json::Array out;
    for (const auto& [path, content] : pack.files())
        out.emplace_back(json::Object{{"path", path}, {"sha256", text(crypto::sha256(content))}});
    return out;
}

Result<json::Array> print_acts(
    Node& node, const Sequencer& record, StoreReader& reader, const CaseId& id, For whom) {
    json::Array out;
    for (const auto& row : reader.acts(id, 0, limits::acts_per_case)) {
        TRY(const auto sealed, act::parse_sealed(row.seal));
        TRY(const auto proof, record.prove(static_cast<std::uint64_t>(row.leaf)));
        out.emplace_back(json::Object{
            {"seal", row.seal},
            {"receipt", row.receipt},
            {"parts", print_parts(node, reader, row, sealed.header, whom)},
            {"nonce", to_base64url(row.nonce)},
            {"proof", proof.print()}});
    }
    return out;
}

Result<Bytes> print_bundle(Node& node, const Sequencer& record, const CaseId& id, For whom) {
    Result<json::Array> acts = refuse(Code::not_found, say("case {}", id.str()));
    std::optional<casefile::Case> state;
    std::optional<std::string> directory;
    node.store().read([&](StoreReader& reader) {
        state = find_case(node, reader, id);
        directory = reader.directory(std::nullopt);
        if (state) acts = print_acts(node, record, reader, id, whom);
    });
    if (!acts) return tl::unexpected(acts.error());
    CHECK_THAT(directory.has_value());
    const json::Object bundle{
        {"comity", bundle_format},
        {"case", id.str()},
        {"exporter", node.self().str()},
        {"exported", to_text(node.now())},
        {"directory", *directory},
        {"law", print_law(node.law().pack())},
        {"procedure", *node.law().pack().procedure_text(state->procedure)},
        {"acts", std::move(*acts)}};
    const Bytes body = json::print(bundle);
    const json::Object seal{{"comity", bundle_format}, {"sha256", text(crypto::sha256(body))}};
    return body + "\n" +
           crypto::sign_jws(json::print(seal), bundle_type, node.now(), node.signer()) + "\n";
}

} // namespace

Result<Bytes> export_case(Node& node, const Sequencer& record, const CaseId& id) {
    return print_bundle(node, record, id, For::readers);
}

Result<Bytes> export_notice(Node& node, const Sequencer& record, const CaseId& id) {
    return print_bundle(node, record, id, For::subject);
}

Result<json::Object> custody_certificate(Node& node, const CaseId& id) {
    std::vector<evidence::CustodyEvent> events;
    std::optional<casefile::Case> state;
    std::vector<Digest>
        held; // what each deletion ends: everything announced before it to its performer
    node.store().read([&](StoreReader& reader) {
        state = find_case(node, reader, id);
        if (!state) return;
        for (const auto& row : reader.acts(id, 0, limits::acts_per_case)) {
            const auto sealed = act::parse_sealed(row.seal);
            if (!sealed)
                throw Fault("a stored act is not readable: " + sealed.error().facts.text());
            evidence::CustodyEvent event{
                row.kind, row.hash, row.sequence, sealed->header.performer, row.admitted, {}, {}};
            const auto fields =
                may_read(node, reader, row) ? readable_fields(node, reader, row) : std::nullopt;
            const auto* list =
                fields ? fields->if_contains(row.kind == "release" ? "passed" : "manifest")
                       : nullptr;
            if (list && list->is_array())
                if (auto items = evidence::parse_items(list->as_array()))
                    event.items = std::move(*items);
            for (const auto& item : event.items)
                held.push_back(item.sealed);
            if (evidence::ends_holdings(row.kind)) event.destroyed = held;
            events.push_back(std::move(event));
        }
    });
    if (!state) return refuse(Code::not_found, say("case {}", id.str()));
    const bool direct = !graph_of(node, *state)->find("release").has_value();
    const auto holdings = evidence::custody(
        events, {state->opening.provider, state->opening.requested, state->opening.requesting},
        direct);
    return json::Object{
        {"comity", "custody/1"},
        {"case", id.str()},
        {"holdings", evidence::print_custody(holdings)}};
}

} // namespace comity::node
