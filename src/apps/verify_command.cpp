// The command `verify`: reads what is named, and prints the verdict.
#include "apps/verify_files.hpp"
#include "base/fault.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

namespace comity::apps {

namespace {

json::Array lines(const std::vector<std::string>& list) {
    json::Array out;
    for (const auto& line : list)
        out.emplace_back(line);
    return out;
}

} // namespace

std::string one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    // Bytes that are no UTF-8 could not stand in the JSON form.
    if (!is_utf8(text))
        for (char& c : text)
            if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    return text;
}

void Findings::fail(std::string_view what, std::string_view problem) {
    verdict_.failures.push_back(one_line(fmt::format("{}: {}", what, problem)));
}

void Findings::fail_by(std::string_view what, const Refusal& refusal) {
    const auto facts = refusal.facts.text();
    fail(
        what, fmt::format(
                  "{}: {}", refusal.name(),
                  facts.empty() ? refusal_entry(refusal.code).what : std::string_view(facts)));
}

Bytes read_whole(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw Fault(fmt::format("cannot read {}", path.string()));
    Bytes out{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (in.bad()) throw Fault(fmt::format("cannot read {}", path.string()));
    return out;
}

int run_verify(
    std::string_view kind, const std::filesystem::path& path, const VerifyOptions& options,
    bool as_json) {
    const bool is_bundle = kind == "bundle";
    if (!is_bundle && kind != "record") {
        fmt::print(stderr, "verify: {} is neither bundle nor record\n", kind);
        return 2;
    }
    if (options.key.has_value() != options.certificate.has_value()) {
        fmt::print(stderr, "verify: a recipient's key is given together with its certificate\n");
        return 2;
    }
    if (is_bundle && options.key && !options.evidence) {
        fmt::print(
            stderr,
            "verify: the recipient's key opens evidence, so the directory of the evidence is given too\n");
        return 2;
    }
    Verdict verdict;
    if (is_bundle) {
        BundleOptions bundle{options.evidence, options.directory_hash, std::nullopt};
        if (options.key)
            bundle.recipient =
                RecipientKey{read_whole(*options.key), read_whole(*options.certificate)};
        verdict = verify_bundle(read_whole(path), bundle);
    } else {
        verdict = verify_record(path, {options.vkey, options.witnesses});
    }
    const bool genuine = verdict.failures.empty();
    if (as_json) {
        fmt::print(
            "{}", json::pretty(json::Object{
                      {"genuine", genuine},
                      {"failures", lines(verdict.failures)},
                      {"proved", lines(verdict.proved)}}));
    } else {
        for (const auto& line : genuine ? verdict.proved : verdict.failures)
            fmt::print("{}\n", line);
    }
    std::fflush(stdout);
    return genuine ? 0 : 1;
}

} // namespace comity::apps
