// The whole assessment of a request: read from its parsed fields, the law drawn, every test asked,
// the table of countries made. Beside it the same with the form's schema, which the gate has asked
// in a step of its own.
#include "assess/case_file.hpp"
#include "base/limits.hpp"
#include "bench.hpp"
#include "crypto/hash.hpp"

#include <filesystem>
#include <fstream>

namespace comity::bench {

namespace {

const std::filesystem::path directory = std::filesystem::path(COMITY_SOURCE_DIR) / "law";

json::Object example(const std::string& name) {
    std::ifstream in(directory / "examples" / (name + ".json"), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    return json::parse_object(text, limits::law_file_bytes).value().at("fields").as_object();
}

assess::CaseFile file_of(assess::Route route) {
    assess::CaseFile out;
    out.route = route;
    out.parties = {"XA", "XB", {}};
    if (route == assess::Route::extraordinary) out.parties.third = {"XC"};
    out.date = instant_from("2026-03-02T09:00:00Z").value();
    out.fields = example(std::string(out.form()));
    out.facts.recipient_key = assess::Validity::valid;
    out.facts.training = assess::Validity::valid;
    out.facts.authoriser = assess::Authoriser{"court", true, true};
    out.facts.ceiling = assess::Facts::Ceiling{3, 20, instant_from("2027-03-02T00:00:00Z")};
    return out;
}

void rate(const std::string& name, const std::string& note, const std::function<void()>& work) {
    constexpr int rounds = 5'000;
    const double taken = seconds([&] {
        for (int i = 0; i < rounds; ++i)
            work();
    });
    report({name, rounds / taken, "/s", 0, 0, note});
}

assess::Assessment without_form(const law::Library& library, const assess::CaseFile& file) {
    const auto request = assess::read_request(file.fields);
    const auto rules = assess::rules_of(
        library, {request, file.route, file.parties.requesting, file.parties.requested, file.date});
    return assess::assess({request, file.route, file.parties, rules, file.facts, file.date, {}});
}

} // namespace

COMITY_BENCH(assess) {
    const auto pack =
        law::Pack::load(directory, [](BytesView bytes) { return crypto::sha256(bytes); }).value();
    const auto library = law::Library::make(pack).value();
    for (const auto route : {assess::Route::mla, assess::Route::extraordinary}) {
        const auto file = file_of(route);
        const auto& form = *pack.form(file.form());
        const std::string name = "assess." + std::string(assess::name(route));
        rate(name, "one core: request, law, findings, connection; as at the gate", [&] {
            keep(without_form(*library, file));
        });
        rate(name + "_with_form", "the same with the form's schema", [&] {
            keep(assess::assess_case(*library, form, file));
        });
    }
}

} // namespace comity::bench
