// The question to one node, the proof of each answer, and the table over both.
#include "node/compare_records.hpp"

#include "act/seal.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/gate.hpp"
#include "node/oversee.hpp"
#include "node/watch_records.hpp"
#include "record/leaf.hpp"
#include "record/tiles.hpp"
#include "record/tree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

constexpr std::array<std::string_view, 4> standings{"stands", "not_yet", "missing", "unknown"};

// ---- what is asked about

/// An act as this node holds it.
struct HeldAct {
    SeenAct seen;
    Bytes header;
    Instant by; ///< when it is late
};

struct HeldCase {
    CaseId id;
    std::vector<HeldAct> acts; ///< of the period
    std::set<Digest> all;      ///< of any time
    std::optional<CancelledCase> cancelled;
};

bool takes_part(const std::vector<ParticipantId>& all, const ParticipantId& id) {
    return std::find(all.begin(), all.end(), id) != all.end();
}

HeldAct held(StoreReader& reader, const SeenAct& seen) {
    HeldAct out{seen, {}, seen.admitted + limits::inclusion_time};
    const auto row = reader.find_act(seen.hash);
    if (!row) throw Fault("an act of a case is not there");
    auto sealed = act::parse_sealed(row->seal);
    if (!sealed) throw Fault("a stored act is not readable: " + sealed.error().facts.text());
    out.header = std::move(sealed->header_bytes);
    // The keeper has promised by when; where that is later, it is not late before.
    if (const auto receipt = act::parse_receipt(row->receipt))
        out.by = std::max(out.by, receipt->receipt.record_by);
    return out;
}

Result<std::vector<HeldCase>> common_cases(
    Node& node, const directory::Directory& directory, const ComparisonOrder& order) {
    std::vector<HeldCase> out;
    for (const auto& seen : seen_cases(node)) {
        const auto parties = participants_of(directory, seen.state);
        if (!takes_part(parties, order.first) || !takes_part(parties, order.second)) continue;
        HeldCase one{seen.state.id, {}, {}, {}};
        node.store().read([&](StoreReader& reader) {
            for (const auto& act : seen.acts) {
                one.all.insert(act.hash);
                if (act.kind == "withdraw")
                    one.cancelled = CancelledCase{seen.state.id, act.performer, act.admitted};
                if (act.admitted >= order.from && act.admitted < order.until)
                    one.acts.push_back(held(reader, act));
            }
        });
        if (one.acts.empty()) continue;
        if (out.size() == limits::compared_cases)
            return refuse(
                Code::too_large,
                say("they had more than {} cases together in this period", limits::compared_cases));
        out.push_back(std::move(one));
    }
    return out;
}

// ---- what one node says, and whether it is so

class Told {
public:
    Told(Node& node, const ParticipantId& participant)
        : node_(node),
          participant_(participant),
          tiles_([this](const record::TileId& id) { return tile(id); }, view_of().checkpoint.size) {
        record_.participant = participant;
        record_.size = view_.checkpoint.size;
        record_.read = view_.read;
        if (view_.state != RecordView::State::good)
            record_.problem =
                view_.problem.empty() ? say("its record was not read yet") : view_.problem;
        else if (view_.note.empty())
            record_.problem = say("its record was not read yet");
    }

    Told(const Told&) = delete;
    Told& operator=(const Told&) = delete;
    ~Told() = default;

    [[nodiscard]] const ComparedRecord& record() const { return record_; }

