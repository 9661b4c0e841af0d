// The command `monitor`: whom to watch, from the command line or a signed directory, and what to
// say about it.
#include "apps/monitor_state.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "directory/directory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace comity::apps {

namespace {

namespace fs = std::filesystem;

Bytes read_given(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw Fault(fmt::format("cannot read {}", path.string()));
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Result<void> wrong(std::string text) {
    return refuse(Code::setting_invalid, std::move(text));
}

class Reading {
public:
    Reading(const MonitorCommand& command, MonitorOptions& out) : command_(command), out_(out) {}

    Result<void> run() {
        TRY_VOID(read_dates());
        TRY_VOID(read_pins());
        if (command_.directory) TRY_VOID(read_directory());
        TRY_VOID(read_policy());
        for (const auto& place : command_.places)
            TRY_VOID(add_place(place));
        if (command_.places.empty() && directory_) TRY_VOID(add_everybody());
        if (out_.records.empty()) return wrong("nothing to watch: name a record or a directory");
        return {};
    }

private:
    Result<void> read_dates() {
        out_.date = out_.now;
        if (!command_.date.empty()) {
            const auto day = day_from(command_.date);
            if (!day) return wrong(fmt::format("--date {} is not a day", command_.date));
            out_.date = *day;
        }
        constexpr std::int64_t hours_max = 24 * 366;
        if (command_.fresh_hours < 1 || command_.fresh_hours > hours_max)
            return wrong("--fresh is a number of hours from 1 on, at most a year");
        out_.fresh = std::chrono::hours{command_.fresh_hours};
        out_.state = command_.state;
        out_.whole = command_.whole;
        return {};
    }

    Result<void> read_pins() {
        TRY(pins_, pins_from(command_.pins));
        return {};
    }

    Result<void> read_directory() {
        TRY(directory_, directory::accept_first(read_given(*command_.directory)));
        if (directory_->expires() <= out_.now)
            return refuse(
                Code::directory_expired,
                fmt::format(
                    "directory version {} expired at {}", directory_->version(),
                    to_text(directory_->expires())));
        return {};
    }

    Result<void> read_policy() {
        std::string text;
        if (command_.policy) {
            text = read_given(*command_.policy);
        } else if (directory_) {
            for (const auto& participant : directory_->participants())
                if (!participant.record.vkey.empty())
                    text += "log " + participant.record.vkey + "\n";
            text += directory_->witness_policy();
        } else {
            return {};
        }
        TRY(out_.policy, record::Policy::parse(text));
        for (const auto& witness : out_.policy->witnesses())
            if (witness.key.is_usable()) {
                TRY(auto source, witness_source(witness));
                out_.witnesses.push_back({witness.key, std::move(source)});
            }
        return {};
    }

    // By its URL in the policy, or as the participant of that name in the directory.
    Result<std::shared_ptr<RecordSource>> witness_source(const record::Policy::Witness& witness) {
        if (!witness.url.empty()) {
            TRY(const auto url, web_server(witness.url));
            TRY(auto server, server_of(url, witness.url));
            return web_source(std::move(server));
        }
        const auto* participant =
            directory_ ? directory_->find(ParticipantId(witness.name)) : nullptr;
        if (!participant) return std::shared_ptr<RecordSource>();
        return web_source(server_of(*participant, "/witness/v1"));
    }

    static WebServer server_of(const directory::Participant& participant, std::string prefix) {
        WebServer out{
            participant.host, static_cast<std::uint16_t>(participant.port), std::move(prefix), {}};
        for (const auto& pinned : participant.tls)
            out.pins.push_back(pinned.certificate.fingerprint());
        return out;
    }

    Result<WebServer> server_of(const WebServer& url, std::string_view text) const {
        WebServer out = url;
        out.pins = pins_;
        if (directory_)
            for (const auto& participant : directory_->participants())
                if (participant.host == url.host && participant.port == url.port)
                    for (const auto& pinned : participant.tls)
                        out.pins.push_back(pinned.certificate.fingerprint());
        if (out.pins.empty())
            return refuse(
                Code::setting_invalid,
                fmt::format("how to know the server of {}: give --pin or --directory", text));
        return out;
    }

    Result<void> add_place(std::string place) {
        WatchedRecord record;
        if (place.size() > 3 && place[2] == '=' && place[0] >= 'A' && place[0] <= 'Z' &&
            place[1] >= 'A' && place[1] <= 'Z') {
            record.country = place.substr(0, 2);
            place.erase(0, 3);
        }
        record.name = place;
        if (place.starts_with("https://")) {
            TRY(const auto url, web_server(place));
            TRY(auto server, server_of(url, place));
            record.source = web_source(std::move(server));
            if (directory_)
                for (const auto& participant : directory_->participants())
                    if (participant.host == url.host && participant.port == url.port)
                        TRY_VOID(name_as(record, participant));
        } else {
            record.source = directory_source(place);
        }
        if (record.keys.empty()) TRY_VOID(find_key(record));
        out_.records.push_back(std::move(record));
        return {};
    }

    static Result<void> name_as(WatchedRecord& record, const directory::Participant& participant) {
        TRY(const auto key, record::VerifierKey::parse(participant.record.vkey));
        record.keys = {key};
        record.name = participant.id.str();
        if (record.country.empty()) record.country = participant.country;
        return {};
    }

    // The key that was given; else, by the origin that the checkpoint claims, the key of that name
    // in directory or policy.
    Result<void> find_key(WatchedRecord& record) {
        if (!command_.vkey.empty()) {
            if (command_.places.size() != 1) return wrong("--vkey is the key of one record");
            TRY(const auto key, record::VerifierKey::parse(command_.vkey));
            record.keys = {key};
            return {};
        }
        if (!directory_ && !out_.policy) return {};
        const auto note = record.source->get("checkpoint");
        const std::string origin = note ? note->substr(0, note->find('\n')) : "";
        if (directory_)
            for (const auto& participant : directory_->participants())
                if (participant.record.origin == origin) return name_as(record, participant);
        if (out_.policy)
            for (const auto& log : out_.policy->logs())
                if (log.key.name == origin) record.keys.push_back(log.key);
        return {};
    }

    Result<void> add_everybody() {
        for (const auto& participant : directory_->participants()) {
            if (participant.record.vkey.empty()) continue;
            WatchedRecord record;
            TRY_VOID(name_as(record, participant));
            record.source = web_source(server_of(participant, "/record"));
            out_.records.push_back(std::move(record));
        }
        return {};
    }

    const MonitorCommand& command_;
    MonitorOptions& out_;
    std::optional<directory::Directory> directory_;
    std::vector<Digest> pins_;
};

void show_progress(const std::string& record, std::uint64_t done, std::uint64_t all) {
    constexpr std::uint64_t width = 30;
    const auto full = all == 0 ? width : width * done / all;
    fmt::print(
        stderr, "\r\033[K{:<30.30} [{}{}] {}/{}", record, std::string(full, '='),
        std::string(width - full, ' '), done, all);
    std::fflush(stderr);
}

void print_record(const RecordReport& record) {
    fmt::print(
        "{}{}: {} leaves{}, {} cosignatures{}, {} obligations open\n", record.name,
        record.country.empty() ? "" : " (" + record.country + ")", record.size,
        record.known > 0
            ? fmt::format(" ({} new)", record.size - std::min(record.known, record.size))
            : std::string(),
        record.cosigned_by.size(),
        record.newest_cosignature ? ", the newest of " + to_text(*record.newest_cosignature)
                                  : std::string(),
        record.obligations.open().size());
    for (const auto& line : record.problems)
        fmt::print("  PROBLEM  {}\n", line);
    for (const auto& item : record.overdue)
        fmt::print(
            "  OVERDUE  {} since {}, leaf {}{}\n", record::name_of(item.duty), day_text(item.day),
            item.index,
            item.extensions > 0 ? fmt::format(", extended {} times before", item.extensions)
                                : std::string());
    for (const auto& line : record.remarks)
        fmt::print("  remark   {}\n", line);
}

void print_report(const MonitorReport& report, const MonitorOptions& options) {
    for (const auto& record : report.records)
        print_record(record);
    for (const auto& [where, counts] : report.overdue)
        fmt::print(
            "{}: overdue on {}: {} notices, {} deletions, {} authorisations\n", where,
            day_text(options.date), counts[0], counts[1], counts[2]);
    if (report.overdue.empty()) fmt::print("nothing is overdue on {}\n", day_text(options.date));
    for (const auto& path : report.evidence_files)
        fmt::print("evidence: {}\n", path.string());
}

int check_given_evidence(const MonitorCommand& command) {
    const auto key = record::VerifierKey::parse(command.vkey);
    if (!key) {
        fmt::print(stderr, "monitor: evidence is checked with the log's key: --vkey\n");
        return 2;
    }
    const auto shown = check_evidence(read_given(*command.evidence), *key);
    fmt::print("{}\n", shown ? *shown : shown.error().text());
    return shown ? 0 : 1;
}

} // namespace

int run_monitor(const MonitorCommand& command, Instant now) {
    if (command.evidence) return check_given_evidence(command);
    MonitorOptions options;
    options.now = now;
    if (const auto read = Reading(command, options).run(); !read) {
        fmt::print(stderr, "monitor: {}\n", read.error().text());
        return 2;
    }
    const bool on_terminal = isatty(STDERR_FILENO) == 1;
    if (on_terminal) options.progress = show_progress;
    const auto report = monitor(options);
    if (on_terminal) fmt::print(stderr, "\r\033[K");
    if (command.as_json)
        fmt::print("{}", json::pretty(describe(report, options)));
    else
        print_report(report, options);
    std::fflush(stdout);
    return report.is_clean() ? 0 : 1;
}

} // namespace comity::apps
