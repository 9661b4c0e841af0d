// The worklist's item, and what is plain text.
#include "api/rows.hpp"

#include "api/hands_view.hpp"
#include "api/names.hpp"
#include "node/worklist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace comity::api {

namespace {

constexpr std::size_t place_bytes = 200;

json::Object clock_of(const node::WorkDuty& duty, bool mine) {
    json::Object out{{"act", duty.act}, {"side", duty.side}, {"role", duty.role}, {"mine", mine}};
    if (duty.due) out["due"] = to_text(*duty.due);
    return out;
}

} // namespace

std::string print_place(const node::WorkPlace& place) {
    return fmt::format(
        "{}.{}",
        place.at ? std::to_string(place.at->time_since_epoch().count()) : std::string("none"),
        place.case_id.str());
}

Result<node::WorkPlace> read_place(std::string_view text) {
    const auto dot = text.find('.');
    const auto bad = refuse(Code::json_malformed, say("after is what `next` of a page said"));
    if (dot == std::string_view::npos || text.size() > place_bytes || dot + 1 == text.size())
        return bad;
    node::WorkPlace place;
    place.case_id = CaseId(std::string(text.substr(dot + 1)));
    const auto time = text.substr(0, dot);
    if (time == "none") return place;
    std::int64_t at = 0;
    const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), at);
    if (error != std::errc() || end != time.data() + time.size()) return bad;
    place.at = Instant{Milliseconds{at}};
    return place;
}

// A place is the time and the hash of the last one of the page before.
std::string print_time_place(const node::TimePlace& place) {
    return fmt::format("{}.{}", to_text(place.first), text(place.second));
}

Result<std::optional<node::TimePlace>> read_time_place(const Call& call) {
    const auto after = call.request.query_if("after");
    if (!after) return std::optional<node::TimePlace>();
    const auto dot = after->rfind('.');
    const auto at = dot == std::string::npos ? std::nullopt : instant_from(after->substr(0, dot));
    const auto hash =
        dot == std::string::npos ? std::nullopt : digest_from_text(after->substr(dot + 1));
    if (!at || !hash)
        return refuse(Code::json_malformed, say("after is what `next` of a page said"));
    return std::optional(node::TimePlace(*at, *hash));
}

std::string reference_of(Api& api, node::StoreReader& reader, const CaseId& id) {
    const auto work = reader.find_work(id);
    return work ? node::reference_of(api.node(), *work) : id.str().substr(0, 8);
}

Instant end_of(const directory::PinnedCertificate& pinned) {
    const Instant own = pinned.certificate.not_after();
    return pinned.validity.until ? std::min(own, *pinned.validity.until) : own;
}

json::Object work_item(
    Api& api, const Call& call, const node::WorkRow& row, const Showing& showing) {
    json::Object out{
        {"case", row.case_id.str()},
        {"reference", node::reference_of(api.node(), row)},
        {"direction", row.direction},
        {"partner", row.partner.str()},
        {"partner_name", name_of(showing.directory, row.partner, showing.language)},
        {"procedure", row.procedure},
        {"category", row.category},
        {"state", row.state},
        {"holder", row.holder.str()},
        {"holder_name", name_of(showing.directory, row.holder, showing.language)},
        {"acts", row.acts},
        {"updated", to_text(row.updated)}};
    const auto* own = node::own_duty(row, call.session.roles);
    if (own && showing.own_first) {
        out["next"] = clock_of(*own, true);
    } else if (!row.act.empty()) {
        const bool mine = own && own->act == row.act;
        out["next"] = clock_of({row.role, row.act, row.side, row.due, {}}, mine);
        if (own && !mine) out["own"] = clock_of(*own, true);
    }
    if (row.seal_end) out["seal_end"] = to_text(*row.seal_end);
    if (showing.hands && !row.hands.empty()) out["hands"] = showing.hands->of(row);
    if (const auto reason = node::stuck_reason(row, showing.now); !reason.empty())
        out["stuck"] = reason;
    return out;
}

void each_certificate(
    const directory::Directory& directory,
    const std::function<
        void(const directory::Participant&, std::string_view, const directory::PinnedCertificate&)>&
        look) {
    for (const auto& participant : directory.participants()) {
        for (const auto& pinned : participant.seal)
            look(participant, "seal", pinned);
        for (const auto& pinned : participant.tls)
            look(participant, "tls", pinned);
        for (const auto& pinned : participant.sealing)
            look(participant, "sealing", pinned);
        for (const auto& office : participant.offices)
            for (const auto& pinned : office.sealing)
                look(participant, "sealing", pinned);
    }
}

bool is_plain_text(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t more = lead < 0x80   ? 0
                                 : lead < 0xc2 ? 4
                                 : lead < 0xe0 ? 1
                                 : lead < 0xf0 ? 2
                                 : lead < 0xf5 ? 3
                                               : 4;
        if (more == 4 || i + more >= text.size()) return false;
        std::uint32_t point = more == 0 ? lead : lead & (0x3fU >> more);
        for (std::size_t n = 1; n <= more; ++n) {
            const auto byte = static_cast<unsigned char>(text[i + n]);
            if ((byte & 0xc0) != 0x80) return false;
            point = point << 6 | (byte & 0x3fU);
        }
        const bool turns = (point >= 0x202a && point <= 0x202e) ||
                           (point >= 0x2066 && point <= 0x2069) || point == 0x200e ||
                           point == 0x200f || point == 0x061c;
        const bool hidden = point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x200b ||
                            point == 0x2028 || point == 0x2029 || point == 0xfeff;
        if (turns || hidden) return false;
        i += more + 1;
    }
    return true;
}

} // namespace comity::api
