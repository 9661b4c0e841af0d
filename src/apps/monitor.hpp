// The monitor: checks records from outside with nothing but what is public, keeps a small state of
// its own, and writes down the evidence when it finds a lie. Like the verifier it shares no deed
// with a node, so that a fault there does not excuse itself here.
#pragma once

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "record/obligations.hpp"
#include "record/policy.hpp"

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace comity::apps {

/// Where files of a record, or a witness's view of it, come from.
class RecordSource {
public:
    virtual ~RecordSource() = default;
    /// The file's bytes, or nothing when there is none. Faults when nobody can be asked.
    virtual std::optional<Bytes> get(const std::string& path) = 0;
};

/// A record's directory on this machine.
std::shared_ptr<RecordSource> directory_source(std::filesystem::path directory);

/// A web server. It is the right one when its certificate has one of these SHA-256 fingerprints; a
/// record's own signatures do not depend on it.
struct WebServer {
    std::string host;
    std::uint16_t port = 443;
    std::string prefix; ///< before the path, without a slash at its end
    std::vector<Digest> pins;
};

std::shared_ptr<RecordSource> web_source(WebServer server);
/// The server of an https URL, still without pins. Refuses with setting_invalid.
Result<WebServer> web_server(std::string_view url);
/// SHA-256 of certificates in hexadecimal, as people copy them. Refuses with setting_invalid.
Result<std::vector<Digest>> pins_from(const std::vector<std::string>& texts);

struct WatchedRecord {
    std::string name;    ///< for people: the participant, or what was given
    std::string country; ///< two letters; empty when it is not known
    /// Of the log; several after a change. Empty: the key that the source shows is taken at first
    /// sight and kept in the state.
    std::vector<record::VerifierKey> keys;
    std::shared_ptr<RecordSource> source;
};

struct WatchedWitness {
    record::VerifierKey key;
    std::shared_ptr<RecordSource> source; ///< of its monitoring prefix; null: it cannot be asked
};

struct MonitorOptions {
    std::vector<WatchedRecord> records;
    std::optional<record::Policy> policy; ///< how many cosignatures are enough
    std::vector<WatchedWitness> witnesses;
    std::optional<std::filesystem::path> state;
    Instant now;
    Instant date; ///< overdue as of this day
    std::chrono::seconds fresh = std::chrono::hours{24};
    bool whole = false; ///< read each record from its first leaf although a state is there
    std::function<void(const std::string& record, std::uint64_t done, std::uint64_t all)> progress;
};

/// What one record was found to be.
struct RecordReport {
    std::string name;
    std::string country;
    std::string origin;
    std::uint64_t size = 0;
    std::uint64_t known = 0; ///< size at the last visit; 0 for none
    std::vector<std::string> cosigned_by;
    std::optional<Instant> newest_cosignature;
    std::array<std::uint64_t, record::leaf_kinds> leaves{};
    record::Obligations obligations;
    std::vector<record::OpenObligation> overdue;
    std::vector<std::string> problems; ///< each one line
    std::vector<std::string> remarks;  ///< what could not be judged
};

/// A lie that somebody else can check: two notes that cannot both be true of one log.
struct Evidence {
    std::string kind; ///< fork, rewritten, rolled-back, hidden, root
    std::string origin;
    std::string text;
    Bytes first;  ///< a signed checkpoint
    Bytes second; ///< another; empty for `root`
    /// That the tree of `second` begins with this root at the size of `first`, with its proof.
    std::optional<Digest> prefix_root;
    std::vector<Digest> path;
};

struct MonitorReport {
    std::vector<RecordReport> records;
    std::vector<Evidence> evidence;
    std::vector<std::filesystem::path> evidence_files;
    /// Overdue obligations by country (a record's name where none is known) and duty.
    std::map<std::string, std::array<std::size_t, 3>> overdue;

    [[nodiscard]] bool is_clean() const;
};

MonitorReport monitor(const MonitorOptions& options);

json::Object describe(const MonitorReport& report, const MonitorOptions& options);
json::Object describe(const Evidence& evidence);

/// Whether a file of evidence shows what it says, by the log's key alone: two checkpoints that it
/// signed and that contradict each other. Refuses with the reason why it does not.
Result<std::string> check_evidence(BytesView file, const record::VerifierKey& log);

/// The command. Returns 0 when all is well and nothing is overdue, 1 when not, 2 for a wrong call.
struct MonitorCommand {
    std::vector<std::string> places;                ///< [COUNTRY=]DIRECTORY or [COUNTRY=]https://…
    std::optional<std::filesystem::path> directory; ///< signed directory: whom to watch, and keys
    std::optional<std::filesystem::path> policy;
    std::optional<std::filesystem::path> state;
    std::optional<std::filesystem::path> evidence; ///< check this file instead
    std::string vkey; ///< of the evidence's log, or of the one record that is named
    std::string date;
    std::vector<std::string> pins; ///< SHA-256 of a server's certificate, hexadecimal
    std::int64_t fresh_hours = 24;
    bool whole = false;
    bool as_json = false;
};

int run_monitor(const MonitorCommand& command, Instant now);

} // namespace comity::apps
