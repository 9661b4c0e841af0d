// Routes for other nodes and for the public.
#include "base/limits.hpp"
#include "http/control_routes.hpp"
#include "http/notice_routes.hpp"
#include "http/rates.hpp"
#include "http/routes.hpp"
#include "node/compare_records.hpp"
#include "node/fetch_directory.hpp"
#include "node/receive_act.hpp"
#include "node/sightings.hpp"
#include "node/transfer_evidence.hpp"
#include "node/try_partner.hpp"
#include "node/witness_checkpoint.hpp"

#include <fmt/format.h>

#include <charconv>

namespace comity::http {

namespace {

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

/// `bytes 0-99/1000`, or `bytes */1000` to ask how much has arrived.
struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t total = 0;
    std::optional<std::uint64_t> last;
};

Result<ContentRange> content_range(const Request& request) {
    const auto refused = refuse(
        Code::evidence_incomplete,
        say("Content-Range is \"bytes first-last/total\" or \"bytes */total\""));
    const auto field = request.headers.find("Content-Range");
    if (!field || !field->starts_with("bytes ")) return refused;
    const std::string_view text = field->substr(6);
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return refused;
    ContentRange out;
    const auto total = number_in(text.substr(slash + 1));
    if (!total) return refused;
    out.total = *total;
    if (text.substr(0, slash) == "*") return out;
    const auto dash = text.find('-');
    if (dash == std::string_view::npos || dash > slash) return refused;
    const auto first = number_in(text.substr(0, dash));
    const auto last = number_in(text.substr(dash + 1, slash - dash - 1));
    if (!first || !last || *last < *first || *last - *first + 1 != request.body.size())
        return refused;
    out.first = *first;
    out.last = last;
    return out;
}

Result<node::EvidencePlace> evidence_place(const Request& request) {
    const auto hash = digest_from_text(request.param("hash"));
    if (!hash || !is_name(request.param("case"))) return refuse(Code::not_found, request.path);
    return node::EvidencePlace{CaseId(request.param("case")), *hash};
}

ParticipantId peer_of(const Request& request) {
    return ParticipantId(request.peer.value_or(""));
}

Response post_act(Services& services, const Request& request) {
    const auto passage = node::receive_act(services.node, peer_of(request), request.body);
    if (!passage) return problem(passage.error());
    services.nudge();
    return json_response(
        200, json::Object{{"receipt", passage->receipt}, {"repeated", passage->repeated}});
}

Response post_sighting(Services& services, const Request& request) {
    const auto taken = node::receive_sighting(services.node, peer_of(request), request.body);
    if (!taken) return problem(taken.error());
    return json_response(200, json::Object{{"repeated", !*taken}});
}

Response get_acts(Services& services, const Request& request) {
    constexpr std::size_t page = 100;
    const auto after = number_in(request.query_if("after").value_or("0"));
    if (!after || *after > limits::acts_per_case || !is_name(request.param("case")))
        return problem(Refusal{Code::not_found, Said::value(request.path), {}, {}, {}});
    const auto acts = node::acts_for(
        services.node, peer_of(request), CaseId(request.param("case")),
        static_cast<std::int64_t>(*after), page);
    if (!acts) return problem(acts.error());
    json::Array list;
    for (const auto& act : *acts)
        list.emplace_back(act);
    return json_response(200, json::Object{{"acts", std::move(list)}});
}

Response get_leaves(Services& services, const Request& request) {
    const auto after = number_in(request.query_if("after").value_or("0"));
    if (!after || *after > limits::acts_per_case || !is_name(request.param("case")))
        return problem(Refusal{Code::not_found, Said::value(request.path), {}, {}, {}});
    const auto places = node::leaves_for(
        services.node, peer_of(request), CaseId(request.param("case")),
        static_cast<std::int64_t>(*after));
    if (!places) return problem(places.error());
    return json_response(200, node::print_places(*places));
}

Response put_evidence(Services& services, const Request& request) {
    const auto place = evidence_place(request);
    if (!place) return problem(place.error());
    const auto range = content_range(request);
    if (!range) return problem(range.error());
    const auto progress = node::take_chunk(
        services.node, peer_of(request), place->case_id, place->hash,
        {range->first, range->total, request.body});
    if (!progress) return problem(progress.error());
    return json_response(
        progress->complete ? 200 : 202,
        json::Object{
            {"received", static_cast<std::int64_t>(progress->received)},
            {"complete", progress->complete}});
}

Response get_evidence(Services& services, const Request& request) {
    const auto place = evidence_place(request);
    if (!place) return problem(place.error());
    std::uint64_t first = 0;
    if (const auto range = request.headers.find("Range"); range && range->starts_with("bytes="))
        first = number_in(range->substr(6, range->find('-') - 6)).value_or(0);
    auto bytes = node::give_range(
        services.node, peer_of(request), place->case_id, place->hash, first,
        limits::evidence_chunk_bytes);
    if (!bytes) return problem(bytes.error());
    Response response;
    response.status = 206;
    response.content_type = "application/octet-stream";
    const std::size_t size = bytes->size();
    response.headers.set(
        "Content-Range", size == 0 ? fmt::format("bytes */{}", first)
                                   : fmt::format("bytes {}-{}/*", first, first + size - 1));
    response.body = std::move(*bytes);
    return response;
}

// With `after=N` the one that followed version N here, for who checks each against the one before.
Response get_directory(Services& services, const Request& request) {
    std::optional<std::string> text;
    const auto wanted = request.query_if("after");
    const auto after = number_in(wanted.value_or("0"));
    constexpr std::uint64_t versions_most = std::uint64_t{1} << 53;
    if (!after || *after > versions_most)
        return problem(Refusal{Code::not_found, Said::value(request.path), {}, {}, {}});
    services.node.store().read([&](node::StoreReader& reader) {
        text = wanted ? node::directory_after(reader, static_cast<std::int64_t>(*after))
                      : reader.directory(std::nullopt);
    });
    if (!text && wanted)
        return problem(Refusal{Code::not_found, Said::value(request.path), {}, {}, {}});
    if (!text)
        return problem(
            Refusal{Code::not_initialised, say("no directory has been installed"), {}, {}, {}});
    Response response;
    response.content_type = "application/jose+json";
    response.body = *text;
    return response;
}

Response get_ping(Services& services, const Request&) {
    const auto directory = services.node.directory();
    return json_response(
        200, json::Object{
                 {"participant", services.node.self().str()},
                 {"time", to_text(services.node.now())},
                 {"directory", directory ? (*directory)->version() : 0},
                 {"law_pack", services.node.law().pack().digest()}});
}

Response post_test(Services& services, const Request& request) {
    const auto receipt = node::answer_test(services.node, peer_of(request), request.body);
    if (!receipt) return problem(receipt.error());
    return json_response(200, json::Object{{"receipt", *receipt}});
}

Response post_checkpoint(Services& services, const Request& request) {
    auto answer = node::witness_checkpoint(services.node, request.body);
    Response response;
    response.status = answer.status;
    response.content_type = answer.content_type;
    response.body = std::move(answer.body);
    return response;
}

Response get_witnessed(Services& services, const Request& request) {
    auto note = node::witnessed_checkpoint(services.node, request.param("origin"));
    if (!note) return problem(Refusal{Code::not_found, Said::value(request.path), {}, {}, {}});
    return text_response(200, std::move(*note));
}

// Record files are named by us; a path that does not parse as one of them is not looked up.
Response get_record(Services& services, const Request& request) {
    const std::string& path = request.param("path");
    const auto tile = record::TileId::from_path(path);
    if (path != "checkpoint" && path != "vkey" && !tile)
        return problem(Refusal{Code::not_found, Said::value(path), {}, {}, {}});
    auto bytes = services.node.files().read("record/" + path);
    if (!bytes) return problem(Refusal{Code::not_found, Said::value(path), {}, {}, {}});
    Response response;
    response.content_type = tile ? "application/octet-stream" : "text/plain; charset=utf-8";
    response.headers.set(
        "Cache-Control", tile ? "public, max-age=31536000, immutable" : "no-cache");
    response.body = std::move(*bytes);
    return response;
}

Response get_ready(Services& services, const Request&) {
    if (const auto why = services.not_ready()) return text_response(503, *why + "\n");
    return text_response(200, "ready\n");
}

void add_public(Router& router, Services& s) {
    const auto bind = [&s](Response (*handler)(Services&, const Request&)) {
        return [&s, handler](const Request& request) {
            return handler(s, request);
        };
    };
    // The federation's rates, or the usual ones before there is a directory.
    const auto rules = [&s] {
        const auto directory = s.node.directory();
        return directory ? (*directory)->rules().rates : directory::Rules().rates;
    };
    const auto buckets = std::make_shared<PartnerRates>();
    const auto within = [&](CallKind kind, Response (*handler)(Services&, const Request&)) {
        return limited(buckets, kind, rules, bind(handler));
    };
    router.add(
        {"POST", "/exchange/v1/acts", Who::peer, limits::envelope_bytes,
         "Submit an act, or pass on an admitted one", within(CallKind::acts, post_act)});
    router.add(
        {"POST", "/exchange/v1/sightings", Who::peer, limits::act_seal_bytes,
         "That a provider's person was shown a case, sealed; names nobody",
         within(CallKind::acts, post_sighting)});
    router.add(
        {"GET", "/exchange/v1/cases/{case}/acts", Who::peer, 0,
         "Acts of a case the caller takes part in", within(CallKind::other, get_acts)});
    router.add(
        {"GET", "/exchange/v1/cases/{case}/leaves", Who::peer, 0,
         "Where the acts of a case stand in the record, for an oversight body of it",
         within(CallKind::other, get_leaves)});
    router.add(
        {"PUT", "/exchange/v1/evidence/{case}/{hash}", Who::peer, limits::evidence_chunk_bytes,
         "A chunk of ciphertext, resumable", within(CallKind::evidence, put_evidence)});
    router.add(
        {"GET", "/exchange/v1/evidence/{case}/{hash}", Who::peer, 0, "A range of ciphertext",
         within(CallKind::evidence, get_evidence)});
    router.add(
        {"GET", "/exchange/v1/directory", Who::peer, 0, "The directory in force here",
         within(CallKind::other, get_directory)});
    router.add(
        {"GET", "/exchange/v1/ping", Who::peer, 0, "Reachability, version, clock",
         within(CallKind::other, get_ping)});
    router.add(
        {"POST", "/exchange/v1/test", Who::peer, limits::act_seal_bytes,
         "A signed test message; answered with a receipt, and kept nowhere",
         within(CallKind::other, post_test)});
    router.add(
        {"POST", "/witness/v1/add-checkpoint", Who::anybody, limits::note_bytes,
         "C2SP tlog-witness", within(CallKind::other, post_checkpoint)});
    router.add(
        {"GET", "/witness/v1/{origin}/checkpoint", Who::anybody, 0,
         "The latest checkpoint cosigned here", within(CallKind::other, get_witnessed)});
    router.add(
        {"GET", "/record/{path...}", Who::anybody, 0, "The public record: checkpoint and tiles",
         bind(get_record)});
    router.add({"GET", "/live", Who::anybody, 0, "The process answers", [](const Request&) {
                    return text_response(200, "live\n");
                }});
    router.add(
        {"GET", "/ready", Who::anybody, 0, "The node can sign, write and read its directory",
         bind(get_ready)});
    add_notices(router, s);
}

} // namespace

Router public_routes(Services& services) {
    Router router;
    add_public(router, services);
    return router;
}

Router control_routes(Services& services) {
    Router router;
    add_public(router, services);
    add_control(router, services);
    return router;
}

} // namespace comity::http
