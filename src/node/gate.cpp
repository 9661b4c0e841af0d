// The gate, step by step. Each step is one function; pass_gate calls them in the order that
// docs/refusals.md lists. Steps read a snapshot of the case; the last one, inside the store's
// writer, checks that nothing was admitted since and then writes everything at once.
#include "node/gate.hpp"

#include "assess/assess.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/said_list.hpp"
#include "crypto/cms.hpp"
#include "crypto/hash.hpp"
#include "directory/capability.hpp"
#include "evidence/manifest.hpp"
#include "node/assess_act.hpp"
#include "node/check_rights.hpp"
#include "node/commit_obligations.hpp"
#include "node/count_cases.hpp"
#include "node/effects.hpp"
#include "node/statistics.hpp"
#include "node/tell_systems.hpp"
#include "node/worklist.hpp"
#include "record/leaf.hpp"

#include <algorithm>
#include <semaphore>
#include <thread>

namespace comity::node {

namespace {

using DirectoryPtr = std::shared_ptr<const directory::Directory>;

/// What the steps hand on to one another.
struct Passing {
    Node& node;
    Way way;
    const act::Envelope& envelope;
    DirectoryPtr directory;
    act::Sealed act;
    Instant admitted;     ///< now, or the keeper's time
    casefile::Case state; ///< before the act
    std::shared_ptr<const procedure::Graph> graph;
    bool invited = false; ///< fetched, because a later act of the case draws us in
    bool opening = false;
    json::Object fields; ///< what this node may read of the body
    bool all_fields = false;
    std::optional<assess::Request> asked; ///< what the fields of a request ask for, read once
    std::optional<Digest> approved_by;    ///< the roll entry whose passkey approved it
};

// Repetition: the act is here already.
struct Seen {
    std::string receipt;
    std::int64_t sequence = 0;
};

// ---- seal

Result<void> check_times(const Passing& in, Instant now) {
    const auto& header = in.act.header;
    const Instant sealed_at = in.act.seal.signed_at;
    const auto slack = limits::clock_difference;
    if (header.time > now + slack || sealed_at > now + slack)
        return refuse(
            Code::time_unbelievable, say("the act is dated {}, here it is {}", header.time, now));
    if (sealed_at + slack < header.time || sealed_at > header.time + limits::draft_age)
        return refuse(
            Code::time_unbelievable,
            say("the act is dated {} and sealed at {}", header.time, sealed_at));
    if (in.way != Way::follower && header.time + limits::act_age < now)
        return refuse(
            Code::time_unbelievable, say("the act is dated {}, over {} days ago", header.time,
                                         limits::act_age.count() / 24));
    return {};
}

Result<void> check_seal(Passing& in) {
    TRY_VOID(crypto::verify_jws(in.act.seal));
    const auto& header = in.act.header;
    if (header.federation != in.directory->federation())
        return refuse(
            Code::federation_other, say("the act is of {}, this node of {}", header.federation,
                                        in.directory->federation()));
    const Instant now = in.node.now();
    if (in.directory->expires() <= now)
        return refuse(
            Code::directory_expired, say("directory version {} expired at {}",
                                         in.directory->version(), in.directory->expires()));
    TRY_VOID(directory::check_seal(
        *in.directory, in.act.seal.certificate,
        {header.performer, header.office, header.role, in.act.seal.signed_at, in.admitted}));
    return check_times(in, now);
}

// ---- address and repetition

bool oversees(const Passing& in, const ParticipantId& participant) {
    const auto* body = in.directory->find(participant);
    if (!body || body->kind != directory::Kind::oversight) return false;
    for (const std::string_view side : {"requesting", "requested", "third"})
        for (const auto& id : casefile::participants_of_side(in.state, side)) {
            const auto* country = in.directory->find(id);
            if (country &&
                std::find(body->oversees.begin(), body->oversees.end(), country->country) !=
                    body->oversees.end())
                return true;
        }
    return false;
}

// The kinds of the parties a case opens with: two authorities of different countries, a provider.
Result<void> check_opening(const Passing& in) {
    const auto& opening = *in.act.header.opening;
    const auto kind_of = [&](const ParticipantId& id, directory::Kind kind) -> Result<void> {
        const auto* participant = in.directory->find(id);
        if (!participant || participant->kind != kind)
            return refuse(
                Code::header_malformed,
                kind == directory::Kind::provider
                    ? say("opening: {} is no provider of the directory", id.str())
                    : say("opening: {} is no authority of the directory", id.str()));
        return {};
    };
    TRY_VOID(kind_of(opening.requesting, directory::Kind::authority));
    TRY_VOID(kind_of(opening.requested, directory::Kind::authority));
    TRY_VOID(kind_of(opening.provider, directory::Kind::provider));
    for (const auto& third : opening.third)
        TRY_VOID(kind_of(third, directory::Kind::authority));
    // Not asked by a follower: its directory may have changed since the case was opened.
    if (in.way != Way::follower)
        TRY_VOID(directory::check_holds(*in.directory->find(opening.provider), opening.category));
    const auto* requesting = in.directory->find(opening.requesting);
    const auto* office = directory::find_office(*requesting, opening.recipient);
    if (!office || !directory::current(office->sealing, in.admitted))
        return refuse(
            Code::recipient_unregistered,
            say("{} has no office {} with a sealing certificate in force", opening.requesting.str(),
                opening.recipient.str()));
    return {};
}

Result<void> check_receipt(Passing& in) {
    TRY(const auto sealed, act::parse_receipt(in.envelope.receipt));
    TRY_VOID(crypto::verify_jws(sealed.seal));
    const auto& receipt = sealed.receipt;
    if (receipt.act != in.act.hash || receipt.case_id != in.act.header.case_id ||
        receipt.sequence != in.act.header.sequence ||
        receipt.federation != in.act.header.federation)
        return refuse(Code::envelope_malformed, say("the receipt is for another act"));
    if (receipt.keeper != in.state.keeper)
        return refuse(
            Code::not_keeper, say("{} keeps the case, the receipt is by {}", in.state.keeper.str(),
                                  receipt.keeper.str()));
    TRY_VOID(directory::check_seal(
        *in.directory, sealed.seal.certificate,
        {receipt.keeper, {}, {}, sealed.seal.signed_at, receipt.time}));
    if (receipt.time > in.node.now() + limits::clock_difference)
        return refuse(Code::time_unbelievable, say("the receipt is dated {}", receipt.time));
    in.admitted = receipt.time;
    return {};
}

Result<void> check_sequence(const Passing& in, StoreReader& reader) {
    const auto& header = in.act.header;
    if (header.sequence < in.state.next_sequence)
        return refuse(
            Code::sequence_taken,
            say("number {} of case {} is taken; the next is {}", header.sequence,
                header.case_id.str(), in.state.next_sequence));
    if (header.sequence > in.state.next_sequence)
        return refuse(
            Code::sequence_ahead, say("number {} of case {}; the next here is {}", header.sequence,
                                      header.case_id.str(), in.state.next_sequence));
    if (header.sequence == 1) return {};
    if (std::find(header.after.begin(), header.after.end(), in.state.last) == header.after.end())
        return refuse(
            Code::builds_on_unknown, say("the act before it is not among those it builds on"));
    for (const auto& hash : header.after) {
        const auto row = hash == in.state.last ? std::optional<ActRow>{} : reader.find_act(hash);
        if (hash != in.state.last && (!row || row->case_id != header.case_id))
            return refuse(Code::builds_on_unknown, say("{} is no act of this case", text(hash)));
    }
    if (header.time + limits::clock_difference < in.state.last_admitted)
        return refuse(
            Code::time_unbelievable,
            say("the act is dated {}, the one before it was admitted at {}", header.time,
                in.state.last_admitted));
    return {};
}

Result<void> find_state(Passing& in, StoreReader& reader) {
    const auto& header = in.act.header;
    auto state = find_case(in.node, reader, header.case_id);
    in.opening = !state.has_value();
    if (!state && header.sequence != 1)
        return refuse(Code::case_unknown, say("case {}", header.case_id.str()));
    if (!state) {
        const auto parameters = casefile::parameters(*header.opening);
        in.graph = in.node.law().graph(header.procedure, parameters);
        if (!in.graph) return refuse(Code::procedure_unknown, header.procedure);
        in.state = casefile::open_case(header, *in.graph);
        TRY_VOID(check_opening(in));
    } else {
        in.state = std::move(*state);
        in.graph = graph_of(in.node, in.state);
        // When the case comes to another keeper, that node's clock may be a little behind the one
        // before it: admissions follow one another all the same.
        if (in.way != Way::follower) in.admitted = std::max(in.admitted, in.state.last_admitted);
    }
    return {};
}

Result<void> check_address(Passing& in, StoreReader& reader) {
    const auto& header = in.act.header;
    TRY_VOID(find_state(in, reader));
    const auto& self = in.node.self();
    if (!in.invited && !casefile::names(in.state, self) && !oversees(in, self) &&
        !draws_in(*in.directory, header, self))
        return refuse(
            Code::not_addressed,
            say("{} takes no part in case {}", self.str(), header.case_id.str()));
    // Acts before this one are still on their way, and the case may have come to another keeper
    // with one of them: that can only be judged when they are here.
    if (in.way == Way::follower && header.sequence > in.state.next_sequence)
        return check_sequence(in, reader);
    if (header.keeper != in.state.keeper)
        return refuse(
            Code::not_keeper, say("{} keeps the case, the act was signed for {}",
                                  in.state.keeper.str(), header.keeper.str()));
    if (in.way == Way::keeper && in.state.keeper != self)
        return refuse(Code::not_keeper, say("{} keeps the case", in.state.keeper.str()));
    if (header.law_pack != in.node.law().pack().digest())
        return refuse(
            Code::law_pack_other, say("the act was made under pack {}, this node has {}",
                                      header.law_pack, in.node.law().pack().digest()));
    if (header.law_pack != in.state.law_pack || header.procedure != in.state.procedure)
        return refuse(
            Code::law_pack_other,
            say("the case follows {} under pack {}", in.state.procedure, in.state.law_pack));
    if (in.way == Way::follower) TRY_VOID(check_receipt(in));
    return check_sequence(in, reader);
}

// ---- body

bool reads(const act::PartRef& part, const ParticipantId& self) {
    return std::binary_search(part.readers.begin(), part.readers.end(), self);
}

casefile::Case with_joining(casefile::Case state, const ParticipantId& joining) {
    state.consulted.push_back(joining);
    return state;
}

Result<void> check_readers(const Passing& in, const act::PartRef& part, BytesView sealed) {
    const auto& header = in.act.header;
    // A country that joins with this act reads its part already.
    const auto expected =
        header.joining
            ? readers_of(
                  *in.directory, with_joining(in.state, *header.joining), part.audience,
                  header.performer, header.time)
            : readers_of(*in.directory, in.state, part.audience, header.performer, header.time);
    std::vector<crypto::Certificate> certificates;
    std::vector<ParticipantId> names;
    for (const auto& reader : expected) {
        names.push_back(reader.participant);
        certificates.push_back(reader.sealing);
    }
    if (names != part.readers)
        return refuse(
            Code::part_audience,
            say("the part for {} names {} readers, its audience has {}",
                listed_names("side", part.audience), part.readers.size(), names.size()));
    TRY(const auto matches, crypto::recipients_match(sealed, certificates));
    if (std::find(matches.begin(), matches.end(), false) != matches.end())
        return refuse(
            Code::part_audience, say("the sealed part is not encrypted to each of its readers"));
    return {};
}

const law::Form* form_of(const Passing& in) {
    const auto index = in.graph->find(in.act.header.act);
    if (!index || in.graph->act(*index).form.empty()) return nullptr;
    return in.node.law().pack().form(in.graph->act(*index).form);
}

Result<void> check_body(Passing& in) {
    const auto& header = in.act.header;
    const auto& self = in.node.self();
    for (const auto& [place, sealed] : in.envelope.parts)
        if (place >= header.parts.size())
            return refuse(Code::part_unexpected, say("part {} of {}", place, header.parts.size()));
    const law::Form* form = form_of(in);
    std::vector<law::PartPlan> opened;
    for (std::size_t i = 0; i < header.parts.size(); ++i) {
        const auto& part = header.parts[i];
        const auto sealed = in.envelope.parts.find(i);
        // The keeper needs every part to pass it on; others need theirs.
        const bool needed = reads(part, self) || in.way != Way::follower;
        if (sealed == in.envelope.parts.end()) {
            if (needed)
                return refuse(
                    Code::part_missing,
                    say("part {} for {}", i, listed_names("side", part.audience)));
            continue;
        }
        TRY_VOID(act::check_sealed(part, sealed->second));
        TRY_VOID(check_readers(in, part, sealed->second));
        if (!reads(part, self)) continue;
        TRY(auto body, act::open_checked_part(
                           part, sealed->second, header.act,
                           {in.node.keys().sealing.key, in.node.keys().sealing.certificate}));
        if (!form || body.form != form->id())
            return refuse(
                Code::form_unknown, say("{} has no form {}", Said::act(header.act), body.form));
        opened.push_back({std::move(body.audience), std::move(body.fields)});
    }
    in.all_fields = opened.size() == header.parts.size();
    if (!form) {
        if (!header.parts.empty())
            return refuse(
                Code::form_unknown, say("{} has no form and needs no body", Said::act(header.act)));
        return {};
    }
    TRY(auto fields, law::merge(*form, std::move(opened)));
    json::adopt(in.fields, std::move(fields));
    return {};
}

// ---- form

Result<void> check_dates(const Passing& in) {
    for (const auto& [name, at] : in.act.header.dates) {
        const auto* value = in.fields.if_contains(name);
        if (!value) {
            if (in.all_fields)
                return refuse(Code::date_mismatch, say("the form does not state {}", name));
            continue;
        }
        if (!value->is_string() || date_in_form(std::string_view(value->as_string())) != at)
            return refuse(Code::date_mismatch, say("{} is {} in the header", name, at));
    }
    return {};
}

Result<void> check_form(const Passing& in) {
    const law::Form* form = form_of(in);
    if (!form) return {};
    const bool whole = in.all_fields;
    const std::string side = casefile::side_of(in.state, in.node.self());
    if (whole)
        TRY_VOID(form->validate(in.fields));
    else if (!side.empty())
        TRY_VOID(form->validate(in.fields, side));
    return check_dates(in);
}

// ---- approval and four eyes

Result<void> check_approval(Passing& in) {
    const auto& header = in.act.header;
    const auto& approval = in.act.approval;
    if (header.person.empty()) {
        if (approval)
            return refuse(
                Code::approval_malformed, say("the act names no person and carries an approval"));
        return {};
    }
    if (!approval)
        return refuse(
            Code::approval_missing, say("{} by {}", Said::act(header.act), header.person.str()));
    auto entry = directory::check_approval(
        *in.directory, *approval,
        {header.performer, header.person, header.office, header.role, in.act.seal.signed_at,
         act::approval_challenge(in.act.header_bytes)},
        in.node.chain_memory());
    if (!entry) return tl::unexpected(entry.error());
    in.approved_by = (*entry)->hash;
    // Our own people: the roll here knows first when somebody has left.
    if (header.performer == in.node.self()) {
        std::optional<RollRow> row;
        in.node.store().read([&](StoreReader& reader) { row = reader.find_roll((*entry)->hash); });
        if (!row)
            return refuse(
                Code::approval_roll_entry, say("the entry does not stand on this node's roll"));
        if (row->ended)
            return refuse(Code::approval_revoked, say("{} has left the roll", header.person.str()));
    }
    return casefile::check_four_eyes(in.state, header);
}

// ---- findings

// The acts whose findings compare grids of earlier acts.
constexpr std::array<std::string_view, 4> grid_acts = {"authorise", "order", "produce", "release"};

ActToAssess to_assess(const Passing& in) {
    return {*in.directory, in.state,
            in.act.header, in.fields,
            in.admitted,   in.way != Way::follower,
            nullptr,       in.asked ? &*in.asked : nullptr};
}

Result<void> check_findings(Passing& in, StoreReader& reader) {
    const auto& header = in.act.header;
    if (header.act == "request") in.asked = assess::read_request(in.fields);
    // Opening earlier acts costs a key agreement a part: only those that findings look at.
    const bool looks = std::find(grid_acts.begin(), grid_acts.end(), header.act) != grid_acts.end();
    const auto fields = [&](std::string_view kind) {
        return looks ? readable_fields(in.node, reader, header.case_id, kind) : std::nullopt;
    };
    const auto request = fields("request");
    const auto authorisation = fields("authorise");
    const auto order = fields("order");
    const auto production = fields("produce");
    const auto request_act = in.state.latest.find("request");
    const std::string request_hash =
        request_act == in.state.latest.end() ? "" : text(request_act->second);
    assess::Context context;
    context.today = in.admitted;
    context.fields = &in.fields;
    context.request = request ? &*request : nullptr;
    context.request_hash = request_hash;
    context.authorisation = authorisation ? &*authorisation : nullptr;
    context.order = order ? &*order : nullptr;
    context.production = production ? &*production : nullptr;
    context.has_order = in.graph->find("order").has_value();
    TRY_VOID(assess::admit(header.act, context));
    auto question = to_assess(in);
    question.request = context.request; // opened once
    TRY_VOID(assess_act(in.node, reader, question));
    const ActInCase act{in.state, header, in.fields, *in.graph};
    TRY_VOID(check_rights(in.node, reader, act, {*in.directory, in.admitted, in.all_fields}));
    return check_evidence(in.node, reader, act);
}

// ---- the transaction

// What is written besides the act itself, made before the transaction: all acts go through the one
// writer, and what can be worked out without it does not keep the others waiting.
struct Books {
    CaseRow row;
    WorkRow work;
    std::vector<std::string> counters;
    Marks marks;
};

Books books_of(const Passing& in, const casefile::Case& next) {
    Books out{
        case_row(in.node, next, *in.graph, in.admitted),
        work_row(in.node, next, *in.graph, *in.directory, in.fields),
        {},
        marks_of(in.node, to_assess(in))};
    out.counters = counters_of(
        in.node, out.work,
        {in.opening ? nullptr : &in.state, next, *in.graph, &in.act.header, &in.fields});
    return out;
}

void put_books(StoreWriter& writer, const Books& books) {
    writer.put_work(books.work);
    for (const auto& name : books.counters)
        writer.count(name, 1);
    if (books.marks.ended) writer.remove_pending_marks(books.row.id);
    for (const auto& mark : books.marks.made)
        writer.add_mark(mark);
}

std::string receipt_of(const Passing& in, std::int64_t leaf) {
    const auto& header = in.act.header;
    return act::sign_receipt(
        {header.federation, header.case_id, in.act.hash, header.sequence, in.node.self(),
         in.admitted, in.directory->find(in.node.self())->record.origin, leaf,
         in.admitted + in.node.settings().record_promise},
        in.node.signer());
}

Passage commit(Passing& in, const casefile::Case& next) {
    Passage out{
        in.envelope.receipt, false, in.act.hash, in.act.header.case_id, in.act.header.sequence};
    const Bytes nonce = crypto::random_bytes(record::act_nonce_bytes);
    const Bytes entry = record::act_leaf(nonce, in.act.header_bytes);
    const Books books = books_of(in, next);
    in.node.store().write([&](StoreWriter& writer) {
        // The only check that needs the writer: that no other act took the number meanwhile.
        const auto row = writer.find_case(in.act.header.case_id);
        const bool taken = (row ? row->next_sequence : 1) != in.act.header.sequence;
        out.sequence = taken ? 0 : in.act.header.sequence;
        if (taken) return;
        // Point of no return: from here on everything is written, and becomes durable at once.
        const std::int64_t leaf = writer.add_leaf(entry);
        if (in.way == Way::keeper) out.receipt = receipt_of(in, leaf);
        writer.put_case(books.row);
        const Settling settling{in.act.header.act, in.act.header_bytes, nonce, next, *in.graph};
        commit_obligations(in.node, writer, settling);
        commit_tally(in.node, writer, settling, in.fields);
        announce(in.node, writer, books.work);
        put_books(writer, books);
        writer.add_act(
            {in.act.hash, in.act.header.case_id, in.act.header.sequence, in.act.header.act,
             in.act.text, out.receipt, in.admitted, nonce, leaf,
             in.act.seal.certificate.fingerprint(), in.approved_by});
        for (const auto& [place, sealed] : in.envelope.parts)
            writer.put_part(in.act.hash, place, sealed);
        if (in.way == Way::keeper)
            queue_for_participants(
                in.node, writer,
                {*in.directory, in.state, next, in.act.header, in.act.hash,
                 in.act.header.performer});
        const ActInCase act{in.state, in.act.header, in.fields, *in.graph};
        apply_evidence(in.node, writer, act, next, in.act.hash);
        apply_rights(in.node, writer, *in.directory, act, in.admitted);
        // What was submitted elsewhere comes back with the keeper's receipt.
        if (in.way == Way::follower) settle_submission(writer, in.act.hash);
    });
    return out;
}

// Checking is work for processors, and nothing in it waits for other acts. More acts at once than
// there are processors would only push one another out of the caches, and keep the store's writer
// waiting for its turn.
class Turn {
public:
    Turn() { turns().acquire(); }

