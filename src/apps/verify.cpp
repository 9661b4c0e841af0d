// The check of a case bundle: the exporter's seal, the directory, the law, and each act as the gate
// of every participant had to check it, from the evidence in the bundle alone.
#include "act/seal.hpp"
#include "apps/verify_files.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "casefile/casefile.hpp"
#include "crypto/cms.hpp"
#include "crypto/hash.hpp"
#include "directory/directory.hpp"
#include "directory/roll.hpp"
#include "law/pack.hpp"
#include "node/bundle.hpp"
#include "procedure/procedure.hpp"
#include "record/leaf.hpp"
#include "record/proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace comity::apps {

namespace {

// A case of the most acts with all its parts would be larger; what is exported of a real one is far
// below this, and a checker should not be made to fill a machine's memory.
constexpr std::size_t bundle_bytes_max = std::size_t{1} << 30;

struct BundlePart {
    Bytes sealed;
    std::optional<Bytes> opened;
};

struct BundleAct {
    std::string seal;
    std::string receipt;
    std::map<std::size_t, BundlePart> parts;
    Bytes nonce;
    std::string proof;
};

struct Bundle {
    CaseId case_id;
    ParticipantId exporter;
    Instant exported;
    std::string directory;
    std::map<std::string, Digest, std::less<>> law;
    std::string procedure;
    std::vector<BundleAct> acts;
};

tl::unexpected<Refusal> malformed(std::string facts) {
    return refuse(Code::bundle_malformed, std::move(facts));
}

std::optional<Bytes> bytes_in(json::Reader& in, std::string_view name) {
    auto bytes = from_base64url(in.string(name));
    if (!bytes) in.complain(name, "is not base64url");
    return bytes;
}

Result<std::map<std::size_t, BundlePart>> read_parts(
    const json::Array& array, const std::string& what) {
    std::map<std::size_t, BundlePart> out;
    for (const auto& value : array) {
        if (!value.is_object()) return malformed(what + ": a part is not an object");
        json::Reader in{value.as_object(), what + " part"};
        const auto place = in.integer("part");
        const auto sealed = bytes_in(in, "sealed");
        std::optional<Bytes> opened;
        if (in.has("opened")) opened = bytes_in(in, "opened");
        TRY_VOID(in.done());
        if (place < 0 || place >= static_cast<std::int64_t>(limits::act_parts) ||
            (!out.empty() && out.rbegin()->first >= static_cast<std::size_t>(place)))
            return malformed(fmt::format("{}: part {} is out of order or of no act", what, place));
        out.emplace(static_cast<std::size_t>(place), BundlePart{*sealed, std::move(opened)});
    }
    return out;
}

Result<std::vector<BundleAct>> read_acts(const json::Array& array) {
    if (array.empty() || array.size() > limits::acts_per_case)
        return malformed(
            fmt::format("{} acts; 1 to {} are accepted", array.size(), limits::acts_per_case));
    std::vector<BundleAct> out;
    for (const auto& value : array) {
        const std::string what = fmt::format("act {}", out.size() + 1);
        if (!value.is_object()) return malformed(what + " is not an object");
        json::Reader in{value.as_object(), what};
        BundleAct act;
        act.seal = in.string("seal");
        act.receipt = in.string("receipt");
        const auto parts = read_parts(in.array("parts"), what);
        const auto nonce = bytes_in(in, "nonce");
        act.proof = in.string("proof");
        TRY_VOID(in.done());
        if (!parts) return tl::unexpected(parts.error());
        act.parts = *parts;
        act.nonce = *nonce;
        out.push_back(std::move(act));
    }
    return out;
}

Result<std::map<std::string, Digest, std::less<>>> read_law(const json::Array& array) {
    std::map<std::string, Digest, std::less<>> out;
    if (array.size() > limits::law_files) return malformed("the law pack has too many files");
    for (const auto& value : array) {
        if (!value.is_object()) return malformed("law: a file is not an object");
        json::Reader in{value.as_object(), "law"};
        const auto path = in.string("path");
        const auto hash = digest_from_text(in.string("sha256"));
        if (!hash) in.complain("sha256", "is not a hash in base64url");
        TRY_VOID(in.done());
        if (!out.empty() && out.rbegin()->first >= path)
            return malformed("law: the paths are not in order");
        out.emplace(path, *hash);
    }
    return out;
}

Result<Bundle> read_bundle(BytesView line) {
    TRY(const auto object, json::parse_object(line, bundle_bytes_max));
    json::Reader in{object, "bundle"};
    Bundle out;
    const auto format = in.string("comity");
    out.case_id = CaseId(in.string("case"));
    out.exporter = ParticipantId(in.string("exporter"));
    const auto exported = instant_from(in.string("exported"));
    out.directory = in.string("directory");
    const auto& law = in.array("law");
    out.procedure = in.string("procedure");
    const auto& acts = in.array("acts");
    if (!exported) in.complain("exported", "is not a time");
    TRY_VOID(in.done());
    if (format != node::bundle_format)
        return malformed(
            fmt::format("format {}; this program checks {}", format, node::bundle_format));
    out.exported = *exported;
    TRY(out.law, read_law(law));
    TRY(out.acts, read_acts(acts));
    return out;
}

// A date field as forms write it: a day ends a time limit at its end.
std::optional<Instant> date_in_form(std::string_view text) {
    if (text.size() != 10) return instant_from(text);
    const auto day = day_from(text);
    return day ? std::optional<Instant>(*day + std::chrono::days{1}) : std::nullopt;
}

// The policy by which the record's proofs are judged: every participant's log, and the witnesses
// and quorum that the directory states.
Result<record::Policy> policy_of(const directory::Directory& directory) {
    std::string text;
    for (const auto& participant : directory.participants())
        if (!participant.record.vkey.empty()) text += "log " + participant.record.vkey + "\n";
    return record::Policy::parse(text + directory.witness_policy());
}

/// One act of the bundle as far as it could be read.
struct Looking {
    const BundleAct& in;
    std::int64_t number; ///< its place in the bundle, from 1
    std::string what;
    act::Sealed sealed;
    std::optional<Instant> admitted; ///< by a receipt that was good
    std::optional<act::Receipt> receipt;
    std::vector<act::Part> opened;
};

class BundleCheck {
public:
    BundleCheck(Findings& findings, const BundleOptions& options)
        : findings_(findings), options_(options) {}

