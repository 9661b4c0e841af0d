// Filing, sending on, and carrying challenges.
#include "node/carry_challenge.hpp"

#include "act/code.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/cms.hpp"
#include "crypto/hash.hpp"
#include "crypto/jws.hpp"
#include "node/describe_case.hpp"
#include "node/gate.hpp"
#include "node/notice.hpp"
#include "node/own_books.hpp"
#include "node/perform_act.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace comity::node {

namespace {

constexpr std::string_view waiting_list = "filings-waiting";

const directory::Participant* authority_for(
    const directory::Directory& directory, std::string_view code) {
    return directory.authority_of(act::code_country(code));
}

std::string sign_receipt(
    Node& node, const std::string& federation, const ParticipantId& to, const Digest& filing) {
    const json::Object payload{{"comity", "filing-receipt/1"}, {"federation", federation},
                               {"by", node.self().str()},      {"to", to.str()},
                               {"filing", text(filing)},       {"time", to_text(node.now())}};
    return crypto::sign_jws(json::print(payload), filing_receipt_type, node.now(), node.signer());
}

std::vector<std::string> waiting(StoreReader& reader) {
    std::vector<std::string> out;
    const auto stored = reader.setting(waiting_list);
    if (!stored) return out;
    const auto list = json::parse(*stored, limits::envelope_bytes);
    if (!list || !list->is_array()) throw Fault("the list of waiting filings is not readable");
    for (const auto& item : list->as_array())
        out.emplace_back(item.as_string());
    return out;
}

void put_waiting(StoreWriter& writer, const std::vector<std::string>& list) {
    json::Array out;
    for (const auto& item : list)
        out.emplace_back(item);
    writer.put_setting(waiting_list, json::print(json::Value(std::move(out))));
}

Result<json::Object> read_filing(std::string_view filing) {
    TRY(const auto object, json::parse_object(filing, limits::act_part_bytes));
    json::Reader in{object, "filing"};
    const auto format = in.string("comity");
    in.string("federation");
    in.string("filed");
    auto fields = in.object("fields");
    TRY_VOID(in.done());
    if (format != "filing/1")
        return refuse(Code::protocol_unsupported, say("the filing is not of version filing/1"));
    return fields;
}

// At rest, as on its way, only this node's key opens what the person wrote.
std::string seal_own(Node& node, const std::string& filing) {
    const std::array own{node.keys().sealing.certificate};
    return to_base64url(crypto::seal_to(filing, own));
}

Result<std::string> open_own(Node& node, const std::string& stored) {
    const auto sealed = from_base64url(stored);
    if (!sealed) throw Fault("a stored filing is not base64url");
    TRY(auto filing,
        crypto::open_sealed(*sealed, node.keys().sealing.key, node.keys().sealing.certificate));
    return std::string(std::move(filing));
}

// Here, where the notice was given. What is no case's code leaves a trace of the same kind, so that
// both take the same time; it is forgotten with the next one.
Result<void> keep_filing(Node& node, const std::string& filing) {
    TRY(const auto fields, read_filing(filing));
    const auto* form = node.law().pack().form("challenge");
    CHECK_THAT(form != nullptr);
    TRY_VOID(form->validate(fields));
    const auto code = act::read_code(std::string_view(fields.at("code").as_string()));
    if (!code) return refuse(Code::code_wrong, say("the code is misspelt"));
    const Digest hash = crypto::sha256(filing);
    const auto stored = seal_own(node, filing); // before it is known whether there is a case
    bool full = false;
    node.store().write([&](StoreWriter& writer) {
        full = false;
        const auto id = case_of_code(writer, *code);
        auto list = waiting(writer);
        if (!id) {
            writer.put_setting("filing-without-case", text(hash));
            return;
        }
        if (writer.find_submission(hash)) return; // sent again after a lost answer
        full = list.size() >= limits::filings_waiting;
        if (full) return;
        writer.put_submission(
            {hash, *id, "filing", stored, SubmissionRow::State::waiting, "", node.now()});
        if (std::find(list.begin(), list.end(), id->str()) == list.end()) list.push_back(id->str());
        put_waiting(writer, list);
    });
    if (full) return refuse(Code::rate_exceeded, say("too many filings wait here"));
    return {};
}

void settle(Node& node, SubmissionRow row, SubmissionRow::State state, std::string answer) {
    row.state = state;
    row.answer = std::move(answer);
    row.seal.clear(); // what counts of it stands in the case
    node.store().write([&](StoreWriter& writer) { writer.put_submission(row); });
}

// The filing that is first in line; the person's own later ones come to nothing, and the look-up
// shows how the first stands.
bool carry(Node& node, const casefile::Case& state, const SubmissionRow& row) {
    const auto graph = graph_of(node, state);
    if (state.latest.contains("challenge")) {
        settle(node, row, SubmissionRow::State::admitted, "");
        return false;
    }
    if (const auto can = procedure::can(*graph, state.marking, "challenge", node.now()); !can) {
        settle(node, row, SubmissionRow::State::refused, kept_answer(can.error()));
        return false;
    }
    const auto filing = open_own(node, row.seal);
    const auto fields = filing ? read_filing(*filing) : tl::unexpected(filing.error());
    if (!fields) throw Fault("a stored filing is not readable: " + fields.error().facts.text());
    Intent intent;
    intent.case_id = state.id;
    intent.act = "challenge";
    intent.fields = *fields;
    intent.fields["code"] = *act::read_code(std::string_view(fields->at("code").as_string()));
    const auto performed = perform_by_node(node, intent);
    if (!performed) {
        node.log(
            "challenge not carried",
            {{"case", state.id.str()}, {"code", std::string(performed.error().name())}});
        return false;
    }
    return true;
}

} // namespace

