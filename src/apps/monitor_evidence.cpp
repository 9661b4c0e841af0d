// The report as a document, and evidence: written, and checked by somebody who has only the log's
// key.
#include "apps/monitor_state.hpp"
#include "base/limits.hpp"
#include "record/checkpoint.hpp"

#include <fmt/format.h>

namespace comity::apps {

namespace {

json::Array lines(const std::vector<std::string>& list) {
    json::Array out;
    for (const auto& line : list)
        out.emplace_back(line);
    return out;
}

constexpr std::array<record::Duty, 3> duties{
    record::Duty::notice, record::Duty::deletion, record::Duty::authorisation};
constexpr std::array<record::Ending, 4> endings{
    record::Ending::done, record::Ending::extended, record::Ending::lifted, record::Ending::lapsed};

json::Object describe_owed(const RecordReport& report) {
    json::Object out;
    for (const auto duty : duties) {
        json::Object counts;
        std::int64_t open = 0;
        for (const auto& [index, item] : report.obligations.open())
            if (item.duty == duty) ++open;
        counts["open"] = open;
        for (const auto ending : endings)
            counts[record::name_of(ending)] =
                static_cast<std::int64_t>(report.obligations.ended(duty, ending));
        out[record::name_of(duty)] = std::move(counts);
    }
    return out;
}

json::Object describe_record(const RecordReport& report, Instant date) {
    json::Array overdue;
    for (const auto& item : report.overdue)
        overdue.emplace_back(json::Object{
            {"leaf", static_cast<std::int64_t>(item.index)},
            {"duty", record::name_of(item.duty)},
            {"day", day_text(item.day)},
            {"days", std::chrono::duration_cast<std::chrono::days>(
                         std::chrono::floor<std::chrono::days>(date) -
                         std::chrono::floor<std::chrono::days>(item.day))
                         .count()},
            {"extensions", static_cast<std::int64_t>(item.extensions)}});
    json::Object leaves;
    for (std::size_t i = 0; i < report.leaves.size(); ++i)
        leaves[record::name_of(static_cast<record::Leaf::Kind>(i))] =
            static_cast<std::int64_t>(report.leaves[i]);
    json::Object out{
        {"name", report.name},
        {"country", report.country},
        {"origin", report.origin},
        {"size", static_cast<std::int64_t>(report.size)},
        {"known", static_cast<std::int64_t>(report.known)},
        {"cosigned_by", lines(report.cosigned_by)},
        {"leaves", std::move(leaves)},
        {"obligations", describe_owed(report)},
        {"overdue", std::move(overdue)},
        {"problems", lines(report.problems)},
        {"remarks", lines(report.remarks)}};
    if (report.newest_cosignature) out["newest_cosignature"] = to_text(*report.newest_cosignature);
    return out;
}

Result<Evidence> read_evidence(BytesView file) {
    constexpr std::size_t bytes_max = 4 * limits::note_bytes;
    TRY(const auto object, json::parse_object(file, bytes_max));
    json::Reader in{object, "evidence"};
    Evidence out;
    const auto version = in.string("comity");
    out.kind = in.string("kind");
    out.origin = in.string("origin");
    out.text = in.string("text");
    out.first = in.string("first");
    out.second = in.string_if("second").value_or("");
    const auto prefix = in.string_if("prefix_root");
    const auto path = in.strings_if("path");
    in.string_if("found");
    TRY_VOID(in.done());
    if (version != "monitor-evidence/1" || path.size() > limits::proof_hashes)
        return refuse(Code::proof_malformed, "not a monitor's evidence");
    const auto digest = [](const std::string& text) {
        return digest_from_text(text);
    };
    if (prefix) {
        out.prefix_root = digest(*prefix);
        if (!out.prefix_root) return refuse(Code::proof_malformed, "prefix_root is no hash");
    }
    for (const auto& line : path) {
        const auto hash = digest(line);
        if (!hash) return refuse(Code::proof_malformed, "path holds what is no hash");
        out.path.push_back(*hash);
    }
    return out;
}

} // namespace

json::Object describe(const Evidence& evidence) {
    json::Object out{
        {"comity", "monitor-evidence/1"},
        {"kind", evidence.kind},
        {"origin", evidence.origin},
        {"text", evidence.text},
        {"first", evidence.first}};
    if (!evidence.second.empty()) out["second"] = evidence.second;
    if (evidence.prefix_root) {
        out["prefix_root"] = text(*evidence.prefix_root);
        json::Array path;
        for (const auto& hash : evidence.path)
            path.emplace_back(text(hash));
        out["path"] = std::move(path);
    }
    return out;
}

json::Object describe(const MonitorReport& report, const MonitorOptions& options) {
    json::Array records;
    for (const auto& item : report.records)
        records.emplace_back(describe_record(item, options.date));
    json::Object overdue;
    for (const auto& [where, counts] : report.overdue) {
        json::Object row;
        for (const auto duty : duties)
            row[record::name_of(duty)] =
                static_cast<std::int64_t>(counts[static_cast<std::size_t>(duty)]);
        overdue[where] = std::move(row);
    }
    json::Array files;
    for (const auto& path : report.evidence_files)
        files.emplace_back(path.string());
    return {{"comity", "monitor-report/1"},   {"time", to_text(options.now)},
            {"date", day_text(options.date)}, {"clean", report.is_clean()},
            {"overdue", std::move(overdue)},  {"records", std::move(records)},
            {"evidence", std::move(files)}};
}

Result<std::string> check_evidence(BytesView file, const record::VerifierKey& log) {
    TRY(const auto evidence, read_evidence(file));
    TRY(const auto first, record::open_checkpoint(evidence.first, log));
    if (evidence.second.empty())
        return refuse(
            Code::proof_wrong,
            "one checkpoint alone contradicts nothing; compare it with what the record serves");
    TRY(const auto second, record::open_checkpoint(evidence.second, log));
    const auto& a = first.checkpoint;
    const auto& b = second.checkpoint;
    if (a.size == b.size && a.root != b.root)
        return fmt::format(
            "{} signed two roots over {} leaves: {} and {}", a.origin, a.size, text(a.root),
            text(b.root));
    if (a.size < b.size && evidence.prefix_root) {
        TRY_VOID(record::verify_consistency(
            a.size, b.size, evidence.path, *evidence.prefix_root, b.root));
        if (*evidence.prefix_root != a.root)
            return fmt::format(
                "{} signed {} over {} leaves, and {} leaves that do not begin with them", a.origin,
                text(a.root), a.size, b.size);
    }
    return refuse(Code::proof_wrong, "the two checkpoints do not contradict each other");
}

} // namespace comity::apps
