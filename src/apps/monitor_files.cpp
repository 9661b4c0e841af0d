// The monitor's sources and files: records on disk and on the web, its state, its evidence.
#include "apps/monitor_state.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/certificate.hpp"
#include "crypto/hash.hpp"
#include "http/client.hpp"
#include "record/checkpoint.hpp"
#include "record/witness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace comity::apps {

namespace {

namespace fs = std::filesystem;

// The largest file of a record: a bundle of 256 entries with their lengths.
constexpr std::uint64_t record_file_bytes = 256 * (limits::record_entry_bytes + 2);

std::optional<Bytes> read_if_there(const fs::path& path, std::uint64_t bytes_max) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found) return std::nullopt;
    if (error || status.type() != fs::file_type::regular || fs::file_size(path) > bytes_max)
        throw Fault(fmt::format("{} is no regular file of a fit size", path.string()));
    std::ifstream in(path, std::ios::binary);
    Bytes out{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in && !in.eof()) throw Fault(fmt::format("cannot read {}", path.string()));
    return out;
}

void write_whole(const fs::path& path, BytesView bytes) {
    fs::create_directories(path.parent_path());
    fs::path made = path;
    made += ".new";
    std::ofstream out(made, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) throw Fault(fmt::format("cannot write {}", made.string()));
    fs::rename(made, path);
}

class DirectorySource final : public RecordSource {
public:
    explicit DirectorySource(fs::path directory) : directory_(std::move(directory)) {
        if (!fs::is_directory(directory_))
            throw Fault(fmt::format("{} is not a directory", directory_.string()));
    }

    std::optional<Bytes> get(const std::string& path) override {
        return read_if_there(directory_ / path, record_file_bytes);
    }

private:
    fs::path directory_;
};

// Servers want a certificate of every caller; whoever monitors is nobody in particular.
struct Nobody {
    Bytes key;
    Bytes certificate;
};

const Nobody& nobody() {
    static const Nobody made = [] {
        const auto key = crypto::PrivateKey::generate();
        const auto now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
        const auto certificate = crypto::make_certificate(
            key, {"monitor",
                  "",
                  "",
                  {"monitor.invalid"},
                  crypto::CertificateUse::tls,
                  now - std::chrono::hours{1},
                  now + std::chrono::hours{24 * 30}});
        return Nobody{key.to_pem(), certificate.pem()};
    }();
    return made;
}

class WebSource final : public RecordSource {
public:
    explicit WebSource(WebServer server)
        : prefix_(std::move(server.prefix)),
          where_(fmt::format("https://{}:{}", server.host, server.port)) {
        http::ClientOptions options;
        options.host = server.host;
        options.port = server.port;
        options.certificate_pem = nobody().certificate;
        options.key_pem = nobody().key;
        options.response_bytes_max = record_file_bytes;
        options.accepts_server = [pins = std::move(server.pins)](const Digest& fingerprint) {
            return std::find(pins.begin(), pins.end(), fingerprint) != pins.end();
        };
        client_ = std::make_unique<http::Client>(std::move(options));
    }

    std::optional<Bytes> get(const std::string& path) override {
        constexpr Milliseconds patience = std::chrono::seconds{30};
        auto outcome = client_->get(prefix_ + "/" + path, patience);
        if (!outcome) throw Fault(fmt::format("{}: {}", where_, outcome.error().problem.text()));
        if (outcome->status == 404) return std::nullopt;
        if (outcome->status != 200)
            throw Fault(fmt::format("{}{}/{} answered {}", where_, prefix_, path, outcome->status));
        return std::move(outcome->body);
    }

private:
    std::string prefix_;
    std::string where_;
    std::unique_ptr<http::Client> client_;
};

fs::path place_of(const fs::path& directory, std::string_view origin) {
    return directory / record::origin_directory(origin);
}

json::Array print_counts(const std::array<std::uint64_t, record::leaf_kinds>& counts) {
    json::Array out;
    for (const auto count : counts)
        out.emplace_back(static_cast<std::int64_t>(count));
    return out;
}

Result<TakenState> parse_state(BytesView bytes) {
    TRY(const auto object, json::parse_object(bytes, limits::monitor_state_bytes));
    json::Reader in{object, "state"};
    TakenState out;
    const auto version = in.string("comity");
    out.origin = in.string("origin");
    out.vkey = in.string("vkey");
    out.note = in.string("checkpoint");
    const auto frontier = from_base64url(in.string("frontier"));
    const auto owed = in.string("obligations");
    const auto& leaves = in.array("leaves");
    TRY_VOID(in.done());
    if (version != "monitor/1" || !frontier || leaves.size() > out.leaves.size())
        return refuse(Code::proof_malformed, "not a monitor's state");
    TRY(out.frontier, record::Frontier::from_bytes(*frontier));
    TRY(out.obligations, record::Obligations::parse(owed));
    // Fewer: kept by a program that knew fewer kinds, and skipped the others.
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (!leaves[i].is_int64() || leaves[i].as_int64() < 0)
            return refuse(Code::proof_malformed, "a count of the state");
        out.leaves[i] = static_cast<std::uint64_t>(leaves[i].as_int64());
    }
    return out;
}

} // namespace