Result<Filed> file_challenge(Node& node, const json::Object& given) {
    TRY(const auto directory, node.directory());
    json::Object fields = given;
    const auto* typed = fields.if_contains("code");
    const auto code = typed && typed->is_string()
                          ? act::read_code(std::string_view(typed->as_string()))
                          : std::nullopt;
    if (!code)
        return refuse(Code::code_wrong, say("the code is misspelt: its last group does not fit"));
    fields["code"] = *code;
    const auto* form = node.law().pack().form("challenge");
    CHECK_THAT(form != nullptr); // every procedure has the act
    TRY_VOID(form->validate(fields));
    const auto* to = authority_for(*directory, *code);
    if (!to) return refuse(Code::code_wrong, say("no authority of the code's country takes part"));
    Filed out;
    out.filing = json::print(json::Object{
        {"comity", "filing/1"},
        {"federation", directory->federation()},
        {"filed", to_text(node.now())},
        {"fields", fields}});
    const Digest hash = crypto::sha256(out.filing);
    out.receipt = sign_receipt(node, directory->federation(), to->id, hash);
    if (to->id == node.self()) {
        TRY_VOID(keep_filing(node, out.filing));
        out.carried = true;
        return out;
    }
    const auto* certificate = directory::current(to->sealing, node.now());
    if (!certificate)
        return refuse(
            Code::recipient_unregistered,
            say("{} has no sealing certificate in force", to->id.str()));
    const std::array readers{*certificate};
    const Bytes body = json::print(json::Object{
        {"comity", "filing-sealed/1"},
        {"sealed", to_base64url(crypto::seal_to(out.filing, readers))}});
    Said problem;
    const auto answer = node.peers().call(
        to->id, {"POST", "/exchange/v1/filings", {}, body, "application/json"}, problem);
    if (answer && answer->status == 200) {
        out.carried = true;
        return out;
    }
    // It waits here, durably, and goes when the other node is back.
    bool full = false;
    node.store().write([&](StoreWriter& writer) {
        const auto queued = counted(writer, "filings-queued");
        full = static_cast<std::size_t>(queued) >= limits::filings_waiting;
        if (full) return;
        writer.put_setting("filings-queued", std::to_string(queued + 1));
        const CaseId line(crypto::random_name());
        writer.put_submission(
            {hash, line, "filing-out", body, SubmissionRow::State::waiting, "", node.now()});
        OutboxRow row;
        row.destination = to->id;
        row.kind = OutboxRow::Kind::submit;
        row.case_id = line;
        row.act = hash;
        row.next_try = node.now();
        writer.add_outbox(row);
    });
    if (full) return refuse(Code::rate_exceeded, say("too many filings wait here"));
    return out;
}

