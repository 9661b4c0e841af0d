// Printing and strict reading of act headers.
#include "act/header.hpp"

#include "act/opening.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"

#include <algorithm>
#include <set>

namespace comity::act {

namespace {

constexpr std::string_view version = "act/1";

const std::set<std::string, std::less<>> sides = {"requesting", "requested", "provider", "third",
                                                  "subject",    "oversight", "clock"};

json::Array strings(const auto& items) {
    json::Array out;
    for (const auto& item : items) {
        if constexpr (requires { item.str(); })
            out.emplace_back(item.str());
        else
            out.emplace_back(item);
    }
    return out;
}

json::Object print_part(const PartRef& part) {
    return {
        {"audience", strings(part.audience)},
        {"readers", strings(part.readers)},
        {"hash", text(part.hash)},
        {"sealed", text(part.sealed_hash)},
        {"size", static_cast<std::int64_t>(part.size)}};
}

json::Object print_opening(const Opening& opening) {
    return {{"requesting", opening.requesting.str()}, {"requested", opening.requested.str()},
            {"provider", opening.provider.str()},     {"third", strings(opening.third)},
            {"category", opening.category},           {"recipient", opening.recipient.str()}};
}

// Reads names; the reader keeps the first complaint.
std::string name(json::Reader& in, std::string_view member, bool empty_allowed = false) {
    std::string value = in.string(member);
    if (!(empty_allowed && value.empty()) && !is_name(value))
        in.complain(member, say("is not a name"));
    return value;
}

Digest digest(json::Reader& in, std::string_view member) {
    const auto value = digest_from_text(in.string(member));
    if (!value) in.complain(member, say("is not a hash in base64url"));
    return value.value_or(Digest{});
}

std::vector<ParticipantId> names(json::Reader& in, std::string_view member) {
    std::vector<ParticipantId> out;
    for (auto& item : in.strings(member)) {
        if (!is_name(item)) in.complain(member, say("holds something that is not a name"));
        out.emplace_back(std::move(item));
    }
    if (!std::is_sorted(out.begin(), out.end()) ||
        std::adjacent_find(out.begin(), out.end()) != out.end())
        in.complain(member, say("is not sorted, or names one twice"));
    return out;
}

Result<PartRef> parse_part(const json::Value& value) {
    if (!value.is_object()) return refuse(Code::header_malformed, say("a part is not an object"));
    json::Reader in{value.as_object(), "part"};
    PartRef part;
    part.audience = in.strings("audience");
    for (const auto& side : part.audience)
        if (!sides.contains(side) || side == "clock") in.complain("audience", say("names no side"));
    if (std::set(part.audience.begin(), part.audience.end()).size() != part.audience.size())
        in.complain("audience", say("names a side twice"));
    if (part.audience.empty()) in.complain("audience", say("is empty"));
    part.readers = names(in, "readers");
    if (part.readers.empty()) in.complain("readers", say("is empty"));
    part.hash = digest(in, "hash");
    part.sealed_hash = digest(in, "sealed");
    const auto size = in.integer("size");
    if (size <= 0 || static_cast<std::size_t>(size) > limits::act_part_bytes)
        in.complain("size", say("is not within the limit for a part"));
    else
        part.size = static_cast<std::size_t>(size);
    TRY_VOID(in.done());
    return part;
}

Result<Opening> parse_opening(const json::Object& object) {
    json::Reader in{object, "opening"};
    Opening opening;
    opening.requesting = ParticipantId(name(in, "requesting"));
    opening.requested = ParticipantId(name(in, "requested"));
    opening.provider = ParticipantId(name(in, "provider"));
    opening.third = names(in, "third");
    opening.category = name(in, "category");
    opening.recipient = OfficeId(name(in, "recipient"));
    if (opening.requesting == opening.requested)
        in.complain("requested", say("is the requesting side itself"));
    for (const auto& third : opening.third)
        if (third == opening.requesting || third == opening.requested)
            in.complain("third", say("names a side of the case"));
    TRY_VOID(in.done());
    return opening;
}

// A date is named after a field of the act's form: 1 to 64 of a-z, 0-9 and underscores. Nothing
// else is signed into a name that pages show.
bool is_field_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
               std::string_view::npos;
}

void read_dates(json::Reader& in, Header& header) {
    for (const auto& member : in.object("dates")) {
        if (!is_field_name(std::string_view(member.key())))
            in.complain("dates", say("holds a name that no field has"));
        const auto at = member.value().is_string()
                            ? instant_from(std::string_view(member.value().as_string()))
                            : std::nullopt;
        if (!at)
            in.complain("dates", say("holds something that is not an instant"));
        else
            header.dates.emplace(std::string(member.key()), *at);
    }
}

Result<void> read_lists(json::Reader& in, Header& header) {
    for (const auto& item : in.strings("after")) {
        const auto hash = digest_from_text(item);
        if (!hash) in.complain("after", say("holds something that is not a hash"));
        header.after.push_back(hash.value_or(Digest{}));
    }
    const auto& parts = in.array("parts");
    if (parts.size() > limits::act_parts) in.complain("parts", say("has too many parts"));
    for (const auto& item : parts) {
        TRY(auto part, parse_part(item));
        header.parts.push_back(std::move(part));
    }
    if (const auto* opening = in.object_if("opening")) {
        TRY(auto value, parse_opening(*opening));
        header.opening = std::move(value);
    }
    return {};
}

Result<Header> read(const json::Object& object) {
    json::Reader in{object, "header"};
    Header header;
    in.string("comity");
    header.federation = name(in, "federation");
    header.case_id = CaseId(name(in, "case"));
    header.sequence = in.integer("sequence");
    header.act = name(in, "act");
    header.procedure = name(in, "procedure");
    header.law_pack = in.string("law_pack");
    header.performer = ParticipantId(name(in, "performer"));
    header.office = OfficeId(name(in, "office", true));
    header.side = in.string("side");
    header.role = name(in, "role", true);
    header.person = PersonId(name(in, "person", true));
    const auto time = instant_from(in.string("time"));
    if (!time) in.complain("time", say("is not an instant"));
    header.time = time.value_or(Instant{});
    header.keeper = ParticipantId(name(in, "keeper"));
    TRY_VOID(read_lists(in, header));
    read_dates(in, header);
    if (in.has("code")) header.code = digest(in, "code");
    if (in.has("joining")) header.joining = ParticipantId(name(in, "joining"));
    if (!digest_from_text(header.law_pack))
        in.complain("law_pack", say("is not a hash in base64url"));
    if (!sides.contains(header.side)) in.complain("side", say("is none of the sides"));
    if (header.sequence < 1 || header.sequence > static_cast<std::int64_t>(limits::acts_per_case))
        in.complain("sequence", say("is not within the limits of a case"));
    if ((header.sequence == 1) != header.opening.has_value())
        in.complain("opening", say("stands in the first act and in no other"));
    if ((header.sequence == 1) != header.after.empty())
        in.complain("after", say("is empty in the first act and in no other"));
    if (header.office.empty() != header.person.empty() ||
        header.role.empty() != header.person.empty())
        in.complain("person", say("stands together with office and role, or none of them does"));
    TRY_VOID(in.done());
    return header;
}

} // namespace