    void run(BytesView bytes) {
        const std::size_t first = bytes.find('\n');
        const bool two_lines = first != BytesView::npos && bytes.ends_with('\n') &&
                               bytes.find('\n', first + 1) == bytes.size() - 1 &&
                               first + 1 < bytes.size();
        if (!findings_.holds("bundle", two_lines, "is not two lines, each with its end")) return;
        const BytesView body = bytes.substr(0, first);
        const auto seal = check_seal_line(body, bytes.substr(first + 1, bytes.size() - first - 2));
        auto bundle = read_bundle(body);
        if (!findings_.holds("bundle", bundle)) return;
        bundle_ = std::move(*bundle);
        check_directory();
        if (seal) check_exporter(*seal);
        check_law();
        for (std::size_t i = 0; i < bundle_.acts.size(); ++i)
            check_act(static_cast<std::int64_t>(i) + 1, bundle_.acts[i]);
        if (options_.evidence)
            verify_evidence(findings_, *options_.evidence, items_, options_.recipient);
        conclude();
    }

private:
    // ---- the bundle as a whole

    std::optional<crypto::JwsSignature> check_seal_line(BytesView body, BytesView line) {
        const std::string what = "the exporter's seal";
        auto jws = crypto::parse_jws(line, limits::act_seal_bytes);
        if (!findings_.holds(what, jws)) return std::nullopt;
        auto& seal = jws->signatures.front();
        if (!findings_.holds(
                what,
                jws->signatures.size() == 1 && seal.type == node::bundle_type &&
                    seal.unprotected.empty(),
                "is not one seal of a bundle without anything added"))
            return std::nullopt;
        const auto object = json::parse_object(jws->payload, limits::act_header_bytes);
        if (!findings_.holds(what, object)) return std::nullopt;
        json::Reader in{*object, what};
        const auto format = in.string("comity");
        const auto hash = in.string("sha256");
        if (!findings_.holds(what, in.done())) return std::nullopt;
        findings_.holds(what, format == node::bundle_format, "is for another format");
        findings_.holds(
            what, hash == text(crypto::sha256(body)),
            "does not cover this first line: the bundle was changed");
        findings_.holds(what, crypto::verify_jws(seal));
        return std::move(seal);
    }

