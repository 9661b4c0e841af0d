// Reports of a quarter: made by a node, checked by anybody.
#include "apps/stats_command.hpp"

#include "apps/control.hpp"
#include "apps/monitor_stats.hpp"
#include "apps/setup.hpp"
#include "base/fault.hpp"
#include "directory/directory.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace comity::apps {

namespace {

struct Stats {
    std::string dir;
    std::string group = "requesting";
    std::string period;
    std::string out;
    std::string verify;
    std::string record;
    std::string vkey;
    std::string directory;
    std::vector<std::string> pins;
    bool json = false;
};

int refused(const Refusal& refusal) {
    fmt::print(stderr, "comity: {}\n", refusal.text());
    return 1;
}

int make(const Stats& a) {
    const auto report = Control(a.dir).get(fmt::format(
        "/statistics?class={}&period={}", http::encode_segment(a.group),
        http::encode_segment(a.period)));
    if (!report) return refused(report.error());
    if (a.out.empty())
        fmt::print("{}", json::pretty(*report));
    else
        write_new_file(a.out, json::pretty(*report), false);
    return 0;
}

Result<std::map<std::string, std::string>> check(const Stats& a) {
    TRY(const auto report, read_file(a.verify));
    if (!a.record.starts_with("https://")) {
        const auto source = directory_source(a.record);
        std::string vkey = a.vkey;
        if (vkey.empty()) vkey = source->get("vkey").value_or("");
        if (vkey.ends_with('\n')) vkey.pop_back();
        TRY(const auto key, record::VerifierKey::parse(vkey));
        return check_report(report, *source, key);
    }
    // From a server the key is not taken: it is pinned here, or by the signed directory.
    TRY(auto server, web_server(a.record));
    TRY(server.pins, pins_from(a.pins));
    std::string vkey = a.vkey;
    if (!a.directory.empty()) {
        TRY(const auto text, read_file(a.directory));
        TRY(const auto directory, directory::accept_first(text));
        for (const auto& participant : directory.participants()) {
            if (participant.host != server.host || participant.port != server.port) continue;
            if (vkey.empty()) vkey = participant.record.vkey;
            for (const auto& pinned : participant.tls)
                server.pins.push_back(pinned.certificate.fingerprint());
        }
    }
    if (vkey.empty() || server.pins.empty())
        return refuse(
            Code::setting_invalid,
            fmt::format(
                "how to know the record and the server of {}: give --directory, or --vkey and "
                "--pin",
                a.record));
    TRY(const auto key, record::VerifierKey::parse(vkey));
    return check_report(report, *web_source(std::move(server)), key);
}

int verify(const Stats& a) {
    Result<std::map<std::string, std::string>> told = refuse(Code::not_found, a.record);
    try {
        told = check(a);
    } catch (const Fault& fault) { // nobody answers, or another than was pinned
        fmt::print(stderr, "comity: {}\n", fault.what());
        return 1;
    }
    if (!told) return refused(told.error());
    json::Object out;
    for (const auto& [what, count] : *told) {
        out[what] = count;
        if (!a.json) fmt::print("{:<32}{}\n", what, count);
    }
    if (a.json) fmt::print("{}", json::pretty(out));
    return 0;
}

int run_stats(const Stats& a) {
    const bool makes = !a.dir.empty() && !a.period.empty();
    const bool checks = !a.verify.empty() && !a.record.empty();
    if (makes == checks) {
        fmt::print(
            stderr, "stats: give --dir and --period to make a report, or --verify and --record to "
                    "check one\n");
        return 2;
    }
    return makes ? make(a) : verify(a);
}

} // namespace

void add_stats(Command app, std::function<int()>& run) {
    const auto kept = std::make_shared<Stats>();
    auto& a = *kept;
    auto stats = app.add_subcommand(
        "stats", "Statistics of a quarter that anybody can check against the record");
    stats.add_option("--dir", a.dir, "the node's directory");
    stats.add_option("--class", a.group, "requesting, requested, provider or third");
    stats.add_option("--period", a.period, "a quarter that has ended, for example 2026-Q1");
    stats.add_option("--out", a.out, "the file to create");
    stats.add_option("--verify", a.verify, "a published report");
    stats.add_option("--record", a.record, "directory with the record's files, or its https URL");
    stats.add_option("--vkey", a.vkey, "the log's verifier key; otherwise the file vkey there");
    stats.add_option("--directory", a.directory, "the signed directory: keys and certificates");
    stats.add_option("--pin", a.pins, "SHA-256 of the server's certificate, hexadecimal");
    stats.add_flag("--json", a.json, "print JSON");
    stats.callback([&run, kept] {
        run = [kept] {
            return run_stats(*kept);
        };
    });
}

} // namespace comity::apps