std::shared_ptr<RecordSource> directory_source(fs::path directory) {
    return std::make_shared<DirectorySource>(std::move(directory));
}

std::shared_ptr<RecordSource> web_source(WebServer server) {
    return std::make_shared<WebSource>(std::move(server));
}

Result<WebServer> web_server(std::string_view url) {
    const auto bad = [&] {
        return refuse(Code::setting_invalid, fmt::format("{} is not an https URL", url));
    };
    std::string_view rest = url;
    if (!rest.starts_with("https://")) return bad();
    rest.remove_prefix(8);
    const auto slash = std::min(rest.find('/'), rest.size());
    WebServer out;
    out.prefix = rest.substr(slash);
    while (out.prefix.ends_with('/'))
        out.prefix.pop_back();
    auto authority = rest.substr(0, slash);
    const auto colon = authority.rfind(':');
    if (colon != std::string_view::npos && !authority.ends_with(']')) {
        const auto port = record::decimal_from(authority.substr(colon + 1));
        if (!port || *port == 0 || *port > 65'535) return bad();
        out.port = static_cast<std::uint16_t>(*port);
        authority = authority.substr(0, colon);
    }
    if (authority.empty() || authority.find('@') != std::string_view::npos) return bad();
    out.host = authority;
    return out;
}

Result<std::vector<Digest>> pins_from(const std::vector<std::string>& texts) {
    std::vector<Digest> out;
    for (const auto& text : texts) {
        const auto bytes = from_hex(text);
        const auto digest = bytes ? digest_from(*bytes) : std::nullopt;
        if (!digest)
            return refuse(
                Code::setting_invalid, fmt::format("--pin {} is not SHA-256 in hexadecimal", text));
        out.push_back(*digest);
    }
    return out;
}

std::optional<TakenState> read_state(const fs::path& directory, std::string_view origin) {
    const auto path = place_of(directory, origin) / "state.json";
    const auto bytes = read_if_there(path, limits::monitor_state_bytes);
    if (!bytes) return std::nullopt;
    auto state = parse_state(*bytes);
    if (!state || state->origin != origin)
        throw Fault(fmt::format(
            "{} is not readable ({}); with --whole in another directory the record is read anew",
            path.string(), state ? "another record's" : state.error().facts.text()));
    return std::move(*state);
}

void write_state(const fs::path& directory, const TakenState& state, Instant now) {
    const auto place = place_of(directory, state.origin);
    write_whole(
        place / "state.json", json::print(json::Object{
                                  {"comity", "monitor/1"},
                                  {"origin", state.origin},
                                  {"vkey", state.vkey},
                                  {"checkpoint", state.note},
                                  {"frontier", to_base64url(state.frontier.to_bytes())},
                                  {"obligations", state.obligations.print()},
                                  {"leaves", print_counts(state.leaves)}}));
    // One line for each checkpoint that was found good: append-only, for whoever asks later.
    const auto note = record::Note::parse(state.note);
    const auto checkpoint = note ? record::Checkpoint::parse(note->text)
                                 : Result<record::Checkpoint>(tl::unexpected(note.error()));
    CHECK_THAT(checkpoint.has_value()); // it was opened before
    std::ofstream history(place / "history", std::ios::binary | std::ios::app);
    history << to_text(now) << ' ' << checkpoint->size << ' ' << text(checkpoint->root) << '\n';
}

fs::path write_evidence(const fs::path& directory, const Evidence& evidence, Instant now) {
    auto object = describe(evidence);
    object["found"] = to_text(now);
    const Bytes body = json::pretty(object);
    // The name is of what it shows, so that the same lie found again is the same file.
    const Digest name = crypto::tagged_hash(
        "comity/monitor/evidence/v1", {evidence.kind, std::string_view("\0", 1), evidence.first,
                                       std::string_view("\0", 1), evidence.second});
    const auto path = directory / "evidence" /
                      fmt::format("{}-{}.json", evidence.kind, to_hex(view(name)).substr(0, 32));
    if (!fs::exists(path)) write_whole(path, body);
    return path;
}

} // namespace comity::apps