    ~Turn() { turns().release(); }

    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    static std::counting_semaphore<>& turns() {
        static std::counting_semaphore<> all(
            static_cast<std::ptrdiff_t>(std::max(2U, std::thread::hardware_concurrency())));
        return all;
    }
};

std::optional<Seen> already_here(StoreReader& reader, const Digest& hash) {
    if (const auto row = reader.find_act(hash)) return Seen{row->receipt, row->sequence};
    return std::nullopt;
}

// Steps three to eight, on one consistent view.
Result<casefile::Case> check_all(Passing& in, StoreReader& reader) {
    TRY_VOID(check_address(in, reader));
    TRY_VOID(check_body(in));
    TRY_VOID(check_form(in));
    TRY_VOID(check_approval(in));
    TRY_VOID(casefile::check_procedure(
        in.state, *in.graph, {in.act.header, in.admitted, oversees(in, in.act.header.performer)}));
    TRY_VOID(check_findings(in, reader));
    return casefile::perform(in.state, *in.graph, in.act.header, in.act.hash, in.admitted);
}

} // namespace

Result<Passage> pass_gate(Node& node, const act::Envelope& envelope, Way way, bool invited) {
    TRY(auto directory, node.directory());
    TRY(auto sealed, act::parse_sealed(envelope.seal));
    Passing in{
        node,
        way,
        envelope,
        std::move(directory),
        std::move(sealed),
        node.now(),
        {},
        nullptr,
        invited,
        false,
        {},
        false,
        {},
        {}};
    if (way == Way::follower && envelope.receipt.empty())
        return refuse(
            Code::envelope_malformed,
            say("an act that the keeper passes on comes with the keeper's receipt"));
    TRY_VOID(check_seal(in));
    std::optional<Seen> seen;
    Result<casefile::Case> next = refuse(Code::case_unknown, "");
    {
        const Turn turn;
        node.store().read([&](StoreReader& reader) {
            seen = already_here(reader, in.act.hash);
            if (!seen) next = check_all(in, reader);
        });
    }
    if (seen)
        return Passage{seen->receipt, true, in.act.hash, in.act.header.case_id, seen->sequence};
    if (!next) return tl::unexpected(next.error());
    if (way == Way::rehearsal)
        return Passage{{}, false, in.act.hash, in.act.header.case_id, in.act.header.sequence};
    Passage passage = commit(in, *next);
    if (passage.sequence != 0) return passage;
    // Another act took the number between the check and the writer; or this very act did.
    node.store().read([&](StoreReader& reader) { seen = already_here(reader, in.act.hash); });
    if (seen)
        return Passage{seen->receipt, true, in.act.hash, in.act.header.case_id, seen->sequence};
    return refuse(
        Code::sequence_taken, say("number {} of case {} was taken just now", in.act.header.sequence,
                                  in.act.header.case_id.str()));
}

bool draws_in(
    const directory::Directory& directory, const act::Header& header,
    const ParticipantId& participant) {
    if (!header.joining) return false;
    if (*header.joining == participant) return true;
    const auto* country = directory.find(*header.joining);
    if (!country) return false;
    const auto bodies = directory.oversight_of(country->country);
    return std::any_of(
        bodies.begin(), bodies.end(), [&](const auto* body) { return body->id == participant; });
}

std::optional<json::Object> readable_fields(Node& node, StoreReader& reader, const ActRow& row) {
    const auto sealed = act::parse_sealed(row.seal);
    if (!sealed) throw Fault("a stored act is not readable: " + sealed.error().facts.text());
    const auto& header = sealed->header;
    json::Object out;
    bool any = header.parts.empty();
    for (std::size_t i = 0; i < header.parts.size(); ++i) {
        if (!reads(header.parts[i], node.self())) continue;
        const auto bytes = reader.part(row.hash, i);
        if (!bytes) continue; // destroyed: that it existed is all that is left
        const auto part = act::open_part(
            header.parts[i], *bytes, header.act,
            {node.keys().sealing.key, node.keys().sealing.certificate});
        if (!part) throw Fault("a stored part does not open: " + part.error().facts.text());
        for (const auto& member : part->fields)
            out[member.key()] = member.value();
        any = true;
    }
    if (!any) return std::nullopt;
    return out;
}

std::optional<json::Object> readable_fields(
    Node& node, StoreReader& reader, const CaseId& id, std::string_view kind) {
    const auto state = find_case(node, reader, id);
    if (!state) return std::nullopt;
    const auto latest = state->latest.find(std::string(kind));
    if (latest == state->latest.end()) return std::nullopt;
    const auto row = reader.find_act(latest->second);
    if (!row) return std::nullopt;
    return readable_fields(node, reader, *row);
}

std::vector<act::Reader> readers_of(
    const directory::Directory& directory, const casefile::Case& state,
    const std::vector<std::string>& audience, const ParticipantId& performer, Instant when) {
    std::map<ParticipantId, crypto::Certificate> readers;
    const auto add = [&](const ParticipantId& id) {
        const auto* participant = directory.find(id);
        const auto* certificate =
            participant ? directory::current(participant->sealing, when) : nullptr;
        if (certificate) readers.emplace(id, *certificate);
    };
    for (const auto& side : audience)
        for (const auto& id : casefile::participants_of_side(state, side))
            add(id);
    if (const auto* own = directory.find(performer))
        for (const auto* body : directory.oversight_of(own->country))
            add(body->id);
    std::vector<act::Reader> out;
    for (auto& [id, certificate] : readers)
        out.push_back({id, certificate});
    return out;
}

std::vector<ParticipantId> participants_of(
    const directory::Directory& directory, const casefile::Case& state) {
    std::set<ParticipantId> out;
    for (const auto& side : state.joined)
        for (const auto& id : casefile::participants_of_side(state, side)) {
            out.insert(id);
            const auto* participant = directory.find(id);
            if (participant && participant->kind == directory::Kind::authority)
                for (const auto* body : directory.oversight_of(participant->country))
                    out.insert(body->id);
        }
    return {out.begin(), out.end()};
}

} // namespace comity::node