    /// The places it names, by act; nothing when it does not answer. One that it refuses to name is
    /// an act that does not stand there: it knows this body as one that takes part.
    std::optional<std::map<Digest, ActPlace>> places(const CaseId& id) {
        std::map<Digest, ActPlace> out;
        std::int64_t after = 0;
        while (record_.problem.empty()) {
            Said problem;
            const auto answer = node_.peers().call(
                participant_,
                {"GET",
                 fmt::format("/exchange/v1/cases/{}/leaves?after={}", id.str(), after),
                 {},
                 {},
                 ""},
                problem);
            if (answer && answer->status == 404 && knows_nothing(answer->body)) return out;
            if (!answer || answer->status != 200) {
                record_.problem = say("its node does not answer");
                break;
            }
            const auto page = read_places(answer->body);
            if (!page) {
                record_.problem = page.error().facts;
                break;
            }
            for (const auto& place : *page) {
                if (place.sequence <= after) {
                    record_.problem = say("it answers out of order");
                    return std::nullopt;
                }
                after = place.sequence;
                out.emplace(place.hash, place);
            }
            if (page->size() < limits::leaves_at_once) return out;
        }
        return std::nullopt;
    }

    /// Whether the leaf at that place is the commitment to this act, under the checkpoint followed.
    Standing standing(const HeldAct& act, const std::map<Digest, ActPlace>& places) {
        const Standing absent = node_.now() < act.by ? Standing::not_yet : Standing::missing;
        const auto place = places.find(act.seen.hash);
        if (place == places.end()) return absent;
        const auto& at = place->second;
        const auto index = static_cast<std::uint64_t>(at.leaf);
        if (index >= view_.checkpoint.size) return absent;
        if (at.nonce.size() != record::act_nonce_bytes) return Standing::missing;
        const auto path = record::inclusion_path(index, view_.checkpoint.size, tiles_.reader());
        if (!path) {
            record_.problem = say("it does not show its record");
            return Standing::unknown;
        }
        const auto leaf = crypto::merkle_leaf(record::act_leaf(at.nonce, act.header));
        return record::verify_inclusion(
                   leaf, index, view_.checkpoint.size, *path, view_.checkpoint.root)
                   ? Standing::stands
                   : Standing::missing;
    }

private:
    // Made before the cache, which is of the size that the visit has found.
    const RecordView& view_of() {
        watch_record(node_, participant_);
        for (auto& view : watched_records(node_))
            if (view.participant == participant_) view_ = std::move(view);
        return view_;
    }

    Result<Bytes> tile(const record::TileId& id) {
        constexpr std::size_t most = record::tile_width * sizeof(Digest);
        const auto wanted = id.width * sizeof(Digest);
        for (const unsigned width : {id.width, record::tile_width}) {
            auto of = id;
            of.width = width;
            Said problem;
            auto answer = node_.peers().call(
                participant_, {"GET", "/record/" + of.path(), {}, {}, ""}, problem);
            if (!answer || answer->status != 200 || answer->body.size() > most ||
                answer->body.size() < wanted)
                continue; // the partial one may be gone when it is full
            answer->body.resize(wanted);
            return std::move(answer->body);
        }
        return refuse(Code::not_found, say("it does not show {}", id.path()));
    }

    // The refusal, and not that a program of before does not know the question.
    static bool knows_nothing(std::string_view body) {
        const auto object = json::parse_object(body, limits::act_header_bytes);
        const auto* code = object ? object->if_contains("code") : nullptr;
        return code && code->is_string() &&
               std::string_view(code->as_string()) == refusal_entry(Code::not_found).name;
    }

    static Result<std::vector<ActPlace>> read_places(std::string_view body) {
        TRY(const auto object, json::parse_object(body, limits::catch_up_bytes));
        json::Reader in{object, "leaves"};
        const auto& list = in.array("acts");
        std::vector<ActPlace> out;
        for (const auto& item : list) {
            if (!item.is_object())
                return refuse(Code::json_malformed, say("its answer is no list"));
            json::Reader row{item.as_object(), "act"};
            ActPlace place;
            place.sequence = row.integer("sequence");
            const auto hash = digest_from_text(row.string("hash"));
            place.leaf = row.integer("leaf");
            const auto nonce = from_base64url(row.string("nonce"));
            TRY_VOID(row.done());
            if (!hash || !nonce || place.leaf < 0)
                return refuse(Code::json_malformed, say("its answer is no list"));
            place.hash = *hash;
            place.nonce = *nonce;
            out.push_back(std::move(place));
        }
        TRY_VOID(in.done());
        if (out.size() > limits::leaves_at_once)
            return refuse(Code::too_large, say("its answer is longer than was asked"));
        return out;
    }