    void check_directory() {
        auto directory = directory::accept_first(bundle_.directory);
        if (!findings_.holds("the directory", directory)) return;
        directory_ = std::move(*directory);
        const std::string hash = text(directory_->hash());
        if (options_.directory_hash)
            findings_.holds(
                "the directory", *options_.directory_hash == hash,
                fmt::format("has the hash {}, not the one that is trusted", hash));
        auto policy = policy_of(*directory_);
        if (findings_.holds("the directory's witness policy", policy)) policy_ = std::move(*policy);
        findings_.prove(fmt::format(
            "directory version {} of {} carries the signatures of {} of its {} members; its hash is "
            "{}{}",
            directory_->version(), directory_->federation(), directory_->threshold(),
            directory_->members().size(), hash,
            options_.directory_hash ? ", as trusted" : ": compare it with the one you trust"));
    }

    void check_exporter(const crypto::JwsSignature& seal) {
        if (!directory_) return;
        findings_.holds(
            "the exporter's seal", directory::check_seal(
                                       *directory_, seal.certificate,
                                       {bundle_.exporter, {}, {}, seal.signed_at, seal.signed_at}));
        const auto slack = limits::clock_difference;
        findings_.holds(
            "the exporter's seal",
            seal.signed_at + slack >= bundle_.exported &&
                bundle_.exported + slack >= seal.signed_at,
            "was made at another time than the bundle says");
        findings_.prove(fmt::format(
            "the bundle of case {} is as {} sealed it at {}", bundle_.case_id.str(),
            bundle_.exporter.str(), to_text(bundle_.exported)));
    }

    void check_law() {
        law_pack_ =
            law::pack_digest(bundle_.law, [](BytesView bytes) { return crypto::sha256(bytes); });
        auto procedure = procedure::Procedure::read(bundle_.procedure, "procedure");
        if (!findings_.holds("the procedure", procedure)) return;
        const auto listed = bundle_.law.find("procedures/" + procedure->id() + ".json");
        findings_.holds(
            "the procedure",
            listed != bundle_.law.end() && listed->second == crypto::sha256(bundle_.procedure),
            fmt::format("{} is not the one in the law pack", procedure->id()));
        procedure_ = std::move(*procedure);
    }

    // ---- one act

    void check_act(std::int64_t number, const BundleAct& in) {
        auto sealed = act::parse_sealed(in.seal);
        if (!findings_.holds(fmt::format("act {}", number), sealed)) {
            broken_ = true;
            return;
        }
        Looking act{in,
                    number,
                    fmt::format("act {} ({})", number, sealed->header.act),
                    std::move(*sealed),
                    {},
                    {},
                    {}};
        findings_.holds(act.what, crypto::verify_jws(act.sealed.seal));
        check_place(act);
        open_state(act);
        check_receipt(act);
        check_opening(act);
        if (directory_) {
            check_performer(act);
            check_approval(act);
        }
        check_body(act);
        check_procedure(act);
        check_record(act);
        known_.insert(act.sealed.hash);
        last_ = act.sealed.hash;
        if (act.admitted) last_admitted_ = act.admitted;
    }

