// Law packs: the pack of this checkout loads, the digest covers each byte and each path, and what
// is broken is named. The hash is an argument; a simple one serves here.
#include "base/fault.hpp"
#include "law/pack.hpp"
#include "support/law_files.hpp"

#include <algorithm>
#include <random>
#include <set>

using namespace comity;
using namespace comity::law;

namespace {

// Four FNV-1a runs with different starts: not secure, but every byte and its place counts.
Digest test_hash(BytesView bytes) {
    Digest out{};
    for (std::size_t lane = 0; lane < 4; ++lane) {
        std::uint64_t state = 14695981039346656037ULL + lane * 0x9E3779B97F4A7C15ULL;
        for (const char c : bytes)
            state = (state ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
        for (std::size_t i = 0; i < 8; ++i)
            out[lane * 8 + i] = static_cast<std::uint8_t>(state >> (i * 8));
    }
    return out;
}

using Files = std::map<std::string, Bytes, std::less<>>;

Files real_files() {
    return Pack::load(test::law_directory(), test_hash).value().files();
}

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

void refused(Files files, Code code, std::string_view part) {
    const auto pack = Pack::from_files(std::move(files), test_hash);
    REQUIRE_MESSAGE(!pack, part);
    CHECK(pack.error().code == code);
    CHECK_MESSAGE(holds(pack.error().facts.text(), part), pack.error().facts.text());
}

} // namespace

TEST_CASE("the law pack of this checkout loads: every act's form is there, every form is used") {
    const auto pack = Pack::load(test::law_directory(), test_hash);
    REQUIRE_MESSAGE(pack, (pack ? "" : pack.error().text()));
    CHECK(pack->digest().size() == 43);
    CHECK(pack->procedures() == std::vector<std::string>{"emergency", "extraordinary", "mla"});
    std::set<std::string> used;
    for (const auto& id : pack->procedures()) {
        const auto procedure = json::parse_object(*pack->procedure_text(id), 1 << 20).value();
        for (const auto& act : procedure.at("acts").as_object())
            if (const auto* form = act.value().as_object().if_contains("form")) {
                used.emplace(form->as_string());
                CHECK(pack->form(form->as_string()));
            }
    }
    const auto forms = pack->forms();
    CHECK(std::set<std::string>(forms.begin(), forms.end()) == used);
    CHECK(pack->data("offences.json"));
    CHECK(pack->data("profiles/fr.json"));
    CHECK_FALSE(pack->data("examples/request.json"));
    CHECK_FALSE(pack->procedure_text("none"));
    CHECK_FALSE(pack->form("none"));
    for (const auto& [path, content] : pack->files())
        CHECK(path.ends_with(".json"));
}

TEST_CASE("dates that a procedure counts from are instants that the form requires") {
    const auto pack = Pack::load(test::law_directory(), test_hash).value();
    std::size_t seen = 0;
    for (const auto& id : pack.procedures()) {
        const auto procedure = json::parse_object(*pack.procedure_text(id), 1 << 20).value();
        for (const auto& relation : procedure.at("relations").as_array()) {
            const auto* until = relation.as_object().if_contains("until");
            if (!until) continue;
            ++seen;
            const auto& act = relation.at("from").as_array()[0].as_string();
            const auto* form = pack.form(procedure.at("acts").at(act).at("form").as_string());
            const auto* field = form->field(until->as_string());
            REQUIRE(field);
            CHECK(field->required);
            CHECK(form->schema().at("properties").at(field->name).at("format") == "date-time");
            CHECK(
                std::find(field->audience.begin(), field->audience.end(), "requested") !=
                field->audience.end());
        }
    }
    CHECK(seen == 12);
}

TEST_CASE(
    "the digest changes with each byte, path and file, and not with prose, examples or cases") {
    const auto files = real_files();
    const auto digest = Pack::from_files(files, test_hash).value().digest();
    CHECK(Pack::load(test::law_directory(), test_hash).value().digest() == digest);
    auto changed = files;
    changed["offences.json"] += "\n";
    CHECK(Pack::from_files(changed, test_hash).value().digest() != digest);
    changed = files;
    changed["offences2.json"] = changed["offences.json"];
    const auto added = Pack::from_files(changed, test_hash).value().digest();
    CHECK(added != digest);
    changed.erase("offences.json");
    CHECK(Pack::from_files(changed, test_hash).value().digest() != digest);
    CHECK(Pack::from_files(changed, test_hash).value().digest() != added);

    namespace fs = std::filesystem;
    const fs::path copy =
        fs::temp_directory_path() / ("comity-law-" + std::to_string(std::random_device{}()));
    fs::copy(test::law_directory(), copy, fs::copy_options::recursive);
    for (const char* ignored :
         {"README.md", "CHANGELOG.md", "examples/request.json", "cases/ongoing-intrusion.json",
          "profiles/README.md"}) {
        fs::permissions(copy / ignored, fs::perms::owner_write, fs::perm_options::add);
        std::ofstream(copy / ignored, std::ios::app) << "more\n";
    }
    CHECK(Pack::load(copy, test_hash).value().digest() == digest);
    fs::permissions(copy / "profiles", fs::perms::owner_write, fs::perm_options::add);
    std::ofstream(copy / "profiles" / "zz.json") << "{}";
    CHECK(Pack::load(copy, test_hash).value().digest() != digest);
    fs::remove_all(copy);
}

TEST_CASE(
    "the digest is the hash over the domain tag, and each path with its length and its file's hash") {
    const Files files{{"a.json", "{}"}, {"b/c.json", "{\"x\":1}"}};
    Bytes list = "comity law pack v1\n";
    for (const auto& [path, content] : files) {
        put_be32(list, static_cast<std::uint32_t>(path.size()));
        list += path + std::string(view(test_hash(content)));
    }
    CHECK(Pack::from_files(files, test_hash).value().digest() == text(test_hash(list)));
}

TEST_CASE("what is broken is refused with file and place") {
    auto files = real_files();
    files["offences.json"] = "{\"records\": [1, 2,]}";
    refused(files, Code::law_malformed, "offences.json, at byte 18");
    files = real_files();
    files["profiles/fr.json"] = "[]";
    refused(files, Code::law_malformed, "profiles/fr.json, the document is not an object");
    files = real_files();
    files["volumes.json"] = "{\"a\":1,\"a\":2}";
    refused(files, Code::law_malformed, "volumes.json, at byte");
    files = real_files();
    files["volumes.json"] = "{\"a\":1.5}";
    refused(files, Code::law_malformed, "volumes.json, at byte");
    files = real_files();
    files["forms/open.json"].resize(100);
    refused(files, Code::form_schema_malformed, "forms/open.json: at byte");
    files = real_files();
    files["forms/other.json"] = files["forms/open.json"];
    refused(
        files, Code::form_schema_malformed, "forms/other.json: \"x-id\" is not the file's name");
    files = real_files();
    files.erase("forms/open.json");
    refused(
        files, Code::procedure_malformed,
        "procedures/emergency.json: the act \"open\" has a form that is not in forms/");
    files = real_files();
    files["procedures/other.json"] = files["procedures/mla.json"];
    refused(
        files, Code::procedure_malformed, "procedures/other.json: \"id\" is not the file's name");
    files = real_files();
    files["procedures/x.json"] = "{\"id\":\"x\"}";
    refused(files, Code::procedure_malformed, "procedures/x.json: \"acts\" is missing");
}

TEST_CASE("a directory that is not there is refused") {
    const auto pack = Pack::load("/nowhere/law", test_hash);
    REQUIRE_FALSE(pack);
    CHECK(pack.error().code == Code::law_malformed);
}
