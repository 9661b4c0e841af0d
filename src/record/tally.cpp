// Tallies: their text, making and checking them.
#include "record/tally.hpp"

#include "base/check.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace comity::record {

namespace {

constexpr std::string_view generator_domain = "comity/tally/generator/v1";
constexpr std::string_view proof_domain = "comity/tally/proof/v1";
constexpr std::string_view blinding_domain = "comity/tally/blinding/v1|";

tl::unexpected<Refusal> malformed(std::string facts) {
    return refuse(Code::leaf_malformed, std::move(facts));
}

BytesView bytes_of(const crypto::Point& point) {
    return {reinterpret_cast<const char*>(point.data()), point.size()};
}

std::string binding_of(const TallyPlace& place, BytesView id, std::string_view attribute) {
    return fmt::format(
        "{}|{}|{}|{}|{}", place.origin, place.group, place.period, to_base64url(id), attribute);
}

} // namespace

namespace {

// Schema 1: what headers tell. Every participant could count it.
const std::vector<TallyAttribute>& first_schema() {
    static const std::vector<TallyAttribute> all{
        {"procedure", {"mla", "emergency", "extraordinary", "other"}},
        {"category", {"subscriber", "access", "traffic", "content", "other"}},
        {"outcome",
         {"delivered", "contested", "declined", "refused", "unable", "withdrawn", "lapsed",
          "quashed"}},
        {"notice", {"none", "given", "given-after-deferral", "owed"}},
        {"days", {"none", "1", "10", "30", "90", "180", "more"}},
        {"emergency", {"none", "validated", "declined", "lapsed", "open"}}};
    return all;
}

// Schema 2: with the partner's region (M49), the offence's section (ICCS) and the ground of
// refusal. Categories are merged beforehand, so that few cells are small (decision 022). What a
// side may not read it counts as not-read.
const std::vector<TallyAttribute>& second_schema() {
    static const std::vector<TallyAttribute> all = [] {
        auto out = first_schema();
        out.push_back({"partner", {"africa", "americas", "asia", "europe", "oceania", "other"}});
        out.push_back(
            {"offence",
             {"death", "harm", "sexual", "robbery", "property", "drugs", "fraud", "public-order",
              "security", "computer", "environment", "other", "not-read"}});
        out.push_back(
            {"ground",
             {"none", "dual-criminality", "political", "interests", "law", "tried-already",
              "treatment", "rights", "privilege", "form", "urgency", "other", "not-read"}});
        return out;
    }();
    return all;
}

using Generators = std::vector<std::vector<crypto::Point>>;

Generators generators_of(std::int64_t schema) {
    Generators out;
    for (const auto& item : tally_attributes(schema)) {
        auto& list = out.emplace_back();
        for (const auto category : item.categories)
            list.push_back(crypto::hash_to_group(
                fmt::format("{}|{}|{}", schema, item.name, category), generator_domain));
    }
    return out;
}

} // namespace

bool is_tally_schema(std::int64_t schema) {
    return schema == 1 || schema == 2;
}

const std::vector<TallyAttribute>& tally_attributes(std::int64_t schema) {
    CHECK_THAT(is_tally_schema(schema));
    return schema == 1 ? first_schema() : second_schema();
}

const std::vector<crypto::Point>& tally_generators(std::size_t attribute, std::int64_t schema) {
    static const Generators first = generators_of(1);
    static const Generators second = generators_of(2);
    CHECK_THAT(is_tally_schema(schema));
    return (schema == 1 ? first : second).at(attribute);
}

std::string quarter_of(Instant when) {
    const std::string day = day_text(when);
    const int month = (day[5] - '0') * 10 + (day[6] - '0');
    return fmt::format("{}-Q{}", day.substr(0, 4), (month + 2) / 3);
}

bool is_quarter(std::string_view text) {
    return text.size() == 7 && text.substr(4, 2) == "-Q" && text[6] >= '1' && text[6] <= '4' &&
           text.substr(0, 4).find_first_not_of("0123456789") == std::string_view::npos &&
           text.substr(0, 4) >= "1900";
}

Instant quarter_end(std::string_view quarter) {
    CHECK_THAT(is_quarter(quarter));
    const auto first =
        day_from(fmt::format("{}-{:02}-01", quarter.substr(0, 4), (quarter[6] - '1') * 3 + 1));
    CHECK_THAT(first.has_value());
    return add(*first, Period{.months = 3});
}

bool is_tally_class(std::string_view text) {
    return text == "requesting" || text == "requested" || text == "provider" || text == "third";
}

