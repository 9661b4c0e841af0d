// The public doors and the public files of the practice world.
#include "apps/story_outside.hpp"

#include "apps/monitor_stats.hpp"
#include "base/limits.hpp"
#include "crypto/certificate.hpp"
#include "directory/directory.hpp"
#include "http/client.hpp"
#include "node/carry_challenge.hpp"

#include <fmt/format.h>

namespace comity::apps {

namespace {

Result<directory::Directory> signed_directory(const PracticeWorld& world) {
    TRY(const auto bytes, read_file(world.dir() / "directory.jws"));
    return directory::accept_first(bytes);
}

// A listener wants a certificate of every caller; this one was made a moment ago and is nobody's.
Result<std::unique_ptr<http::Client>> stranger(PracticeWorld& world, const std::string& node) {
    TRY(const auto directory, signed_directory(world));
    const auto* participant = directory.find(ParticipantId(node));
    CHECK_THAT(participant != nullptr);
    const auto key = crypto::PrivateKey::generate();
    // TLS knows the system's time only.
    const Instant now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    const auto certificate = crypto::make_certificate(
        key, {"somebody",
              "",
              "",
              {"somebody.invalid"},
              crypto::CertificateUse::tls,
              now - std::chrono::hours{1},
              now + std::chrono::hours{24}});
    http::ClientOptions options;
    options.host = participant->host;
    options.port = static_cast<std::uint16_t>(participant->port);
    options.certificate_pem = certificate.pem();
    options.key_pem = key.to_pem();
    options.accepts_server = [pins = participant->tls](const Digest& fingerprint) {
        return std::any_of(pins.begin(), pins.end(), [&](const auto& pin) {
            return pin.certificate.fingerprint() == fingerprint;
        });
    };
    return std::make_unique<http::Client>(std::move(options));
}

Result<Bytes> post(
    PracticeWorld& world, const std::string& node, const std::string& target,
    const json::Object& body) {
    constexpr Milliseconds patience = std::chrono::seconds{30};
    TRY(const auto client, stranger(world, node));
    const auto outcome = client->post_json(target, json::print(body), patience);
    if (!outcome) return refuse(Code::peer_away, outcome.error().problem);
    if (outcome->status < 300) return outcome->body;
    if (auto refusal = http::refusal_from(*outcome)) return tl::unexpected(std::move(*refusal));
    return refuse(
        Code::peer_away, fmt::format("{} answered {}: {}", node, outcome->status, outcome->body));
}

} // namespace

Result<Shown> look_up(PracticeWorld& world, const std::string& node, const std::string& code) {
    TRY(const auto body, post(world, node, "/notice/v1/look-up", {{"code", code}}));
    TRY(auto answer, json::parse_object(body, limits::catch_up_bytes));
    return Shown{std::move(answer), body.size()};
}

Result<void> file_challenge(
    PracticeWorld& world, const std::string& node, const json::Object& fields) {
    TRY(const auto body, post(world, node, "/notice/v1/challenge", fields));
    TRY(const auto answer, json::parse_object(body, limits::catch_up_bytes));
    TRY(const auto directory, signed_directory(world));
    TRY(const auto receipt, node::verify_filing_receipt(
                                directory, std::string(answer.at("receipt").as_string()),
                                std::string(answer.at("filing").as_string())));
    if (receipt.by != ParticipantId(node))
        return refuse(Code::seal_malformed, "the receipt is another node's");
    return {};
}

Result<MonitorReport> watch(PracticeWorld& world) {
    TRY(const auto directory, signed_directory(world));
    MonitorOptions options;
    std::string policy;
    for (const auto& participant : directory.participants()) {
        TRY(const auto key, record::VerifierKey::parse(participant.record.vkey));
        policy += "log " + participant.record.vkey + "\n";
        WatchedRecord record;
        record.name = participant.id.str();
        record.country = participant.country;
        record.keys = {key};
        record.source = directory_source(world.dir() / participant.id.str() / "record");
        options.records.push_back(std::move(record));
    }
    TRY(options.policy, record::Policy::parse(policy + directory.witness_policy()));
    for (const auto& witness : options.policy->witnesses())
        options.witnesses.push_back({witness.key, nullptr}); // its files are the record's here
    options.now = world.time().now();
    options.date = options.now;
    // A country that takes no part in a story adds nothing to its record while months pass.
    options.fresh = std::chrono::hours{24 * 366};
    return monitor(options);
}

Result<CheckedReport> checked_report(
    PracticeWorld& world, const std::string& node, const std::string& group,
    const std::string& period) {
    TRY(const auto report,
        world.control(node).get(fmt::format("/statistics?class={}&period={}", group, period)));
    const auto source = directory_source(world.dir() / node / "record");
    auto vkey = source->get("vkey").value_or("");
    if (vkey.ends_with('\n')) vkey.pop_back();
    TRY(const auto key, record::VerifierKey::parse(vkey));
    TRY(auto told, check_report(json::print(report), *source, key));
    return CheckedReport{report.at("cases").as_int64(), std::move(told)};
}

} // namespace comity::apps