    void check_place(const Looking& act) {
        const auto& header = act.sealed.header;
        if (directory_)
            findings_.holds(
                act.what, header.federation == directory_->federation(),
                "is of another federation");
        findings_.holds(act.what, header.case_id == bundle_.case_id, "is of another case");
        findings_.holds(
            act.what, header.sequence == act.number,
            fmt::format("has the number {} where {} comes next", header.sequence, act.number));
        findings_.holds(
            act.what, header.law_pack == law_pack_,
            fmt::format(
                "was made under law pack {}, the list in the bundle gives {}", header.law_pack,
                law_pack_));
        if (procedure_)
            findings_.holds(
                act.what, header.procedure == procedure_->id(), "follows another procedure");
        if (act.number > 1 && !broken_)
            findings_.holds(
                act.what,
                std::find(header.after.begin(), header.after.end(), last_) != header.after.end(),
                "does not build on the act before it");
        for (const auto& hash : header.after)
            if (!broken_)
                findings_.holds(
                    act.what, known_.contains(hash),
                    fmt::format("builds on {}, which is no earlier act of the case", text(hash)));
        if (last_admitted_)
            findings_.holds(
                act.what, header.time + limits::clock_difference >= *last_admitted_,
                "is dated before the act before it was admitted");
    }

    void open_state(const Looking& act) {
        const auto& header = act.sealed.header;
        if (act.number != 1 || !procedure_ || !header.opening) {
            broken_ = broken_ || act.number == 1;
            return;
        }
        graph_ = procedure::Graph::make(*procedure_, casefile::parameters(*header.opening));
        state_ = casefile::open_case(header, *graph_);
    }

    // The parties of a case are of the kinds its procedure counts on, as at the gate.
    void check_opening(const Looking& act) {
        const auto& header = act.sealed.header;
        if (!directory_ || act.number != 1 || !header.opening) return;
        const auto is_kind = [&](const ParticipantId& id, directory::Kind kind) {
            const auto* participant = directory_->find(id);
            findings_.holds(
                act.what, participant && participant->kind == kind,
                fmt::format(
                    "opens the case with {}, which the directory does not know in that part",
                    id.str()));
        };
        is_kind(header.opening->requesting, directory::Kind::authority);
        is_kind(header.opening->requested, directory::Kind::authority);
        is_kind(header.opening->provider, directory::Kind::provider);
        for (const auto& third : header.opening->third)
            is_kind(third, directory::Kind::authority);
        const auto* requesting = directory_->find(header.opening->requesting);
        const auto* office =
            requesting ? directory::find_office(*requesting, header.opening->recipient) : nullptr;
        findings_.holds(
            act.what,
            office && directory::current(office->sealing, act.admitted.value_or(header.time)),
            "names a recipient that is no office with a sealing certificate in force");
    }

    void check_receipt(Looking& act) {
        const std::string what = act.what + ", receipt";
        const auto sealed = act::parse_receipt(act.in.receipt);
        if (!findings_.holds(what, sealed)) return;
        const auto& receipt = sealed->receipt;
        const auto& header = act.sealed.header;
        bool good = findings_.holds(what, crypto::verify_jws(sealed->seal));
        good &= findings_.holds(
            what,
            receipt.act == act.sealed.hash && receipt.case_id == header.case_id &&
                receipt.sequence == header.sequence && receipt.federation == header.federation,
            "is for another act");
        if (state_ && !broken_) {
            good &= findings_.holds(
                what, receipt.keeper == state_->keeper,
                fmt::format(
                    "is by {}, and {} keeps the case", receipt.keeper.str(), state_->keeper.str()));
            findings_.holds(
                act.what, header.keeper == state_->keeper,
                fmt::format(
                    "was signed for {} as keeper, and {} keeps the case", header.keeper.str(),
                    state_->keeper.str()));
        }
        if (directory_) {
            good &= findings_.holds(
                what, directory::check_seal(
                          *directory_, sealed->seal.certificate,
                          {receipt.keeper, {}, {}, sealed->seal.signed_at, receipt.time}));
            const auto* keeper = directory_->find(receipt.keeper);
            findings_.holds(
                what, keeper && keeper->record.origin == receipt.record_origin,
                "names a record that is not the keeper's");
            findings_.holds(
                what, receipt.time < directory_->expires(), "is later than the directory's end");
        }
        findings_.holds(
            what, !last_admitted_ || receipt.time >= *last_admitted_,
            "is dated before the receipt before it");
        findings_.holds(
            what, receipt.time <= bundle_.exported + limits::clock_difference,
            "is dated after the bundle");
        act.receipt = receipt;
        if (good) act.admitted = receipt.time;
    }

