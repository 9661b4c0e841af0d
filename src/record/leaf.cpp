// The lines of the record: printed in one spelling, and read in that spelling only.
#include "record/leaf.hpp"

#include "base/json.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "record/tally.hpp"

#include <array>
#include <optional>

namespace comity::record {

namespace {

constexpr std::array<Leaf::Kind, leaf_kinds> kinds{
    Leaf::Kind::act,        Leaf::Kind::roll,      Leaf::Kind::directory, Leaf::Kind::key,
    Leaf::Kind::obligation, Leaf::Kind::discharge, Leaf::Kind::tally,     Leaf::Kind::report};
constexpr std::array<Duty, 3> duties{Duty::notice, Duty::deletion, Duty::authorisation};
constexpr std::array<Ending, 4> endings{
    Ending::done, Ending::extended, Ending::lifted, Ending::lapsed};
constexpr std::int64_t leaf_version = 1;

tl::unexpected<Refusal> malformed(Said facts) {
    return refuse(Code::leaf_malformed, std::move(facts));
}

template <class T, std::size_t n>
std::optional<T> from_name(const std::array<T, n>& all, std::string_view name) {
    for (const T item : all)
        if (name_of(item) == name) return item;
    return std::nullopt;
}

// Names of leaves are ours; a text that is none is not repeated in a message.
bool is_leaf_name(std::string_view name) {
    return !name.empty() && name.size() <= 32 &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

// The members that follow kind and version, by kind. What is not there has no text, and the
// comparison with the printed leaf at the end refuses what is too much.
struct Members {
    const json::Object& object;

    [[nodiscard]] std::string_view text(std::string_view name) const {
        const json::Value* value = object.if_contains(name);
        return value && value->is_string() ? std::string_view(value->get_string())
                                           : std::string_view();
    }

    [[nodiscard]] std::int64_t number(std::string_view name) const {
        const json::Value* value = object.if_contains(name);
        return value && value->is_int64() ? value->get_int64() : -1;
    }
};

Result<Instant> day_member(const Members& in, std::string_view name) {
    const auto day = day_from(in.text(name));
    if (!day) return malformed(say("{} is not a day", name));
    return *day;
}

std::string_view hash_member(Leaf::Kind kind) {
    switch (kind) {
    case Leaf::Kind::act: return "c";
    case Leaf::Kind::obligation: return "case";
    case Leaf::Kind::discharge: return "reason";
    case Leaf::Kind::roll:
    case Leaf::Kind::directory:
    case Leaf::Kind::key:
    case Leaf::Kind::report: return "hash";
    case Leaf::Kind::tally: break; // has none
    }
    CHECK_THAT(false);
    return {};
}

Result<void> read_obligation(Leaf& leaf, const Members& in) {
    const auto duty = from_name(duties, in.text("duty"));
    if (!duty) return malformed(say("no duty that is owed in public"));
    leaf.duty = *duty;
    TRY(leaf.day, day_member(in, "day"));
    return {};
}

Result<void> read_discharge(Leaf& leaf, const Members& in) {
    const auto ending = from_name(endings, in.text("how"));
    leaf.closes = in.number("closes");
    if (!ending || leaf.closes < 0)
        return malformed(say("a discharge says which leaf it closes, and how it ended"));
    leaf.ending = *ending;
    if (leaf.ending == Ending::extended) {
        TRY(leaf.day, day_member(in, "until"));
    }
    return {};
}

} // namespace

std::string_view name_of(Duty duty) {
    switch (duty) {
    case Duty::notice: return "notice";
    case Duty::deletion: return "deletion";
    case Duty::authorisation: return "authorisation";
    }
    CHECK_THAT(false);
    return {};
}

std::string_view name_of(Ending ending) {
    switch (ending) {
    case Ending::done: return "done";
    case Ending::extended: return "extended";
    case Ending::lifted: return "lifted";
    case Ending::lapsed: return "lapsed";
    }
    CHECK_THAT(false);
    return {};
}

std::string_view name_of(Leaf::Kind kind) {
    switch (kind) {
    case Leaf::Kind::act: return "act";
    case Leaf::Kind::roll: return "roll";
    case Leaf::Kind::directory: return "directory";
    case Leaf::Kind::key: return "key";
    case Leaf::Kind::obligation: return "obligation";
    case Leaf::Kind::discharge: return "discharge";
    case Leaf::Kind::tally: return "tally";
    case Leaf::Kind::report: return "report";
    }
    CHECK_THAT(false);
    return {};
}

Digest act_commitment(BytesView nonce, BytesView header) {
    CHECK_THAT(nonce.size() == act_nonce_bytes);
    return crypto::tagged_hash(act_domain, {nonce, header});
}

Digest reason_commitment(BytesView nonce, BytesView header) {
    CHECK_THAT(nonce.size() == act_nonce_bytes);
    return crypto::tagged_hash(reason_domain, {nonce, header});
}

Digest case_handle(BytesView record_secret, std::string_view case_id) {
    const Bytes key = crypto::hkdf_sha256(record_secret, {}, "comity/record/handle/v1", 32);
    return crypto::hmac_sha256(key, case_id);
}

Bytes Leaf::print() const {
    if (kind == Kind::tally) return tally;
    Bytes out = R"({"leaf":")";
    out += name_of(kind);
    out += R"(","v":1,)";
    if (kind == Kind::obligation) {
        out += R"("duty":")";
        out += name_of(duty);
        out += R"(","day":")" + day_text(day) + R"(",)";
    } else if (kind == Kind::discharge) {
        out += R"("closes":)" + std::to_string(closes) + R"(,"how":")";
        out += name_of(ending);
        out += R"(",)";
        if (ending == Ending::extended) out += R"("until":")" + day_text(day) + R"(",)";
    } else if (kind != Kind::act) {
        out += R"("version":)" + std::to_string(version) + ",";
    }
    out += '"';
    out += hash_member(kind);
    return out + R"(":")" + text(hash) + R"("})";
}