Bytes Tally::print() const {
    Bytes out = fmt::format(
        R"({{"leaf":"tally","v":1,"class":"{}","period":"{}","schema":{},"id":"{}","c":[)", group,
        period, schema, to_base64url(id));
    for (const auto& point : commitments)
        out += (out.back() == '[' ? "\"" : ",\"") + to_base64url(bytes_of(point)) + "\"";
    out += R"(],"p":[)";
    for (const auto& proof : proofs)
        out += (out.back() == '[' ? "\"" : ",\"") + to_base64url(proof.bytes()) + "\"";
    return out + "]}";
}

Result<Tally> Tally::parse(BytesView entry) {
    const auto parsed = json::parse_object(entry, limits::record_entry_bytes);
    if (!parsed) return malformed(parsed.error().facts.text());
    json::Reader in{*parsed, "tally"};
    Tally out;
    const auto kind = in.string("leaf");
    const auto version = in.integer("v");
    out.group = in.string("class");
    out.period = in.string("period");
    out.schema = in.integer("schema");
    const auto id = from_base64url(in.string("id"));
    const auto commitments = in.strings("c");
    const auto proofs = in.strings("p");
    if (const auto done = in.done(); !done) return malformed(done.error().facts.text());
    if (kind != "tally" || version != 1) return malformed("no tally of version 1");
    if (!is_tally_schema(out.schema))
        return refuse(Code::leaf_unknown, fmt::format("a tally of schema {}", out.schema));
    if (!is_tally_class(out.group) || !is_quarter(out.period) || !id ||
        id->size() != tally_id_bytes)
        return malformed("class, period or id of a tally");
    out.id = *id;
    const auto& attributes = tally_attributes(out.schema);
    if (commitments.size() != attributes.size() || proofs.size() != attributes.size())
        return malformed("a tally has a commitment and a proof for each attribute");
    for (std::size_t i = 0; i < attributes.size(); ++i) {
        const auto point = from_base64url(commitments[i]);
        const auto proof = from_base64url(proofs[i]);
        if (!point || point->size() != sizeof(crypto::Point) || !proof)
            return malformed("a commitment or a proof is not base64url");
        std::copy(point->begin(), point->end(), out.commitments.emplace_back().begin());
        auto read = crypto::ChoiceProof::from_bytes(*proof);
        if (!crypto::is_commitment(out.commitments.back()) || !read ||
            read->answers.size() != attributes[i].categories.size())
            return malformed(fmt::format("the commitment or the proof of {}", attributes[i].name));
        out.proofs.push_back(std::move(*read));
    }
    if (out.print() != entry) return malformed("another spelling than the one exact one");
    return out;
}

namespace detail {

crypto::Scalar tally_blinding(BytesView secret, BytesView id, std::string_view attribute) {
    return crypto::scalar_from_wide(
        crypto::hkdf_sha256(secret, id, std::string(blinding_domain) + std::string(attribute), 64));
}

} // namespace detail

Tally make_tally(
    BytesView secret, const TallyPlace& place, BytesView id,
    std::span<const std::size_t> categories) {
    const auto& attributes = tally_attributes(place.schema);
    CHECK_THAT(categories.size() == attributes.size() && id.size() == tally_id_bytes);
    Tally out{std::string(place.group), std::string(place.period), place.schema, Bytes(id), {}, {}};
    for (std::size_t i = 0; i < attributes.size(); ++i) {
        const auto& generators = tally_generators(i, place.schema);
        const auto blinding = detail::tally_blinding(secret, id, attributes[i].name);
        const auto commitment = crypto::commit(blinding, generators.at(categories[i]));
        out.commitments.push_back(commitment);
        out.proofs.push_back(crypto::prove_choice(
            generators, categories[i], commitment, blinding,
            {proof_domain, binding_of(place, id, attributes[i].name)}));
    }
    return out;
}

Result<void> verify_tally(const Tally& tally, std::string_view origin) {
    const TallyPlace place{origin, tally.group, tally.period, tally.schema};
    const auto& attributes = tally_attributes(tally.schema);
    if (tally.commitments.size() != attributes.size() || tally.proofs.size() != attributes.size())
        return refuse(Code::proof_wrong, "a tally of another schema");
    for (std::size_t i = 0; i < attributes.size(); ++i)
        if (!crypto::verify_choice(
                tally_generators(i, tally.schema), tally.commitments[i], tally.proofs[i],
                {proof_domain, binding_of(place, tally.id, attributes[i].name)}))
            return refuse(
                Code::proof_wrong,
                fmt::format("the tally does not show that it holds one {}", attributes[i].name),
                "Each attribute of a tally holds exactly one category, for this record, class, "
                "period and id");
    return {};
}

} // namespace comity::record