    void check_performer(const Looking& act) {
        const auto& header = act.sealed.header;
        const Instant sealed_at = act.sealed.seal.signed_at;
        const Instant decided = act.admitted.value_or(sealed_at);
        findings_.holds(
            act.what, directory::check_seal(
                          *directory_, act.sealed.seal.certificate,
                          {header.performer, header.office, header.role, sealed_at, decided}));
        const auto slack = limits::clock_difference;
        findings_.holds(
            act.what, header.time <= decided + slack && sealed_at <= decided + slack,
            "is dated later than its admission");
        findings_.holds(
            act.what,
            sealed_at + slack >= header.time && sealed_at <= header.time + limits::draft_age,
            "was sealed too long before or after it was written");
        findings_.holds(
            act.what, header.time + limits::act_age >= decided,
            "was admitted too long after it was written");
    }

    void check_approval(const Looking& act) {
        const auto& header = act.sealed.header;
        const auto& approval = act.sealed.approval;
        if (header.person.empty()) {
            findings_.holds(act.what, !approval, "names no person and carries an approval");
            return;
        }
        if (!findings_.holds(
                act.what, approval.has_value(),
                fmt::format("lacks the approval of {}", header.person.str())))
            return;
        const auto entry = directory::check_approval(
            *directory_, *approval,
            {header.performer, header.person, header.office, header.role, act.sealed.seal.signed_at,
             act::approval_challenge(act.sealed.header_bytes)},
            {});
        if (findings_.holds(act.what, entry)) ++approvals_;
    }

    // ---- the body

    void check_body(Looking& act) {
        const auto& header = act.sealed.header;
        const std::string* form = form_of(header.act);
        if (form && form->empty())
            findings_.holds(act.what, header.parts.empty(), "has a body and no form");
        for (const auto& [place, part] : act.in.parts) {
            if (!findings_.holds(
                    act.what, place < header.parts.size(), fmt::format("has no part {}", place)))
                continue;
            const auto& ref = header.parts[place];
            const std::string what = fmt::format("{}, part {}", act.what, place);
            findings_.holds(what, act::check_sealed(ref, part.sealed));
            check_readers(act, what, ref, part.sealed);
            ++parts_sealed_;
            if (!part.opened) continue;
            auto opened = act::read_opened(ref, *part.opened, header.act);
            if (!findings_.holds(what, opened)) continue;
            if (form)
                findings_.holds(
                    what, opened->form == *form, fmt::format("is of the form {}", opened->form));
            ++parts_opened_;
            act.opened.push_back(std::move(*opened));
        }
        parts_absent_ += header.parts.size() - std::min(header.parts.size(), act.in.parts.size());
        check_dates(act);
        collect_items(act);
    }

    const std::string* form_of(std::string_view act) const {
        const auto index = graph_ ? graph_->find(act) : std::nullopt;
        return index ? &graph_->act(*index).form : nullptr;
    }

