// Printing and strict reading of act headers.
#include "act/header.hpp"

#include "act/opening.hpp"
#include "base/json.hpp"
#include "base/json_text.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"

#include <algorithm>
#include <concepts>
#include <set>

namespace comity::act {

namespace {

constexpr std::string_view version = "act/1";

const std::set<std::string, std::less<>> sides = {"requesting", "requested", "provider", "third",
                                                  "subject",    "oversight", "clock"};

// Writes a header, its members in their order: nothing is built first, because each act's header is
// written once more where it is read.
class Printer {
public:
    void name(std::string_view member) {
        separate();
        json::print_text(out_, member);
        out_.push_back(':');
        first_ = true;
    }

    void value(std::string_view text) {
        separate();
        json::print_text(out_, text);
    }

    void value(std::int64_t number) {
        separate();
        out_.append(std::to_string(number));
    }

    void member(std::string_view name, std::string_view text) {
        this->name(name);
        value(text);
    }

    void member(std::string_view name, std::int64_t number) {
        this->name(name);
        value(number);
    }

    void member(std::string_view name, const auto& items)
        requires(!std::convertible_to<decltype(items), std::string_view>)
    {
        this->name(name);
        open('[');
        for (const auto& item : items) {
            if constexpr (requires { item.str(); })
                value(item.str());
            else
                value(item);
        }
        close(']');
    }

    void open(char bracket) {
        separate();
        out_.push_back(bracket);
        first_ = true;
    }

    void close(char bracket) {
        out_.push_back(bracket);
        first_ = false;
    }

    [[nodiscard]] Bytes text() && { return std::move(out_); }

private:
    void separate() {
        if (!first_) out_.push_back(',');
        first_ = false;
    }

    Bytes out_;
    bool first_ = true; ///< nothing stands before in this object or list, or its name does
};

void print(Printer& out, const PartRef& part) {
    out.open('{');
    out.member("audience", part.audience);
    out.member("readers", part.readers);
    out.member("hash", text(part.hash));
    out.member("sealed", text(part.sealed_hash));
    out.member("size", static_cast<std::int64_t>(part.size));
    out.close('}');
}

void print(Printer& out, const Opening& opening) {
    out.open('{');
    out.member("requesting", opening.requesting.str());
    out.member("requested", opening.requested.str());
    out.member("provider", opening.provider.str());
    out.member("third", opening.third);
    out.member("category", opening.category);
    out.member("recipient", opening.recipient.str());
    out.close('}');
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
    Printer out;
    out.open('{');
    out.member("comity", version);
    out.member("federation", header.federation);
    out.member("case", header.case_id.str());
    out.member("sequence", header.sequence);
    out.member("act", header.act);
    out.member("procedure", header.procedure);
    out.member("law_pack", header.law_pack);
    out.member("performer", header.performer.str());
    out.member("office", header.office.str());
    out.member("side", header.side);
    out.member("role", header.role);
    out.member("person", header.person.str());
    out.member("time", to_text(header.time));
    out.member("keeper", header.keeper.str());
    out.name("after");
    out.open('[');
    for (const auto& hash : header.after)
        out.value(text(hash));
    out.close(']');
    out.name("parts");
    out.open('[');
    for (const auto& part : header.parts)
        print(out, part);
    out.close(']');
    out.name("dates");
    out.open('{');
    for (const auto& [member, at] : header.dates)
        out.member(member, to_text(at));
    out.close('}');
    if (header.opening) {
        out.name("opening");
        print(out, *header.opening);
    }
    if (header.joining) out.member("joining", header.joining->str());
    if (header.code) out.member("code", text(*header.code));
    out.close('}');
    return std::move(out).text();
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
