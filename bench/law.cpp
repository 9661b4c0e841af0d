// The law pack and its forms: loading, checking a complete request, splitting it, the gate's rules.
#include "assess/assess.hpp"
#include "base/limits.hpp"
#include "bench.hpp"
#include "crypto/hash.hpp"
#include "law/pack.hpp"

#include <filesystem>

namespace comity::bench {

namespace {

const std::filesystem::path directory = std::filesystem::path(COMITY_SOURCE_DIR) / "law";

law::Pack load() {
    return law::Pack::load(directory, [](BytesView bytes) { return crypto::sha256(bytes); })
        .value();
}

std::string example_text() {
    std::ifstream in(directory / "examples/request.json", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void timed(
    const std::string& name, int rounds, const std::string& note,
    const std::function<void()>& work) {
    const double each = seconds([&] {
                            for (int i = 0; i < rounds; ++i)
                                work();
                        }) /
                        rounds;
    report({name, each * 1e6, "us", 0, 0, note});
}

} // namespace

COMITY_BENCH(law) {
    timed("law.load", 10, "every file read, parsed, linted and hashed", [] { keep(load()); });
    const auto pack = load();
    const auto text = example_text();
    const auto example = json::parse_object(text, limits::law_file_bytes).value();
    const auto& fields = example.at("fields").as_object();
    const law::Form& form = *pack.form("request");
    timed(
        "law.parse", 2000,
        std::to_string(text.size()) + " bytes of request, beside which the check stands",
        [&] { keep(json::parse_object(text, limits::law_file_bytes)); });
    timed("law.validate", 2000, "the complete request", [&] { keep(form.validate(fields)); });
    timed("law.validate_side", 2000, "as the provider sees it: every field refused", [&] {
        keep(form.validate(fields, "provider"));
    });
    timed("law.split_merge", 2000, "into parts by audience and back", [&] {
        keep(law::merge(form, law::split(form, fields)));
    });
    assess::Context context;
    context.today = instant_from("2026-03-06T09:00:00Z").value();
    context.fields = &fields;
    timed("assess.admit_request", 2000, "three rows", [&] {
        keep(assess::admit("request", context));
    });
}

} // namespace comity::bench