Result<Leaf> Leaf::parse(BytesView entry) {
    const auto parsed = json::parse_object(entry, limits::record_entry_bytes);
    if (!parsed) return malformed(parsed.error().facts);
    const json::Value* name = parsed->if_contains("leaf");
    const json::Value* version = parsed->if_contains("v");
    if (name == nullptr || !name->is_string() || version == nullptr || !version->is_int64())
        return malformed(say("no kind or no version"));
    const std::string_view kind_name = name->get_string();
    if (!is_leaf_name(kind_name)) return malformed(say("the kind is no name"));
    const auto kind = from_name(kinds, kind_name);
    if (!kind || version->get_int64() != leaf_version)
        return refuse(
            Code::leaf_unknown, say("the kind {}, version {}", kind_name, version->get_int64()));
    Leaf leaf;
    leaf.kind = *kind;
    if (leaf.kind == Kind::tally) {
        TRY_VOID(Tally::parse(entry));
        leaf.tally = Bytes(entry);
        return leaf;
    }
    const Members in{*parsed};
    const auto digest = digest_from_text(in.text(hash_member(leaf.kind)));
    if (!digest) return malformed(say("the hash is not base64url of 32 bytes"));
    leaf.hash = *digest;
    if (leaf.kind == Kind::obligation) {
        TRY_VOID(read_obligation(leaf, in));
    } else if (leaf.kind == Kind::discharge) {
        TRY_VOID(read_discharge(leaf, in));
    } else if (leaf.kind != Kind::act) {
        leaf.version = in.number("version");
        if (leaf.version < 1)
            return malformed(say("the version of what changed is not a number from 1 on"));
    }
    // Order, white space, escapes, more members: anything else is a second spelling.
    if (leaf.print() != entry) return malformed(say("another spelling than the one exact one"));
    return leaf;
}

Bytes act_leaf(BytesView nonce, BytesView header) {
    return Leaf{Leaf::Kind::act, act_commitment(nonce, header)}.print();
}

Instant last_day(Instant due) {
    return std::chrono::floor<std::chrono::days>(due - Milliseconds{1});
}

Bytes obligation_leaf(Duty duty, Instant day, const Digest& handle) {
    return Leaf{Leaf::Kind::obligation, handle, 0, duty, day}.print();
}

Bytes discharge_leaf(std::int64_t closes, Ending ending, Instant until, const Digest& reason) {
    CHECK_THAT(closes >= 0);
    return Leaf{Leaf::Kind::discharge, reason, 0, Duty::notice, until, closes, ending}.print();
}

Bytes change_leaf(Leaf::Kind kind, std::int64_t version, const Digest& hash) {
    CHECK_THAT(
        (kind == Leaf::Kind::roll || kind == Leaf::Kind::directory || kind == Leaf::Kind::key ||
         kind == Leaf::Kind::report) &&
        version >= 1);
    return Leaf{kind, hash, version}.print();
}

Result<void> verify_act_leaf(BytesView entry, BytesView nonce, BytesView header) {
    TRY(const Leaf leaf, Leaf::parse(entry));
    if (leaf.kind != Leaf::Kind::act) return malformed(say("not the leaf of an act"));
    if (nonce.size() != act_nonce_bytes) return malformed(say("a nonce of {} bytes", nonce.size()));
    if (leaf.hash != act_commitment(nonce, header))
        return refuse(Code::proof_wrong, say("the leaf commits to another act"));
    return {};
}

} // namespace comity::record