    // The readers are the sides of the audience and the oversight bodies of the performer's
    // country, and the sealed bytes are addressed to each of them and to nobody else. The directory
    // may know a body that came later, so of oversight none has to be there; of the sides all have.
    void check_readers(
        const Looking& act, const std::string& what, const act::PartRef& ref, BytesView sealed) {
        if (!state_ || broken_ || !directory_) return;
        const auto& header = act.sealed.header;
        auto state = *state_;
        if (header.joining) state.consulted.push_back(*header.joining);
        std::vector<crypto::Certificate> certificates;
        std::set<ParticipantId> sides;
        for (const auto& side : ref.audience)
            for (const auto& id : casefile::participants_of_side(state, side))
                sides.insert(id);
        std::set<ParticipantId> allowed = sides;
        if (const auto* own = directory_->find(header.performer))
            for (const auto* body : directory_->oversight_of(own->country))
                allowed.insert(body->id);
        for (const auto& id : ref.readers) {
            const auto* participant = directory_->find(id);
            const auto* certificate =
                participant ? directory::current(participant->sealing, header.time) : nullptr;
            if (!findings_.holds(
                    what, certificate && allowed.contains(id),
                    fmt::format("is readable by {}, who is not of its audience", id.str())))
                return;
            certificates.push_back(*certificate);
        }
        for (const auto& id : sides) {
            const auto* participant = directory_->find(id);
            if (participant && directory::current(participant->sealing, header.time))
                findings_.holds(
                    what, std::binary_search(ref.readers.begin(), ref.readers.end(), id),
                    fmt::format("is not readable by {}, who is of its audience", id.str()));
        }
        const auto matches = crypto::recipients_match(sealed, certificates);
        if (findings_.holds(what, matches))
            findings_.holds(
                what, std::find(matches->begin(), matches->end(), false) == matches->end(),
                "is not encrypted to each of its readers");
    }

    static const json::Value* field(const Looking& act, std::string_view name) {
        for (const auto& part : act.opened)
            if (const auto* value = part.fields.if_contains(name)) return value;
        return nullptr;
    }

    void check_dates(const Looking& act) {
        const bool whole = act.opened.size() == act.sealed.header.parts.size();
        for (const auto& [name, at] : act.sealed.header.dates) {
            const auto* value = field(act, name);
            if (!value && !whole) continue;
            findings_.holds(
                act.what,
                value && value->is_string() &&
                    date_in_form(std::string_view(value->as_string())) == at,
                fmt::format("the date {} in its header is not the one in its form", name));
        }
    }

    void collect_items(const Looking& act) {
        const auto& kind = act.sealed.header.act;
        if (kind != "produce" && kind != "release") return;
        const auto* list = field(act, kind == "release" ? "passed" : "manifest");
        if (!list) return; // not readable by the exporter
        if (!findings_.holds(act.what, list->is_array(), "its manifest is not a list")) return;
        const auto items = evidence::parse_items(list->as_array());
        if (findings_.holds(act.what + ", manifest", items))
            items_.insert(items_.end(), items->begin(), items->end());
    }

    // ---- procedure

    bool oversees(const ParticipantId& performer) const {
        const auto* body = directory_ ? directory_->find(performer) : nullptr;
        if (!body || body->kind != directory::Kind::oversight) return false;
        for (const std::string_view side : {"requesting", "requested", "third"})
            for (const auto& id : casefile::participants_of_side(*state_, side)) {
                const auto* country = directory_->find(id);
                if (country &&
                    std::find(body->oversees.begin(), body->oversees.end(), country->country) !=
                        body->oversees.end())
                    return true;
            }
        return false;
    }

    void check_procedure(const Looking& act) {
        if (broken_ || !state_ || !graph_ || !act.admitted) {
            if (!broken_ || !said_broken_)
                findings_.fail(
                    act.what,
                    "whether the procedure allowed it and the acts after it cannot be told, because of what "
                    "was found before");
            broken_ = said_broken_ = true;
            return;
        }
        const auto& header = act.sealed.header;
        if (!header.person.empty())
            findings_.holds(act.what, casefile::check_four_eyes(*state_, header));
        findings_.holds(
            act.what, casefile::check_procedure(
                          *state_, *graph_, {header, *act.admitted, oversees(header.performer)}));
        auto next = casefile::perform(*state_, *graph_, header, act.sealed.hash, *act.admitted);
        if (next) {
            state_ = std::move(*next);
        } else {
            broken_ = true; // check_procedure has said why
        }
    }

    // ---- the record