Result<std::string> take_filing(Node& node, std::string_view body) {
    TRY(const auto directory, node.directory());
    TRY(const auto object, json::parse_object(body, limits::act_part_bytes * 2));
    json::Reader in{object, "filing"};
    const auto format = in.string("comity");
    const auto sealed = from_base64url(in.string("sealed"));
    TRY_VOID(in.done());
    if (format != "filing-sealed/1" || !sealed)
        return refuse(
            Code::protocol_unsupported, say("the filing is not of version filing-sealed/1"));
    TRY(const auto filing,
        crypto::open_sealed(*sealed, node.keys().sealing.key, node.keys().sealing.certificate));
    TRY_VOID(keep_filing(node, std::string(filing)));
    return sign_receipt(node, directory->federation(), node.self(), crypto::sha256(filing));
}

std::size_t carry_filings(Node& node) {
    std::vector<std::pair<casefile::Case, std::vector<SubmissionRow>>> work;
    std::vector<std::string> done;
    node.store().read([&](StoreReader& reader) {
        for (const auto& id : waiting(reader)) {
            auto state = find_case(node, reader, CaseId(id));
            std::vector<SubmissionRow> rows;
            bool on_its_way = false;
            for (auto& row : reader.submissions(CaseId(id))) {
                const bool waits = row.state == SubmissionRow::State::waiting;
                on_its_way = on_its_way || (waits && row.kind == "challenge");
                if (waits && row.kind == "filing") rows.push_back(std::move(row));
            }
            if (rows.empty() || !state)
                done.push_back(id);
            else if (!on_its_way)
                work.emplace_back(std::move(*state), std::move(rows));
        }
    });
    std::size_t count = 0;
    for (const auto& [state, rows] : work)
        for (const auto& row : rows)
            if (carry(node, state, row)) {
                ++count;
                break; // one at a time: the case has moved on
            }
    if (done.empty()) return count;
    node.store().write([&](StoreWriter& writer) {
        auto list = waiting(writer);
        std::erase_if(list, [&](const std::string& id) {
            const auto rows = writer.submissions(CaseId(id));
            return std::none_of(rows.begin(), rows.end(), [](const auto& row) {
                return row.kind == "filing" && row.state == SubmissionRow::State::waiting;
            });
        });
        put_waiting(writer, list);
    });
    return count;
}

Instant ruling_due(const Node& node, Instant filed) {
    Instant out = filed;
    const auto& pack = node.law().pack();
    for (const auto& id : pack.procedures()) {
        const auto* file = pack.data("procedures/" + id + ".json");
        const auto* relations = file ? file->if_contains("relations") : nullptr;
        if (!relations) continue;
        for (const auto& item : relations->as_array()) {
            const auto* one = item.if_object();
            if (!one || !one->contains("is") || one->at("is") != "response" ||
                !one->contains("within") || !one->contains("from"))
                continue;
            const auto& from = one->at("from").as_array();
            if (std::find(from.begin(), from.end(), json::Value("challenge")) == from.end())
                continue;
            if (const auto within = period_from(std::string_view(one->at("within").as_string())))
                out = std::max(out, add(filed, *within));
        }
    }
    return out;
}

Result<FilingReceipt> verify_filing_receipt(
    const directory::Directory& directory, std::string_view receipt, std::string_view filing) {
    TRY(const auto jws, crypto::parse_jws(receipt, limits::act_seal_bytes));
    if (jws.signatures.size() != 1)
        return refuse(Code::seal_malformed, say("a receipt has one signature"));
    const auto& seal = jws.signatures.front();
    TRY_VOID(crypto::verify_jws(seal));
    TRY(const auto object, json::parse_object(jws.payload, limits::act_header_bytes));
    json::Reader in{object, "receipt"};
    const auto format = in.string("comity");
    FilingReceipt out;
    out.federation = in.string("federation");
    out.by = ParticipantId(in.string("by"));
    out.to = ParticipantId(in.string("to"));
    const auto hash = digest_from_text(in.string("filing"));
    const auto time = instant_from(in.string("time"));
    TRY_VOID(in.done());
    if (format != "filing-receipt/1" || !hash || !time || seal.type != filing_receipt_type)
        return refuse(
            Code::protocol_unsupported, say("the receipt is not of version filing-receipt/1"));
    if (out.federation != directory.federation())
        return refuse(Code::federation_other, out.federation);
    if (*hash != crypto::sha256(filing))
        return refuse(Code::part_hash, say("the receipt is for another filing"));
    out.filing = *hash;
    out.time = *time;
    TRY_VOID(directory::check_seal(
        directory, seal.certificate, {out.by, {}, {}, seal.signed_at, out.time}));
    return out;
}

} // namespace comity::node
