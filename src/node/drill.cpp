// The statement of a drill, and its way onto the board.
#include "node/drill.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/jws.hpp"
#include "node/open_sealed.hpp"

namespace comity::node {

namespace {

constexpr std::string_view setting = "drill";
constexpr std::string_view format = "drill/1";

Result<Drill> read_drill(BytesView payload, const ParticipantId& self) {
    TRY(const auto object, json::parse_object(payload, limits::act_header_bytes));
    json::Reader in{object, "drill"};
    Drill out;
    if (in.string("comity") != format) in.complain("comity", say("is not drill/1"));
    if (ParticipantId(in.string("participant")) != self)
        in.complain("participant", say("is not this node"));
    const auto backup = instant_from(in.string("backup"));
    if (!backup) in.complain("backup", say("is not an instant"));
    const auto drilled = instant_from(in.string("drilled"));
    if (!drilled) in.complain("drilled", say("is not an instant"));
    out.took = Milliseconds{in.integer("took")};
    out.size = static_cast<std::uint64_t>(in.integer("size"));
    const auto root = digest_from_text(in.string("root"));
    if (!root) in.complain("root", say("is not a hash in base64url"));
    out.cases = in.integer("cases");
    out.acts = in.integer("acts");
    if (auto done = in.done(); !done) return refuse(Code::drill_malformed, done.error().facts);
    out.backup = *backup;
    out.drilled = *drilled;
    out.root = *root;
    return out;
}

} // namespace

std::string seal_drill(
    const ParticipantId& participant, const Drill& drill, const crypto::JwsSigner& signer) {
    const json::Object payload{
        {"comity", format},
        {"participant", participant.str()},
        {"backup", to_text(drill.backup)},
        {"drilled", to_text(drill.drilled)},
        {"took", drill.took.count()},
        {"size", static_cast<std::int64_t>(drill.size)},
        {"root", text(drill.root)},
        {"cases", drill.cases},
        {"acts", drill.acts}};
    return crypto::sign_jws(json::print(payload), drill_type, drill.drilled, signer);
}

Result<Drill> take_down_drill(Node& node, const Sequencer& record, std::string_view sealed) {
    TRY(const auto jws, open_sealed(node, node.self(), drill_type, sealed));
    TRY(const auto drill, read_drill(jws.payload, node.self()));
    if (drill.backup > drill.drilled || drill.drilled > node.now() + limits::clock_difference)
        return refuse(
            Code::drill_malformed, say("a back-up of {}, restored at {}; it is {}", drill.backup,
                                       drill.drilled, node.now()));
    if (drill.size > record.size())
        return refuse(
            Code::drill_malformed,
            say("it found a record of {} leaves, of which {} are here", drill.size, record.size()));
    TRY(const auto root, record.root_at(drill.size));
    if (root != drill.root)
        return refuse(
            Code::drill_malformed,
            say("the record of {} leaves that it found is not the beginning of this one",
                drill.size));
    std::optional<Instant> later;
    node.store().write([&](StoreWriter& writer) {
        const auto before = last_drill(writer);
        later = before && before->drilled >= drill.drilled ? std::optional(before->drilled)
                                                           : std::nullopt;
        if (!later) writer.put_setting(std::string(setting), jws.payload);
    });
    if (later)
        return refuse(Code::drill_malformed, say("a drill of {} was taken down before", *later));
    node.log("drill taken down", {{"drilled", to_text(drill.drilled)}});
    return drill;
}

std::optional<Drill> last_drill(StoreReader& reader) {
    const auto stored = reader.setting(std::string(setting));
    if (!stored) return std::nullopt;
    const auto object = json::parse_object(*stored, limits::act_header_bytes);
    const auto* participant = object ? object->if_contains("participant") : nullptr;
    if (!participant || !participant->is_string()) throw Fault("the last drill is not readable");
    auto drill = read_drill(*stored, ParticipantId(std::string(participant->as_string())));
    if (!drill) throw Fault("the last drill is not readable");
    return std::move(*drill);
}

} // namespace comity::node