    void check_record(const Looking& act) {
        const std::string what = act.what + ", record";
        if (!findings_.holds(
                what, act.in.nonce.size() == record::act_nonce_bytes, "the nonce is not 32 bytes"))
            return;
        const auto proof = record::TlogProof::parse(act.in.proof);
        if (!findings_.holds(what, proof) || !policy_ || !directory_) return;
        findings_.holds(what, !proof->extra, "the proof carries extra data");
        const Bytes leaf = record::act_leaf(act.in.nonce, act.sealed.header_bytes);
        const auto opened = record::verify_proof(*proof, crypto::merkle_leaf(leaf), *policy_);
        if (!findings_.holds(what, opened)) return;
        const auto* exporter = directory_->find(bundle_.exporter);
        findings_.holds(
            what, exporter && exporter->record.origin == opened->checkpoint.origin,
            fmt::format(
                "the proof is from {}, not from the exporter's record", opened->checkpoint.origin));
        if (act.receipt && act.receipt->keeper == bundle_.exporter)
            findings_.holds(
                what, static_cast<std::uint64_t>(act.receipt->record_index) == proof->index,
                "the act stands at another place than its receipt promised");
        ++proofs_;
        witnesses_least_ = std::min(witnesses_least_, opened->cosignatures.size());
        size_ = std::max(size_, opened->checkpoint.size);
    }

    void conclude() {
        findings_.prove(fmt::format(
            "{} acts in a row without a gap, each sealed by its performer and numbered by the keeper of "
            "that moment; {} approved by a person with a passkey",
            bundle_.acts.size(), approvals_));
        findings_.prove(fmt::format(
            "each act was allowed by {} of law pack {} at the time of its admission",
            procedure_ ? procedure_->id() : "", law_pack_));
        findings_.prove(fmt::format(
            "{} sealed parts have the hash in their act and its readers only; {} of them are open here; "
            "{} parts are not in the bundle",
            parts_sealed_, parts_opened_, parts_absent_));
        if (proofs_ > 0)
            findings_.prove(fmt::format(
                "{} acts stand in the record of {}, under checkpoints of up to {} entries with at least "
                "{} cosignatures{}",
                proofs_, bundle_.exporter.str(), size_, witnesses_least_,
                policy_->needs_no_witness() ? "; the directory asks for no witness" : ""));
        if (!options_.evidence)
            findings_.prove(fmt::format(
                "{} items of evidence are named; their files were not given", items_.size()));
        findings_.prove(fmt::format(
            "not proved here: that no act followed act {}, because a bundle ends where its exporter ended "
            "it",
            bundle_.acts.size()));
        findings_.prove(
            "not proved here: that a form was filled in as the law pack's schemas want it, and what the assessment "
            "found, because the bundle holds the hashes of the law and not its text");
    }

    Findings& findings_;
    const BundleOptions& options_;
    Bundle bundle_;
    std::optional<directory::Directory> directory_;
    std::optional<record::Policy> policy_;
    std::string law_pack_;
    std::optional<procedure::Procedure> procedure_;
    // The fold so far. Once an act could not be folded, what depends on it is not checked any more.
    std::optional<procedure::Graph> graph_;
    std::optional<casefile::Case> state_;
    bool broken_ = false;
    bool said_broken_ = false;
    Digest last_{};
    std::optional<Instant> last_admitted_;
    std::set<Digest> known_;
    std::vector<evidence::Item> items_;
    std::size_t approvals_ = 0;
    std::size_t parts_sealed_ = 0;
    std::size_t parts_opened_ = 0;
    std::size_t parts_absent_ = 0;
    std::size_t proofs_ = 0;
    std::size_t witnesses_least_ = std::size_t(-1);
    std::uint64_t size_ = 0;
};

} // namespace

Verdict verify_bundle(BytesView bundle, const BundleOptions& options) {
    Verdict verdict;
    Findings findings(verdict);
    BundleCheck(findings, options).run(bundle);
    findings.close();
    return verdict;
}

} // namespace comity::apps