    Node& node_;
    const ParticipantId participant_;
    RecordView view_;
    record::TileCache tiles_;
    ComparedRecord record_;
};

// ---- the table

void count(ComparedCount& of, Standing first, Standing second) {
    if (first == Standing::unknown || second == Standing::unknown)
        ++of.unknown;
    else if (first == Standing::not_yet || second == Standing::not_yet)
        ++of.not_yet;
    else if (first == Standing::stands)
        ++(second == Standing::stands ? of.both : of.first_only);
    else
        ++(second == Standing::stands ? of.second_only : of.neither);
}

using Places = std::optional<std::map<Digest, ActPlace>>;

// What one of them names and this node does not hold: on its way here, or kept from it.
void find_strangers(
    const HeldCase& held, const Places& first, const Places& second, Comparison& out) {
    std::map<Digest, ComparedAct> found;
    const auto look = [&](const Places& places, Standing ComparedAct::* side) {
        if (!places) return;
        for (const auto& [hash, place] : *places) {
            if (held.all.contains(hash)) continue;
            auto& act = found[hash];
            act.case_id = held.id;
            act.hash = hash;
            act.sequence = place.sequence;
            act.*side = Standing::stands;
        }
    };
    look(first, &ComparedAct::first);
    look(second, &ComparedAct::second);
    for (auto& [hash, act] : found) {
        if (first && act.first != Standing::stands) act.first = Standing::missing;
        if (second && act.second != Standing::stands) act.second = Standing::missing;
        if (out.strangers.size() < limits::compared_shown) out.strangers.push_back(std::move(act));
    }
}

void compare_case(const HeldCase& held, Told& first, Told& second, Comparison& out) {
    const auto at_first = first.places(held.id);
    const auto at_second = second.places(held.id);
    for (const auto& act : held.acts) {
        ComparedAct row{
            held.id,
            act.seen.sequence,
            act.seen.kind,
            act.seen.hash,
            act.seen.performer,
            act.seen.admitted,
            at_first ? first.standing(act, *at_first) : Standing::unknown,
            at_second ? second.standing(act, *at_second) : Standing::unknown};
        count(out.counts[act.seen.kind], row.first, row.second);
        if (row.first == Standing::stands && row.second == Standing::stands) continue;
        out.differences.push_back(std::move(row));
    }
    find_strangers(held, at_first, at_second, out);
    if (held.cancelled) out.cancelled.push_back(*held.cancelled);
}

json::Object print_record(const ComparedRecord& record, std::string_view language) {
    json::Object out{{"participant", record.participant.str()}, {"checkpoint_size", record.size}};
    if (record.read != Instant{}) out["read"] = to_text(record.read);
    if (!record.problem.empty()) out["problem"] = record.problem.in(language);
    return out;
}

json::Object print_act(const ComparedAct& act) {
    json::Object out{
        {"case", act.case_id.str()},
        {"sequence", act.sequence},
        {"hash", text(act.hash)},
        {"first", name_of(act.first)},
        {"second", name_of(act.second)}};
    if (act.kind.empty()) return out;
    out["act"] = act.kind;
    out["performer"] = act.performer.str();
    out["admitted"] = to_text(act.admitted);
    return out;
}

} // namespace

Result<void> check_order(
    const Node& node, const directory::Directory& directory, const ComparisonOrder& order) {
    const auto* self = directory.find(node.self());
    if (!self || self->kind != directory::Kind::oversight)
        return refuse(Code::not_allowed, say("this is asked by an oversight body alone"));
    for (const auto& id : {order.first, order.second})
        if (id == node.self() || !directory.find(id))
            return refuse(Code::not_found, say("no other participant {}", id.str()));
    if (order.first == order.second)
        return refuse(Code::not_found, say("two different participants are compared"));
    if (order.from >= order.until || order.until - order.from > limits::compared_time)
        return refuse(
            Code::json_malformed, say("a period of at most {} days: {} to {}",
                                      limits::compared_time.count(), order.from, order.until));
    return {};
}

