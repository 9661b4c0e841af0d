// Reads a request or a case, assesses it with a law pack, and prints it for a terminal of a hundred
// columns or as JSON.
#include "apps/assess_command.hpp"

#include "apps/now.hpp"
#include "apps/setup.hpp"
#include "assess/case_file.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

namespace comity::apps {

namespace {

constexpr std::size_t terminal_width = 100;

struct Assessed {
    assess::CaseFile file;
    assess::Assessment assessment;
    std::string law_pack;
};

Result<Assessed> read_and_assess(const AssessOptions& options) {
    const std::string law = options.law.empty() ? default_law_directory() : options.law;
    TRY(const auto text, read_file(options.file));
    TRY(const auto object, json::parse_object(text, limits::act_part_bytes));
    TRY(const auto pack, law::Pack::load(law, crypto::sha256));
    TRY(const auto library, law::Library::make(pack));
    const auto base = [&](std::string_view name) -> Result<json::Object> {
        // The name of a file of examples/, and nothing that leads elsewhere.
        if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") != std::string_view::npos)
            return refuse(Code::json_malformed, "case file: /base is no name of an example");
        const auto path = std::filesystem::path(law) / "examples" / (std::string(name) + ".json");
        TRY(const auto example, read_file(path));
        TRY(const auto whole, json::parse_object(example, limits::act_part_bytes));
        const auto* fields = whole.if_contains("fields");
        if (!fields || !fields->is_object())
            return refuse(Code::json_malformed, "the example has no fields");
        return fields->as_object();
    };
    const auto now = system_now();
    TRY(auto file, assess::read_case_file(object, base, now));
    const auto* form = pack.form(file.form());
    if (!form) return refuse(Code::form_unknown, std::string(file.form()));
    auto assessment = assess::assess_case(*library, *form, file);
    return Assessed{std::move(file), std::move(assessment), pack.digest()};
}

std::string words(assess::Outcome outcome) {
    switch (outcome) {
    case assess::Outcome::met: return "met";
    case assess::Outcome::needs_a_person: return "needs a person";
    case assess::Outcome::not_met: return "NOT MET";
    }
    return {};
}

// Wrapped at blanks, each line after `indent` blanks; the first begins with `label`.
void print_wrapped(std::string_view label, std::string_view text, std::size_t indent) {
    std::string line(label);
    line.resize(std::max(indent, line.size()), ' ');
    bool begun = false;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (begun && line.size() + 1 + word.size() > terminal_width) {
            fmt::print("{}\n", line);
            line.assign(indent, ' ');
            begun = false;
        }
        if (begun) line += ' ';
        line += word;
        begun = true;
    }
    fmt::print("{}\n", line);
}

void print_finding(const assess::Finding& finding, std::string_view title) {
    constexpr std::size_t indent = 22;
    print_wrapped(fmt::format("{:<4} {:<15}", finding.test, words(finding.outcome)), title, indent);
    const bool met = finding.outcome == assess::Outcome::met;
    std::size_t shown = 0;
    for (const auto& fact : finding.because) {
        if (met && shown == 1) break;
        print_wrapped("", fmt::format("{} [{}]", fact.text.text(), fact.where), indent);
        ++shown;
    }
    if (met) return;
    print_wrapped("          source:", finding.source, indent);
    print_wrapped("          to mend:", finding.mend().text(), indent);
}

void print_connection(const assess::Connection& connection) {
    constexpr std::array<std::string_view, assess::factor_count> heads{
        "place", "holder", "person", "victim", "conduct", "nationality"};
    fmt::print("\n{:<8}", "");
    for (const auto head : heads)
        fmt::print("{:<12}", head);
    fmt::print("{}\n", "shown");
    for (const auto& row : connection.rows) {
        fmt::print("{:<8}", row.country);
        for (std::size_t i = 0; i < assess::factor_count; ++i) {
            // What is said to be unknown is shown as such; what is not said is a dash.
            const bool said = !row.cells.at(i).empty();
            fmt::print("{:<12}", said ? name(row.standings.at(i)) : std::string_view("-"));
        }
        fmt::print("{}\n", name(row.conclusion));
    }
    fmt::print("\n");
    for (const auto& row : connection.rows)
        print_wrapped("", row.reason.text(), 0);
}

void print_text(const Assessed& of) {
    const auto& file = of.file;
    if (!file.title.en.empty()) print_wrapped("", file.title.en, 0);
    fmt::print(
        "{} asks {}, procedure {}, {}. Law pack {}.\n\n", file.parties.requesting,
        file.parties.requested, name(file.route), day_text(file.date), of.law_pack.substr(0, 12));
    std::size_t index = 0;
    for (const auto& finding : of.assessment.findings)
        print_finding(finding, assess::test_table()[index++].title);
    print_connection(of.assessment.connection);
    for (const auto& item : of.assessment.connection.concerned)
        print_wrapped(
            "",
            fmt::format(
                "{} is to be {}: {}.", item.country,
                file.route == assess::Route::extraordinary ? "told, with a right to object"
                                                           : "consulted",
                item.why.text()),
            0);
    const auto other = assess::differences(file, of.assessment);
    for (const auto& line : other)
        fmt::print("\nOtherwise than the file expects: {}\n", line);
    if (!file.why.empty()) {
        fmt::print("\n");
        print_wrapped("", file.why, 0);
    }
}

json::Value print_json(const Assessed& of) {
    auto out = assess::print_assessment(of.assessment);
    out["law_pack"] = of.law_pack;
    out["date"] = day_text(of.file.date);
    json::Array other;
    for (const auto& line : assess::differences(of.file, of.assessment))
        other.emplace_back(line);
    if (!of.file.expect.empty()) out["differences"] = std::move(other);
    return out;
}

// A file without a directory cannot say who authorises, whether a key is valid, or how many cases
// there were: the node looks at those before the act.
bool left_to_the_node(const assess::Finding& finding) {
    return finding.test == "F7" || finding.test == "F13" || finding.test == "E5";
}

bool stands(const assess::Assessment& assessment) {
    const bool nothing_open = assessment.route == assess::Route::extraordinary;
    return std::all_of(
        assessment.findings.begin(), assessment.findings.end(),
        [&](const assess::Finding& finding) {
            if (finding.outcome == assess::Outcome::not_met) return false;
            return finding.outcome == assess::Outcome::met || !nothing_open ||
                   left_to_the_node(finding);
        });
}

} // namespace

int assess(const AssessOptions& options) {
    const auto assessed = read_and_assess(options);
    if (!assessed) {
        fmt::print(stderr, "comity: {}\n", assessed.error().text());
        return 2;
    }
    if (options.json)
        fmt::print("{}", json::pretty(print_json(*assessed)));
    else
        print_text(*assessed);
    return stands(assessed->assessment) ? 0 : 1;
}

void add_assess(Command app, AssessOptions& options, std::function<int()>& run) {
    auto command = app.add_subcommand(
        "assess", "What the law says of a request in a file; exit status 0 if nothing is not met");
    command.add_option("file", options.file, "a request, or a case of law/cases").required();
    command.add_option("--law", options.law, "directory of the pack");
    command.add_flag("--json", options.json, "as JSON");
    command.callback([&] {
        run = [&options] {
            return assess(options);
        };
    });
}

} // namespace comity::apps
