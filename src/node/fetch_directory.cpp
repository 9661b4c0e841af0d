// Asking others for newer directories.
#include "node/fetch_directory.hpp"

#include "base/limits.hpp"
#include "node/enrol.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

// Who is further behind goes on at the next beat.
constexpr int steps_at_once = 20;
// Versions that stand between two directories without having been one.
constexpr std::int64_t gap_most = 100;

std::optional<Bytes> get(Node& node, const ParticipantId& peer, const std::string& target) {
    Said problem;
    auto answer = node.peers().call(peer, {"GET", target, {}, {}, {}}, problem);
    if (!answer || answer->status != 200) return std::nullopt;
    return std::move(answer->body);
}

std::int64_t version_at(Node& node, const ParticipantId& peer) {
    const auto body = get(node, peer, "/exchange/v1/ping");
    const auto object = body ? json::parse_object(*body, limits::act_header_bytes)
                             : Result<json::Object>(refuse(Code::not_found, say("no answer")));
    if (!object) return 0;
    const auto* version = object->if_contains("directory");
    return version && version->is_int64() ? version->as_int64() : 0;
}

std::size_t fetch_from(Node& node, const ParticipantId& peer) {
    std::size_t installed = 0;
    const std::int64_t there = version_at(node, peer);
    for (int step = 0; step < steps_at_once; ++step) {
        const auto current = node.directory();
        if (!current || there <= (*current)->version()) break;
        const auto text =
            get(node, peer, fmt::format("/exchange/v1/directory?after={}", (*current)->version()));
        if (!text) break;
        if (const auto done = install_directory(node, *text); !done) {
            node.log(
                "directory refused", {{"from", peer.str()},
                                      {"code", std::string(done.error().name())},
                                      {"facts", done.error().facts.text()}});
            break;
        }
        const auto now = node.directory();
        if (!now || (*now)->version() <= (*current)->version()) break; // the same once more
        node.log(
            "directory fetched",
            {{"from", peer.str()}, {"version", std::to_string((*now)->version())}});
        ++installed;
    }
    return installed;
}

} // namespace

std::array<std::size_t, 2> peers_to_ask(std::size_t count, std::size_t self, std::uint64_t random) {
    CHECK_THAT(count >= 2 && self < count);
    const std::size_t others = count - 1;
    const std::size_t first = random % others;
    const std::size_t step = others > 1 ? 1 + (random / others) % (others - 1) : 0;
    const auto place = [&](std::size_t among_others) {
        return among_others < self ? among_others : among_others + 1;
    };
    return {place(first), place((first + step) % others)};
}

std::size_t fetch_directory(Node& node, std::uint64_t random) {
    const auto directory = node.directory();
    if (!directory) return 0;
    const auto& all = (*directory)->participants();
    const auto own = std::find_if(
        all.begin(), all.end(), [&](const auto& item) { return item.id == node.self(); });
    if (own == all.end() || all.size() < 2) return 0;
    std::size_t installed = 0;
    for (const auto place :
         peers_to_ask(all.size(), static_cast<std::size_t>(own - all.begin()), random))
        installed += fetch_from(node, all[place].id);
    return installed;
}

std::optional<std::string> directory_after(StoreReader& reader, std::int64_t after) {
    for (std::int64_t version = after + 1; version <= after + gap_most; ++version)
        if (auto text = reader.directory(version)) return text;
    // A longer gap: the newest, if that is newer at all.
    auto newest = reader.directory(std::nullopt);
    if (!newest) return std::nullopt;
    const auto jws = crypto::parse_jws(*newest, limits::directory_bytes * 2);
    const auto read = jws ? directory::Directory::read(jws->payload)
                          : Result<directory::Directory>(tl::unexpected(jws.error()));
    if (!read || read->version() <= after) return std::nullopt;
    return newest;
}

} // namespace comity::node