Result<Opening> read_opening(json::Object object) {
    // Who states no third country names none.
    if (!object.contains("third")) object["third"] = json::Array{};
    if (auto* third = object.if_contains("third"); third && third->is_array()) {
        auto& list = third->as_array();
        const bool names = std::all_of(
            list.begin(), list.end(), [](const json::Value& item) { return item.is_string(); });
        if (names)
            std::sort(list.begin(), list.end(), [](const json::Value& a, const json::Value& b) {
                return a.as_string() < b.as_string();
            });
    }
    return parse_opening(object);
}

Bytes print_header(const Header& header) {
    json::Object out;
    out["comity"] = version;
    out["federation"] = header.federation;
    out["case"] = header.case_id.str();
    out["sequence"] = header.sequence;
    out["act"] = header.act;
    out["procedure"] = header.procedure;
    out["law_pack"] = header.law_pack;
    out["performer"] = header.performer.str();
    out["office"] = header.office.str();
    out["side"] = header.side;
    out["role"] = header.role;
    out["person"] = header.person.str();
    out["time"] = to_text(header.time);
    out["keeper"] = header.keeper.str();
    json::Array after;
    for (const auto& hash : header.after)
        after.emplace_back(text(hash));
    out["after"] = std::move(after);
    json::Array parts;
    for (const auto& part : header.parts)
        parts.emplace_back(print_part(part));
    out["parts"] = std::move(parts);
    json::Object dates;
    for (const auto& [member, at] : header.dates)
        dates[member] = to_text(at);
    out["dates"] = std::move(dates);
    if (header.opening) out["opening"] = print_opening(*header.opening);
    if (header.joining) out["joining"] = header.joining->str();
    if (header.code) out["code"] = text(*header.code);
    return json::print(out);
}

Result<Header> parse_header(BytesView bytes) {
    TRY(const auto object, json::parse_object(bytes, limits::act_header_bytes));
    const auto* format = object.if_contains("comity");
    if (!format || !format->is_string() || format->as_string() != version)
        return refuse(Code::protocol_unsupported, say("the header is not of version act/1"));
    auto header = read(object);
    if (!header) {
        header.error().code = Code::header_malformed;
        return tl::unexpected(header.error());
    }
    // A header has one text: what our printer makes of what was read must be what was signed, so
    // no second reading of the same bytes is possible (threat T09).
    if (print_header(*header) != bytes)
        return refuse(Code::header_malformed, say("the header is not in its one text form"));
    return header;
}

Digest act_hash(BytesView header_bytes) {
    return crypto::tagged_hash("comity/act/v1", {header_bytes});
}

Digest approval_challenge(BytesView header_bytes) {
    return crypto::tagged_hash("comity/act/approval/v1", {header_bytes});
}

} // namespace comity::act
