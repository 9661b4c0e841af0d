// Reading a request or a case from a file, assessing it, and comparing.
#include "assess/case_file.hpp"

#include <fmt/format.h>

namespace comity::assess {

namespace {

using json::Reader;

Validity validity_from(Reader& in, std::string_view name, Validity otherwise) {
    const auto text = in.string_if(name);
    if (!text) return otherwise;
    if (*text == "valid") return Validity::valid;
    if (*text == "expired") return Validity::expired;
    if (*text == "missing") return Validity::missing;
    in.complain(name, say("is valid, expired or missing"));
    return otherwise;
}

std::optional<Instant> day_in(Reader& in, std::string_view name, std::optional<Instant> otherwise) {
    const auto text = in.string_if(name);
    if (!text) return otherwise;
    const auto day = day_from(*text);
    if (!day) in.complain(name, say("is a day, as 2026-03-02"));
    return day;
}

// What a case leaves out of its directory is as it should be; a case is about what it changes.
Facts good_facts(const CaseFile& file) {
    Facts out;
    out.recipient_key = Validity::valid;
    out.training = Validity::valid;
    out.authoriser = Authoriser{"court", true, true};
    if (file.route == Route::extraordinary)
        out.ceiling = Facts::Ceiling{0, 20, add(file.date, Period{.years = 1})};
    return out;
}

Result<Facts> read_directory(const json::Object& object, Facts out) {
    Reader in(object, "directory");
    out.recipient_key = validity_from(in, "recipient_key", out.recipient_key);
    out.training = validity_from(in, "training", out.training);
    if (auto kind = in.string_if("authoriser")) out.authoriser = Authoriser{*kind, true, true};
    out.duplicate_pending = in.boolean_or("duplicate", false);
    const auto used = in.integer_if("used");
    const auto most = in.integer_if("ceiling");
    const auto sunset = day_in(in, "sunset", out.ceiling ? out.ceiling->sunset : std::nullopt);
    if (used || most || sunset) {
        auto ceiling = out.ceiling.value_or(Facts::Ceiling{});
        ceiling.used = used.value_or(ceiling.used);
        ceiling.ceiling = most.value_or(ceiling.ceiling);
        ceiling.sunset = sunset;
        out.ceiling = ceiling;
    }
    TRY_VOID(in.done());
    return out;
}

Result<void> read_parties(Reader& in, CaseFile& out, std::optional<Instant> otherwise) {
    const auto route = route_from(in.string("route"));
    if (!route) in.complain("route", say("is mla, emergency or extraordinary"));
    out.route = route.value_or(Route::mla);
    out.parties.requesting = in.string("requesting");
    out.parties.requested = in.string("requested");
    out.parties.third = in.strings_if("third");
    const auto date = day_in(in, "date", otherwise);
    if (!date) in.complain("date", say("is missing"));
    out.date = date.value_or(Instant{});
    return {};
}

Result<CaseFile> read_whole(const json::Object& object, Instant today) {
    CaseFile out;
    Reader in(object, "request file");
    TRY_VOID(read_parties(in, out, today));
    out.fields = in.object("request");
    const auto* directory = in.object_if("directory");
    TRY_VOID(in.done());
    if (directory) {
        TRY(out.facts, read_directory(*directory, {}));
    }
    return out;
}

Result<void> read_expectations(Reader& in, CaseFile& out) {
    for (const auto& member : in.object("expect"))
        if (member.value().is_string())
            out.expect.emplace(member.key(), member.value().as_string());
    for (const auto& member : in.object("conclusion"))
        if (member.value().is_string())
            out.conclusion.emplace(member.key(), member.value().as_string());
    for (const auto& member : in.object("admitted"))
        if (member.value().is_bool()) out.admitted.emplace(member.key(), member.value().as_bool());
    return {};
}

} // namespace

json::Value merge_patch(json::Value target, const json::Value& patch) {
    if (!patch.is_object()) return patch;
    if (!target.is_object()) target = json::Object{};
    auto& object = target.as_object();
    for (const auto& member : patch.as_object()) {
        if (member.value().is_null()) {
            object.erase(member.key());
            continue;
        }
        const auto* present = object.if_contains(member.key());
        // As deep as the parser lets a document be (limits::json_depth).
        object[member.key()] = merge_patch(present ? *present : json::Value{}, member.value());
    }
    return target;
}

Result<CaseFile> read_case_file(const json::Object& object, const BaseFields& base, Instant today) {
    if (object.contains("request")) return read_whole(object, today);
    CaseFile out;
    Reader in(object, "case file");
    out.id = in.string("id");
    const auto& title = in.object("title");
    Reader titles(title, "title");
    out.title = {titles.string("en"), titles.string("fr"), {}};
    TRY_VOID(titles.done());
    TRY_VOID(read_parties(in, out, std::nullopt));
    const auto base_name = in.string("base");
    const auto& change = in.object("change");
    const auto* directory = in.object_if("directory");
    TRY_VOID(read_expectations(in, out));
    out.why = in.string("why");
    TRY_VOID(in.done());
    TRY(auto fields, base(base_name));
    out.fields = merge_patch(std::move(fields), change).as_object();
    out.facts = good_facts(out);
    if (directory) {
        TRY(out.facts, read_directory(*directory, out.facts));
    }
    return out;
}

Assessment assess_case(const law::Library& library, const law::Form& form, const CaseFile& file) {
    const auto request = read_request(file.fields);
    const auto rules = rules_of(
        library, {request, file.route, file.parties.requesting, file.parties.requested, file.date});
    const auto problems = form.problems(file.fields);
    return assess({request, file.route, file.parties, rules, file.facts, file.date, problems});
}

bool could_go_on(std::string_view act, const Assessment& assessment) {
    std::vector<Answer> all;
    for (const auto& info : test_table())
        all.push_back({info.id, "A person decided this and gave reasons."});
    return admissible(act, assessment, all).has_value();
}

std::vector<std::string> differences(const CaseFile& file, const Assessment& assessment) {
    std::vector<std::string> out;
    for (const auto& [test, outcome] : file.expect) {
        const auto* finding = assessment.find(test);
        if (!finding) {
            out.push_back(fmt::format("{} is expected and is no test of this route", test));
            continue;
        }
        if (name(finding->outcome) == outcome) continue;
        std::string because;
        for (const auto& fact : finding->because)
            because += fmt::format("\n      {} [{}]", fact.text.text(), fact.where);
        out.push_back(fmt::format(
            "{} is {}, expected {}:{}", test, name(finding->outcome), outcome, because));
    }
    for (const auto& finding : assessment.findings)
        if (!file.expect.empty() && !file.expect.contains(finding.test))
            out.push_back(fmt::format("{} is not mentioned", finding.test));
    for (const auto& [country, conclusion] : file.conclusion) {
        const auto* row = assessment.connection.find(country);
        const auto tie = name(row ? row->conclusion : Tie::not_shown);
        if (tie != conclusion)
            out.push_back(fmt::format("{} is {}, expected {}", country, tie, conclusion));
    }
    for (const auto& [act, expected] : file.admitted) {
        const bool goes = could_go_on(act, assessment);
        if (goes != expected)
            out.push_back(fmt::format(
                "{} {} go on, expected {}", act, goes ? "can" : "cannot",
                expected ? "that it can" : "that it cannot"));
    }
    return out;
}

} // namespace comity::assess