std::string_view name_of(Standing standing) {
    return standings.at(static_cast<std::size_t>(standing));
}

Result<std::vector<ActPlace>> leaves_for(
    Node& node, const ParticipantId& asker, const CaseId& id, std::int64_t after) {
    TRY(const auto directory, node.directory());
    const auto* body = directory->find(asker);
    std::vector<ActPlace> out;
    bool allowed = false;
    if (body && body->kind == directory::Kind::oversight)
        node.store().read([&](StoreReader& reader) {
            const auto state = find_case(node, reader, id);
            allowed = state && takes_part(participants_of(*directory, *state), asker);
            if (!allowed) return;
            for (auto& row : reader.acts(id, after, limits::leaves_at_once))
                out.push_back({row.sequence, row.hash, row.leaf, std::move(row.nonce)});
        });
    // What does not exist and what is not for the asker look the same.
    if (!allowed) return refuse(Code::not_found, say("case {}", id.str()));
    return out;
}

json::Object print_places(const std::vector<ActPlace>& places) {
    json::Array acts;
    for (const auto& place : places)
        acts.emplace_back(json::Object{
            {"sequence", place.sequence},
            {"hash", text(place.hash)},
            {"leaf", place.leaf},
            {"nonce", to_base64url(place.nonce)}});
    return {{"acts", std::move(acts)}};
}

bool Comparison::equal() const {
    return differences.empty() && more == 0 && strangers.empty() && first.problem.empty() &&
           second.problem.empty();
}

Result<Comparison> compare_records(Node& node, const ComparisonOrder& order) {
    TRY(const auto directory, node.directory());
    TRY_VOID(check_order(node, *directory, order));
    TRY(const auto cases, common_cases(node, *directory, order));
    Told first(node, order.first);
    Told second(node, order.second);
    Comparison out;
    out.order = order;
    out.asked = node.now();
    out.cases = cases.size();
    for (const auto& held : cases)
        compare_case(held, first, second, out);
    out.first = first.record();
    out.second = second.record();
    std::sort(out.differences.begin(), out.differences.end(), [](const auto& a, const auto& b) {
        return std::tie(a.admitted, a.case_id, a.sequence) <
               std::tie(b.admitted, b.case_id, b.sequence);
    });
    if (out.differences.size() > limits::compared_shown) {
        out.more = out.differences.size() - limits::compared_shown;
        out.differences.resize(limits::compared_shown);
    }
    return out;
}

json::Object print_comparison(const Comparison& comparison, std::string_view language) {
    json::Array counts;
    for (const auto& [kind, of] : comparison.counts)
        counts.emplace_back(json::Object{
            {"act", kind},
            {"both", of.both},
            {"first_only", of.first_only},
            {"second_only", of.second_only},
            {"not_yet", of.not_yet},
            {"neither", of.neither},
            {"unknown", of.unknown}});
    json::Array differences;
    for (const auto& act : comparison.differences)
        differences.emplace_back(print_act(act));
    json::Array strangers;
    for (const auto& act : comparison.strangers)
        strangers.emplace_back(print_act(act));
    json::Array cancelled;
    for (const auto& one : comparison.cancelled)
        cancelled.emplace_back(json::Object{
            {"case", one.case_id.str()}, {"by", one.by.str()}, {"at", to_text(one.at)}});
    return {
        {"equal", comparison.equal()},
        {"from", to_text(comparison.order.from)},
        {"until", to_text(comparison.order.until)},
        {"asked", to_text(comparison.asked)},
        {"cases", comparison.cases},
        {"first", print_record(comparison.first, language)},
        {"second", print_record(comparison.second, language)},
        {"counts", std::move(counts)},
        {"differences", std::move(differences)},
        {"more", comparison.more},
        {"unknown_here", std::move(strangers)},
        {"cancelled", std::move(cancelled)}};
}

} // namespace comity::node
